WITH file AS (SELECT id, plan_id FROM claims_loadfile WHERE id = %(file)s),
filled AS (
    SELECT ndc::text AS ndc, count(*) AS fills, max(filled_on) AS last_on
    FROM claims_fill
    WHERE plan_id = (SELECT plan_id FROM file) AND file_id = %(file)s
    GROUP BY ndc
)
SELECT
    coalesce(sum(filled.fills) FILTER (WHERE known.how = 'unmapped'), 0)::bigint AS unmapped,
    max(filled.last_on) AS claims_through
FROM filled
JOIN claims_drugs_of_ndcs((SELECT plan_id FROM file), ARRAY(SELECT ndc FROM filled)) known ON known.ndc = filled.ndc;
