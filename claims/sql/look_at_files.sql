-- What only shows beside the members and drugs that are known: fills of each file that cannot be quite right.
-- All files in one pass. A member's days are compared by their ends where they have no gap, as most have none.
WITH member AS (
    SELECT m.id, m.death_date, span.covered, lower(span.covered) AS since, upper(span.covered) AS until, span.has_gap
    FROM members_member m
    LEFT JOIN (
        SELECT member_id, range_agg(period) AS covered, range_merge(range_agg(period))::datemultirange <> range_agg(period) AS has_gap
        FROM members_coveragespan
        WHERE plan_id = %(plan)s
        GROUP BY member_id
    ) span ON span.member_id = m.id
    WHERE m.plan_id = %(plan)s
),
code AS MATERIALIZED (
    SELECT
        f.file_id, f.ndc::text AS ndc, count(*) AS fills,
        count(*) FILTER (WHERE f.days_supply NOT BETWEEN 1 AND 100) AS odd,
        count(*) FILTER (WHERE f.filled_on > member.death_date) AS after_death,
        count(*) FILTER (
            WHERE CASE
                WHEN member.has_gap THEN NOT member.covered @> f.filled_on
                ELSE f.filled_on < member.since OR f.filled_on >= member.until OR member.covered IS NULL
            END
        ) AS outside_coverage
    FROM claims_fill f
    JOIN member ON member.id = f.member_id
    WHERE f.plan_id = %(plan)s AND f.file_id = ANY(%(files)s)
    GROUP BY f.file_id, f.ndc
),
known AS (
    SELECT ndc, oral, how FROM claims_drugs_of_ndcs(%(plan)s, ARRAY(SELECT DISTINCT ndc FROM code))
)
SELECT
    code.file_id,
    sum(fills)::bigint AS fills,
    coalesce(sum(fills) FILTER (WHERE known.how = 'unmapped'), 0)::bigint AS unmapped,
    coalesce(sum(odd) FILTER (WHERE known.oral), 0)::bigint AS odd_supply,
    sum(after_death)::bigint AS after_death,
    CASE WHEN EXISTS (SELECT 1 FROM members_coveragespan WHERE plan_id = %(plan)s) THEN sum(outside_coverage)::bigint END
        AS outside_coverage
FROM code
JOIN known USING (ndc)
GROUP BY code.file_id
