-- Each contact point is kept with the last day on which it was told; the newest of a kind is the one to use.
INSERT INTO members_contactpoint AS known (plan_id, member_id, kind, value, city, state, postal_code, source, as_of)
SELECT DISTINCT ON (owner.member_id, j.kind, j.value, j.city, j.state, j.postal_code)
    %(plan)s, owner.member_id, j.kind, j.value, j.city, j.state, j.postal_code, j.source, j.as_of
FROM judged_contacts j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.kind, j.value, j.city, j.state, j.postal_code, j.as_of DESC, j.source COLLATE "C" DESC
ON CONFLICT (member_id, kind, value, city, state, postal_code) DO UPDATE SET
    source = excluded.source, as_of = excluded.as_of
WHERE (excluded.as_of, excluded.source COLLATE "C") > (known.as_of, known.source COLLATE "C");

WITH newest AS (
    SELECT DISTINCT ON (member_id, kind) member_id, kind, value, city, state, postal_code
    FROM members_contactpoint
    WHERE member_id IN (
        SELECT owner.member_id
        FROM judged_contacts j
        JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
        WHERE j.reason IS NULL
    )
    ORDER BY
        member_id, kind, as_of DESC, value COLLATE "C" DESC, city COLLATE "C" DESC, state DESC, postal_code DESC
),
of_member AS (
    SELECT
        member_id,
        max(value) FILTER (WHERE kind = 'phone') AS phone,
        max(value) FILTER (WHERE kind = 'email') AS email,
        max(value) FILTER (WHERE kind = 'address') AS address,
        max(city) FILTER (WHERE kind = 'address') AS city,
        max(state) FILTER (WHERE kind = 'address') AS state,
        max(postal_code) FILTER (WHERE kind = 'address') AS postal_code
    FROM newest
    GROUP BY member_id
)
UPDATE members_member m
SET phone = coalesce(n.phone, m.phone),
    email = coalesce(n.email, m.email),
    address = coalesce(n.address, m.address),
    city = coalesce(n.city, m.city),
    state = coalesce(n.state, m.state),
    postal_code = coalesce(n.postal_code, m.postal_code)
FROM of_member n
WHERE m.id = n.member_id;
