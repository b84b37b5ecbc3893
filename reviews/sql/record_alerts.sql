-- New alerts only: not one already raised this quarter, nor one still being worked, nor one decided on the same facts.
INSERT INTO reviews_alert (
    plan_id, member_id, run_id, rule, rule_version, quarter, category, severity, headline, why_now, prescriber_text,
    member_text, evidence, fact_hash, due_on, created_at
)
SELECT
    %(plan)s, s.member_id, %(run)s, s.rule, s.rule_version, %(quarter)s, s.category, s.severity, s.headline, s.why_now,
    s.prescriber_text, s.member_text, s.evidence, s.fact_hash, s.due_on, now()
FROM stage_findings s
WHERE NOT EXISTS (
    SELECT 1 FROM reviews_alert known
    WHERE known.member_id = s.member_id AND known.rule = s.rule
      AND (known.status IN ('open', 'claimed') OR known.fact_hash = s.fact_hash)
)
ORDER BY s.member_id, s.rule
ON CONFLICT ON CONSTRAINT alert_once_per_member_rule_quarter DO NOTHING
