SELECT m.source_id, a.rule, a.rule_version, a.quarter, a.severity, a.status, a.outcome, a.fact_hash, a.due_on
FROM reviews_alert a JOIN members_member m ON m.id = a.member_id
WHERE a.plan_id = %(plan)s
