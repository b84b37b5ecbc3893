-- A representative is known by name and the first day of the authorisation.
INSERT INTO judged_representatives (
    line, source_id, name, relationship, may_be_told, may_be_sent, may_decide, phone, address, city, state,
    postal_code, starts_on, ends_on, as_of, content, reason
)
WITH read AS (
    SELECT
        s.line, s.source_id, s.name, s.relationship, s.phone, s.address, s.city, upper(s.state) AS state, s.postal_code,
        s.ends_on AS end_text, regexp_split_to_array(btrim(lower(s.scope)), '\s+') AS scope,
        claims_to_date(s.starts_on) AS starts_on, claims_to_date(s.ends_on) AS ends_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_representatives s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
granted AS (
    SELECT
        r.*, 'told' = ANY (scope) AS may_be_told, 'sent' = ANY (scope) AS may_be_sent, 'decide' = ANY (scope) AS may_decide
    FROM read r
),
told AS (
    SELECT
        g.*,
        members_mandate_content(
            ends_on, may_be_told, may_be_sent, may_decide, relationship, phone, address, city, state, postal_code
        ) AS content
    FROM granted g
)
SELECT
    t.line, t.source_id, t.name, t.relationship, t.may_be_told, t.may_be_sent, t.may_decide, t.phone, t.address,
    t.city, t.state, t.postal_code, t.starts_on, t.ends_on, t.as_of, t.content,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN t.name = '' THEN 'no name'
        WHEN length(t.name) > 120 THEN 'the name is too long'
        WHEN length(t.relationship) > 60 THEN 'the relationship is too long'
        WHEN scope = '{}' OR NOT scope <@ ARRAY['told', 'sent', 'decide'] THEN 'no known scope (told, sent, decide)'
        WHEN length(t.phone) > 20 THEN 'the phone number is too long'
        WHEN length(t.address) > 200 THEN 'the address is too long'
        WHEN length(t.city) > 80 THEN 'the name of the town is too long'
        WHEN length(t.state) > 2 THEN 'the state is not two letters'
        WHEN length(t.postal_code) > 10 THEN 'the postal code is too long'
        WHEN t.starts_on IS NULL THEN 'no valid first day'
        WHEN end_text <> '' AND t.ends_on IS NULL THEN 'no valid last day'
        WHEN t.ends_on < t.starts_on THEN 'ends before it starts'
        WHEN t.as_of IS NULL THEN 'no valid day of the facts'
        WHEN (known.as_of, known.content) >= (t.as_of, t.content) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY source_id, t.name, t.starts_on, t.content, t.as_of ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM told t
LEFT JOIN LATERAL (
    SELECT
        r.as_of,
        members_mandate_content(
            r.ends_on, r.may_be_told, r.may_be_sent, r.may_decide, r.relationship, r.phone, r.address, r.city, r.state,
            r.postal_code
        ) AS content
    FROM members_representative r
    WHERE r.member_id = t.member_id AND r.name = t.name AND r.starts_on = t.starts_on
) known ON true;
