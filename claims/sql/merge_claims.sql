-- Claims go over as they are; what both rows have of one claim is staged, to be netted as if it had come just now.
CREATE TEMPORARY TABLE shared_claim ON COMMIT DROP AS
SELECT DISTINCT m.survivor_id, m.absorbed_id, own.claim_id
FROM merging m
JOIN (
    SELECT member_id, claim_id FROM claims_fill WHERE plan_id = %(plan)s
    UNION ALL
    SELECT member_id, claim_id FROM claims_fillversion WHERE plan_id = %(plan)s
) own ON own.member_id = m.absorbed_id
JOIN (
    SELECT member_id, claim_id FROM claims_fill WHERE plan_id = %(plan)s
    UNION ALL
    SELECT member_id, claim_id FROM claims_fillversion WHERE plan_id = %(plan)s
) other ON other.member_id = m.survivor_id AND other.claim_id = own.claim_id;

INSERT INTO stage_fills (
    file_id, line, member_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action, updated, final
)
SELECT
    file_id, row_number() OVER (), survivor_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound,
    dispensing, rx_number, fill_number, prescriber, pharmacy, processed_on, action, updated, final
FROM (
    SELECT
        f.file_id, s.survivor_id, f.claim_id, f.filled_on, f.ndc, f.quantity, f.days_supply, f.cost, f.coverage, f.compound,
        f.dispensing, f.rx_number, f.fill_number, f.prescriber, f.pharmacy, f.processed_on, f.adjusted::integer AS action,
        f.updated, true AS final
    FROM shared_claim s
    JOIN claims_fill f ON f.plan_id = %(plan)s AND f.member_id = s.absorbed_id AND f.claim_id = s.claim_id
    UNION ALL
    SELECT
        v.file_id, s.survivor_id, v.claim_id, v.filled_on, v.ndc, v.quantity, v.days_supply, v.cost, v.coverage, v.compound,
        v.dispensing, v.rx_number, v.fill_number, v.prescriber, v.pharmacy, v.processed_on, v.action, v.updated, v.final
    FROM shared_claim s
    JOIN claims_fillversion v ON v.plan_id = %(plan)s AND v.member_id = s.absorbed_id AND v.claim_id = s.claim_id
) told;
DELETE FROM claims_fill f
USING shared_claim s
WHERE f.plan_id = %(plan)s AND f.member_id = s.absorbed_id AND f.claim_id = s.claim_id;
DELETE FROM claims_fillversion v
USING shared_claim s
WHERE v.plan_id = %(plan)s AND v.member_id = s.absorbed_id AND v.claim_id = s.claim_id;
DROP TABLE shared_claim;

UPDATE claims_fill f SET member_id = m.survivor_id
FROM merging m WHERE f.plan_id = %(plan)s AND f.member_id = m.absorbed_id;
UPDATE claims_fillversion v SET member_id = m.survivor_id
FROM merging m WHERE v.plan_id = %(plan)s AND v.member_id = m.absorbed_id;

-- A diagnosis that both have stays once, inpatient if either is.
UPDATE claims_diagnosis kept SET inpatient = true
FROM merging m
JOIN claims_diagnosis gone ON gone.plan_id = %(plan)s AND gone.member_id = m.absorbed_id AND gone.inpatient
WHERE kept.plan_id = %(plan)s AND kept.member_id = m.survivor_id AND NOT kept.inpatient
  AND (kept.claim_id, kept.diagnosed_on, kept.system, kept.code) = (gone.claim_id, gone.diagnosed_on, gone.system, gone.code);
DELETE FROM claims_diagnosis gone
USING merging m, claims_diagnosis kept
WHERE gone.plan_id = %(plan)s AND gone.member_id = m.absorbed_id
  AND kept.plan_id = %(plan)s AND kept.member_id = m.survivor_id
  AND (kept.claim_id, kept.diagnosed_on, kept.system, kept.code) = (gone.claim_id, gone.diagnosed_on, gone.system, gone.code);
UPDATE claims_diagnosis d SET member_id = m.survivor_id
FROM merging m WHERE d.plan_id = %(plan)s AND d.member_id = m.absorbed_id;
