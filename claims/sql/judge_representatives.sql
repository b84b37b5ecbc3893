-- A representative is known by name and the first day of the authorisation; of each fact the newest holds, and none says
-- that there is none.
INSERT INTO judged_representatives (
    line, source_id, name, relationship, scope, phone, place, starts_on, ends_on, as_of, reason
)
WITH said AS (
    SELECT
        s.line, s.source_id, s.name, s.phone, s.address, s.city, upper(s.state) AS state, s.postal_code,
        CASE WHEN lower(s.relationship) = 'none' THEN 'none' ELSE s.relationship END AS relationship,
        lower(s.ends_on) AS end_text, regexp_split_to_array(btrim(lower(s.scope)), '\s+') AS words,
        claims_to_date(s.starts_on) AS starts_on, claims_to_date(s.ends_on) AS end_day,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_representatives s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
told AS (
    SELECT
        said.*, CASE WHEN lower(phone) = 'none' THEN 'none' ELSE phone END AS number,
        members_place(address, city, state, postal_code) AS place, coalesce(end_day::text, end_text) AS ends_on,
        members_scope('told' = ANY (words), 'sent' = ANY (words), 'decide' = ANY (words)) AS scope
    FROM said
)
SELECT
    t.line, t.source_id, t.name, t.relationship, t.scope, t.number, t.place, t.starts_on, t.ends_on, t.as_of,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN t.name = '' THEN 'no name'
        WHEN length(t.name) > 120 THEN 'the name is too long'
        WHEN length(t.relationship) > 60 THEN 'the relationship is too long'
        WHEN NOT words <@ ARRAY['told', 'sent', 'decide'] THEN 'no known scope (told, sent, decide)'
        WHEN length(number) > 20 THEN 'the phone number is too long'
        WHEN number NOT IN ('', 'none') AND number !~ '([0-9][^0-9]*){7}' THEN 'no valid phone number'
        WHEN length(t.address) > 200 THEN 'the address is too long'
        WHEN length(t.city) > 80 THEN 'the name of the town is too long'
        WHEN length(t.state) > 2 THEN 'the state is not two letters'
        WHEN length(t.postal_code) > 10 THEN 'the postal code is too long'
        WHEN t.starts_on IS NULL THEN 'no valid first day'
        WHEN end_text NOT IN ('', 'none') AND end_day IS NULL THEN 'no valid last day'
        WHEN end_day < t.starts_on THEN 'ends before it starts'
        WHEN t.as_of IS NULL THEN 'no valid day of the facts'
        WHEN t.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN known.id IS NOT NULL AND NOT (
            members_is_news(
                known.told_on, 'scope', members_scope(known.may_be_told, known.may_be_sent, known.may_decide), t.as_of, t.scope
            )
            OR members_is_news(
                known.told_on, 'relationship', members_told(known.told_on, 'relationship', known.relationship), t.as_of,
                t.relationship
            )
            OR members_is_news(known.told_on, 'phone', members_told(known.told_on, 'phone', known.phone), t.as_of, t.number)
            OR members_is_news(
                known.told_on, 'address', members_told(
                    known.told_on, 'address', members_place(known.address, known.city, known.state, known.postal_code)
                ), t.as_of, t.place
            )
            OR members_is_news(
                known.told_on, 'ends_on', members_told(known.told_on, 'ends_on', known.ends_on::text), t.as_of, t.ends_on
            )
        ) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY
                source_id, t.name, t.starts_on, t.scope, t.relationship, t.number, t.place, t.ends_on, t.as_of
            ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM told t
LEFT JOIN members_representative known ON known.member_id = t.member_id AND known.name = t.name
    AND known.starts_on = t.starts_on;
