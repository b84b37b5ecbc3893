-- What only shows beside the members and drugs that are known: fills of one file that cannot be quite right.
WITH file AS (SELECT id, plan_id FROM claims_loadfile WHERE id = %(file)s),
code AS MATERIALIZED (
    SELECT f.ndc::text AS ndc, count(*) AS fills, count(*) FILTER (WHERE f.days_supply NOT BETWEEN 1 AND 100 AND f.dispensing = '') AS odd
    FROM claims_fill f
    WHERE f.plan_id = (SELECT plan_id FROM file) AND f.file_id = %(file)s
    GROUP BY f.ndc
),
known AS (
    SELECT ndc, oral, how FROM claims_drugs_of_ndcs((SELECT plan_id FROM file), ARRAY(SELECT ndc FROM code))
),
member AS MATERIALIZED (
    SELECT
        m.id, m.death_date,
        (SELECT range_agg(span.period) FROM members_coveragespan span WHERE span.member_id = m.id) AS covered
    FROM members_member m
    WHERE m.plan_id = (SELECT plan_id FROM file)
),
day AS (
    SELECT
        count(*) FILTER (WHERE member.death_date < f.filled_on) AS after_death,
        count(*) FILTER (WHERE NOT coalesce(member.covered @> f.filled_on, false)) AS outside_coverage
    FROM claims_fill f
    JOIN member ON member.id = f.member_id
    WHERE f.plan_id = (SELECT plan_id FROM file) AND f.file_id = %(file)s
)
SELECT
    (SELECT coalesce(sum(fills), 0)::bigint FROM code) AS fills,
    (SELECT coalesce(sum(fills), 0)::bigint FROM code JOIN known USING (ndc) WHERE known.how = 'unmapped') AS unmapped,
    (SELECT coalesce(sum(odd), 0)::bigint FROM code JOIN known USING (ndc) WHERE known.oral) AS odd_supply,
    day.after_death, day.outside_coverage,
    EXISTS (SELECT 1 FROM member WHERE covered IS NOT NULL) AS coverage_is_known
FROM day;
