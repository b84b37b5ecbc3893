INSERT INTO members_representative (
    plan_id, member_id, name, relationship, may_be_told, may_be_sent, may_decide, phone, address, city, state, postal_code,
    starts_on, as_of
)
SELECT DISTINCT ON (owner.member_id, j.name, j.starts_on)
    %(plan)s, owner.member_id, j.name, '', true, true, true, '', '', '', '', '', j.starts_on, j.as_of
FROM judged_representatives j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.name, j.starts_on, j.as_of DESC
ON CONFLICT (member_id, name, starts_on) DO NOTHING;

-- Of each fact the newest holds, as with members.
WITH told AS (
    SELECT
        owner.member_id, j.name, j.starts_on, max(j.as_of) AS as_of,
        max((j.as_of || scope) COLLATE "C") FILTER (WHERE scope <> '') AS scope,
        max((j.as_of || relationship) COLLATE "C") FILTER (WHERE relationship <> '') AS relationship,
        max((j.as_of || phone) COLLATE "C") FILTER (WHERE phone <> '') AS phone,
        max((j.as_of || place) COLLATE "C") FILTER (WHERE place <> '') AS place,
        max((j.as_of || ends_on) COLLATE "C") FILTER (WHERE ends_on <> '') AS ends_on
    FROM judged_representatives j
    JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
    WHERE j.reason IS NULL
    GROUP BY owner.member_id, j.name, j.starts_on
),
newest AS (
    SELECT
        r.id, greatest(r.as_of, told.as_of) AS as_of,
        members_newest(
            r.told_on, 'scope', members_scope(r.may_be_told, r.may_be_sent, r.may_decide), told.scope
        ) AS scope,
        members_newest(
            r.told_on, 'relationship', members_told(r.told_on, 'relationship', r.relationship), told.relationship
        ) AS relationship,
        members_newest(r.told_on, 'phone', members_told(r.told_on, 'phone', r.phone), told.phone) AS phone,
        members_newest(
            r.told_on, 'address',
            members_told(r.told_on, 'address', members_place(r.address, r.city, r.state, r.postal_code)), told.place
        ) AS place,
        members_newest(r.told_on, 'ends_on', members_told(r.told_on, 'ends_on', r.ends_on::text), told.ends_on) AS ends_on
    FROM told
    JOIN members_representative r ON r.member_id = told.member_id AND r.name = told.name AND r.starts_on = told.starts_on
),
parted AS (SELECT n.*, nullif(substr(place, 11), 'none')::jsonb AS lines FROM newest n)
UPDATE members_representative r
SET may_be_told = substr(n.scope, 11, 1) = '0',
    may_be_sent = substr(n.scope, 12, 1) = '0',
    may_decide = substr(n.scope, 13, 1) = '0',
    relationship = coalesce(nullif(substr(n.relationship, 11), 'none'), ''),
    phone = coalesce(nullif(substr(n.phone, 11), 'none'), ''),
    address = coalesce(lines ->> 0, ''), city = coalesce(lines ->> 1, ''), state = coalesce(lines ->> 2, ''),
    postal_code = coalesce(lines ->> 3, ''),
    ends_on = nullif(substr(n.ends_on, 11), 'none')::date,
    as_of = n.as_of,
    told_on = jsonb_strip_nulls(jsonb_build_object(
        'scope', left(n.scope, 10), 'relationship', left(n.relationship, 10), 'phone', left(n.phone, 10),
        'address', left(n.place, 10), 'ends_on', left(n.ends_on, 10)
    ))
FROM parted n
WHERE r.id = n.id;
