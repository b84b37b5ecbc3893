-- A contact point is a duplicate when it was told before as of that day or a later one.
INSERT INTO judged_contacts (line, source_id, kind, value, city, state, postal_code, source, as_of, reason)
WITH read AS (
    SELECT
        s.line, s.source_id, lower(s.kind) AS kind, s.value,
        CASE WHEN lower(s.kind) = 'address' THEN s.city ELSE '' END AS city,
        CASE WHEN lower(s.kind) = 'address' THEN upper(s.state) ELSE '' END AS state,
        CASE WHEN lower(s.kind) = 'address' THEN s.postal_code ELSE '' END AS postal_code,
        coalesce(nullif(s.source, ''), (SELECT feed FROM claims_loadfile WHERE id = %(file)s)) AS source,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_contacts s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
)
SELECT
    r.line, r.source_id, r.kind, r.value, r.city, r.state, r.postal_code, r.source, r.as_of,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN r.kind NOT IN ('phone', 'email', 'address') THEN 'no known kind of contact'
        WHEN r.value = '' AND r.city = '' AND r.postal_code = '' THEN 'no contact'
        WHEN r.kind = 'phone' AND length(r.value) > 20 THEN 'the phone number is too long'
        WHEN r.kind = 'phone' AND r.value !~ '([0-9][^0-9]*){7}' THEN 'no valid phone number'
        WHEN r.kind = 'email' AND (length(r.value) > 200 OR r.value !~ '^[^@ ]+@[^@ ]+$') THEN 'no valid e-mail address'
        WHEN length(r.value) > 200 THEN 'the address is too long'
        WHEN length(r.city) > 80 THEN 'the name of the town is too long'
        WHEN length(r.state) > 2 THEN 'the state is not two letters'
        WHEN length(r.postal_code) > 10 THEN 'the postal code is too long'
        WHEN length(r.source) > 40 THEN 'the source is too long'
        WHEN r.as_of IS NULL THEN 'no valid day of the facts'
        WHEN r.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN (known.as_of, known.source COLLATE "C") >= (r.as_of, r.source COLLATE "C") THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY source_id, r.kind, r.value, r.city, r.state, r.postal_code, r.source, r.as_of ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM read r
LEFT JOIN members_contactpoint known ON known.member_id = r.member_id AND known.kind = r.kind AND known.value = r.value
    AND known.city = r.city AND known.state = r.state AND known.postal_code = r.postal_code;
