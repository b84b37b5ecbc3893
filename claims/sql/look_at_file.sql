-- What only shows beside the members and drugs that are known: fills of one file that cannot be quite right.
WITH file AS (SELECT id, plan_id FROM claims_loadfile WHERE id = %(file)s),
fill AS MATERIALIZED (
    SELECT f.member_id, f.filled_on, f.ndc::text AS ndc, f.days_supply, f.dispensing
    FROM claims_fill f
    WHERE f.plan_id = (SELECT plan_id FROM file) AND f.file_id = %(file)s
),
known AS (
    SELECT ndc, oral, how FROM claims_drugs_of_ndcs((SELECT plan_id FROM file), ARRAY(SELECT DISTINCT ndc FROM fill))
),
covered AS (
    SELECT member_id, range_agg(period) AS periods
    FROM members_coveragespan
    WHERE plan_id = (SELECT plan_id FROM file)
    GROUP BY member_id
)
SELECT
    count(*) FILTER (WHERE known.how = 'unmapped') AS unmapped,
    count(*) FILTER (WHERE known.oral AND fill.dispensing = '' AND NOT fill.days_supply BETWEEN 1 AND 100) AS odd_supply,
    count(*) FILTER (WHERE m.death_date < fill.filled_on) AS after_death,
    count(*) FILTER (WHERE NOT coalesce(covered.periods @> fill.filled_on, false)) AS outside_coverage,
    EXISTS (SELECT 1 FROM covered) AS coverage_is_known
FROM fill
JOIN known ON known.ndc = fill.ndc
JOIN members_member m ON m.id = fill.member_id
LEFT JOIN covered ON covered.member_id = fill.member_id;
