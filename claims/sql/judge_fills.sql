-- Every staged fill with the reason it is refused, 'duplicate', or NULL when it is to be kept.
CREATE TEMPORARY TABLE judged_fills ON COMMIT DROP AS
WITH read AS (
    SELECT
        s.line, s.source_id, s.claim_id, s.covered, s.prescriber, s.pharmacy, s.action, m.id AS member_id,
        claims_to_date(s.filled_on) AS filled_on,
        CASE WHEN length(s.ndc) < 11 THEN lpad(s.ndc, 11, '0') ELSE s.ndc END AS ndc,
        claims_to_number(s.quantity) AS quantity,
        claims_to_number(s.days_supply) AS days_supply,
        claims_to_number(s.cost) AS cost,
        row_number() OVER same_claim AS copy,
        first_value(concat_ws('|', s.source_id, s.filled_on, s.ndc, s.cost)) OVER same_claim
            <> concat_ws('|', s.source_id, s.filled_on, s.ndc, s.cost) AS differs
    FROM stage_fills s
    LEFT JOIN members_member m ON m.plan_id = %(plan)s AND m.source_id = s.source_id
    WINDOW same_claim AS (PARTITION BY s.claim_id, s.action ORDER BY s.line)
)
SELECT
    r.*,
    CASE
        WHEN r.claim_id = '' THEN 'no claim number'
        WHEN length(r.claim_id) > 40 THEN 'the claim number is too long'
        WHEN r.action = 'delete' THEN 'deletion of a claim'
        WHEN r.member_id IS NULL THEN 'unknown member'
        WHEN r.filled_on IS NULL THEN 'no valid fill date'
        WHEN r.ndc !~ '^[0-9]{11}$' OR r.ndc = '00000000000' THEN 'no valid NDC'
        WHEN r.quantity IS NULL OR r.quantity < 0 OR round(r.quantity, 3) >= 10000000 THEN 'no valid quantity'
        WHEN r.days_supply IS NULL OR r.days_supply < 0 OR r.days_supply > 32767
             OR r.days_supply <> trunc(r.days_supply) THEN 'no valid days'' supply'
        WHEN r.cost IS NULL OR r.cost < 0 OR round(r.cost, 2) >= 10000000000 THEN 'no valid cost'
        WHEN length(r.prescriber) > 20 THEN 'the prescriber number is too long'
        WHEN length(r.pharmacy) > 20 THEN 'the pharmacy number is too long'
        WHEN r.differs OR known.id IS NOT NULL AND (known.member_id, known.filled_on, known.ndc, known.cost)
             IS DISTINCT FROM (r.member_id, r.filled_on, r.ndc, round(r.cost, 2))
             THEN 'claim number already used for another fill'
        WHEN known.id IS NOT NULL OR r.copy > 1 THEN 'duplicate'
    END AS reason
FROM read r
LEFT JOIN claims_fill known ON known.plan_id = %(plan)s AND known.claim_id = r.claim_id;
