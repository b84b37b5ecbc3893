SELECT member_id, sum(cost) AS cost, count(DISTINCT ndc) AS drugs
FROM claims_fill
WHERE plan_id = %(plan)s AND filled_on > %(as_of)s::date - interval '1 year' AND filled_on <= %(as_of)s
GROUP BY member_id
