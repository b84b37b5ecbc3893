INSERT INTO claims_fill (
    plan_id, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, covered, prescriber, pharmacy
)
SELECT
    %(plan)s, member_id, %(file)s, claim_id, filled_on, ndc, quantity, days_supply, cost, covered, prescriber, pharmacy
FROM judged_fills
WHERE reason IS NULL
ORDER BY member_id, filled_on
ON CONFLICT ON CONSTRAINT fill_once_per_plan DO NOTHING;
