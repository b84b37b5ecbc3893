INSERT INTO eligibility_determination (
    plan_id, criteria_id, as_of, load_id, member_id, conditions, drugs, drug_count, drug_cost, at_risk, outcome, path,
    reasons, missing, cms_reason, drugs_known_at, determined_at
)
SELECT %(plan)s, %(criteria)s, %(as_of)s, %(load)s, decision.*, %(drugs_known_at)s, now()
FROM ({inner}) decision
ON CONFLICT ON CONSTRAINT one_determination_per_member_day_and_load DO NOTHING
