SELECT m.source_id, c.plan_year, c.version, d.as_of, d.outcome, d.path, d.drug_count, d.drug_cost, d.at_risk, d.conditions::text
FROM eligibility_determination d
JOIN members_member m ON m.id = d.member_id
JOIN eligibility_criteria c ON c.id = d.criteria_id
WHERE d.plan_id = %(plan)s
