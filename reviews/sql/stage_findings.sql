DROP TABLE IF EXISTS stage_findings;
CREATE TEMPORARY TABLE stage_findings (
    member_id bigint, rule text, rule_version integer, category text, severity integer, headline text, why_now text,
    prescriber_text text, member_text text, evidence jsonb, fact_hash text, due_on date
) ON COMMIT DROP
