-- The plan's own flag of an NDC; leading zeros that a spreadsheet took away are put back.
INSERT INTO judged_drug_flags (line, ndc, maintenance, as_of, reason)
WITH read AS (
    SELECT
        s.line,
        CASE
            WHEN s.ndc ~ '^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}$' AND length(s.ndc) >= 12 THEN
                lpad(split_part(s.ndc, '-', 1), 5, '0') || lpad(split_part(s.ndc, '-', 2), 4, '0')
                || lpad(split_part(s.ndc, '-', 3), 2, '0')
            WHEN length(s.ndc) >= 7 THEN lpad(s.ndc, greatest(11, length(s.ndc)), '0')
            ELSE s.ndc
        END AS ndc,
        upper(s.maintenance) AS maintenance,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of
    FROM stage_drug_flags s
)
SELECT
    r.line, r.ndc, r.maintenance, r.as_of,
    CASE
        WHEN r.ndc !~ '^[0-9]{11}$' OR r.ndc = '00000000000' THEN 'no valid NDC'
        WHEN r.maintenance NOT IN ('Y', 'N', 'S') THEN 'the flag is neither Y, N nor S'
        WHEN r.as_of IS NULL THEN 'no valid day of the facts'
        WHEN r.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN (known.set_on, known.maintenance) >= (r.as_of, r.maintenance) THEN 'duplicate'
        WHEN row_number() OVER (PARTITION BY r.ndc, r.maintenance, r.as_of ORDER BY r.line) > 1 THEN 'duplicate'
    END AS reason
FROM read r
LEFT JOIN claims_plandrugflag known ON known.plan_id = %(plan)s AND known.ndc = r.ndc;
