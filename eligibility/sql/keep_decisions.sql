INSERT INTO eligibility_determination (
    plan_id, criteria_id, as_of, member_id, conditions, drugs, drug_count, drug_cost, at_risk, outcome, path, reasons,
    determined_at
)
SELECT %(plan)s, %(criteria)s, %(as_of)s, decision.*, now()
FROM ({inner}) decision
ON CONFLICT ON CONSTRAINT one_determination_per_member_and_day DO NOTHING
