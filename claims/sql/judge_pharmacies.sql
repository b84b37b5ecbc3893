-- A pharmacy is a duplicate when nothing newer is told than what is known.
INSERT INTO judged_pharmacies (line, npi, name, phone, as_of, reason)
WITH read AS (
    SELECT
        s.line, s.npi, s.name, s.phone,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        row_number() OVER (PARTITION BY s.npi, s.name, s.phone, s.as_of ORDER BY s.line) AS copy
    FROM stage_pharmacies s
)
SELECT
    r.line, r.npi, r.name, r.phone, r.as_of,
    CASE
        WHEN r.npi !~ '^[0-9]{10}$' THEN 'no valid NPI'
        WHEN length(r.name) > 120 THEN 'the name is too long'
        WHEN length(r.phone) > 20 THEN 'the phone number is too long'
        WHEN r.phone <> '' AND r.phone !~ '([0-9][^0-9]*){7}' THEN 'no valid phone number'
        WHEN r.as_of IS NULL THEN 'no valid day of the facts'
        WHEN r.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN copy > 1 THEN 'duplicate'
        WHEN known.id IS NOT NULL AND NOT (
            members_is_news(known.told_on, 'name', known.name, r.as_of, r.name) OR
            members_is_news(known.told_on, 'phone', known.phone, r.as_of, r.phone)
        ) THEN 'duplicate'
    END AS reason
FROM read r
LEFT JOIN members_pharmacy known ON known.npi = r.npi;
