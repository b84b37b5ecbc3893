-- Chronic conditions count by one inpatient claim or two others on different days; exclusions and events by any claim.
WITH diagnosis AS (
    SELECT d.member_id, d.system, d.code, d.diagnosed_on, d.inpatient
    FROM claims_diagnosis d
    WHERE d.plan_id = %(plan)s AND d.member_id BETWEEN %(first)s AND %(last)s
      AND d.diagnosed_on > %(as_of)s::date - %(days)s AND d.diagnosed_on <= %(as_of)s
      AND EXISTS (
          SELECT 1 FROM eligibility_enrollment e
          WHERE e.member_id = d.member_id AND e.plan_id = %(plan)s AND e.status = 'enrolled'
      )
),
size AS (SELECT DISTINCT length(prefix) AS size FROM claims_conditioncode),
coded AS (
    SELECT DISTINCT seen.system, seen.code, known.condition_id
    FROM (SELECT DISTINCT system, code FROM diagnosis) seen
    CROSS JOIN size
    JOIN claims_conditioncode known
        ON length(known.prefix) = size.size AND known.system = seen.system AND known.prefix = left(seen.code, size.size)
)
SELECT
    d.member_id, condition.code AS condition, min(d.diagnosed_on) AS first_on, max(d.diagnosed_on) AS last_on
FROM diagnosis d
JOIN coded ON coded.system = d.system AND coded.code = d.code
JOIN claims_condition condition ON condition.id = coded.condition_id
GROUP BY d.member_id, condition.code, condition.one_claim_counts
HAVING condition.one_claim_counts OR bool_or(d.inpatient) OR count(DISTINCT d.diagnosed_on) >= 2
