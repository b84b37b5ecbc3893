SELECT coalesce(sum(cost), 0) AS cost FROM claims_fill WHERE plan_id = %(plan)s
