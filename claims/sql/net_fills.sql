-- The final action of a claim counts. All versions are kept, and which of them counts follows from the versions alone:
-- the last processed; where that does not tell, a deletion before an adjustment before an original; then what it says.
-- A correction that does not say when it was processed came after all that does.
-- A sample is enough to tell thousands of rows from millions.
SET LOCAL default_statistics_target = 10;
ANALYZE stage_fills;
DROP TABLE IF EXISTS staged_version, known_version, ranked_version, netted_fills;
CREATE TEMPORARY TABLE staged_version ON COMMIT DROP AS
SELECT
    s.*,
    row_number() OVER (PARTITION BY member_id, claim_id, content ORDER BY file_id, line) AS copy
FROM (
    SELECT
        stage_fills.*,
        claims_content(
            filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing, rx_number, fill_number, prescriber,
            pharmacy, processed_on, action, final
        ) AS content
    FROM stage_fills
) s;

ANALYZE staged_version;

CREATE TEMPORARY TABLE known_version ON COMMIT DROP AS
WITH claim AS (SELECT DISTINCT member_id, claim_id FROM stage_fills WHERE may_be_known)
SELECT
    f.file_id, f.member_id, f.claim_id, f.filled_on, f.ndc, f.quantity, f.days_supply, f.cost, f.coverage, f.compound,
    f.dispensing, f.rx_number, f.fill_number, f.prescriber, f.pharmacy, f.processed_on, f.adjusted::integer AS action,
    true AS final,
    claims_content(
        f.filled_on, f.ndc, f.quantity, f.days_supply, f.cost, f.coverage, f.compound, f.dispensing, f.rx_number,
        f.fill_number, f.prescriber, f.pharmacy, f.processed_on, f.adjusted::integer, true
    ) AS content,
    true AS counts
FROM claim
JOIN claims_fill f ON f.plan_id = %(plan)s AND f.member_id = claim.member_id AND f.claim_id = claim.claim_id
UNION ALL
SELECT
    v.file_id, v.member_id, v.claim_id, v.filled_on, v.ndc, v.quantity, v.days_supply, v.cost, v.coverage, v.compound,
    v.dispensing, v.rx_number, v.fill_number, v.prescriber, v.pharmacy, v.processed_on, v.action, v.final, v.content, false
FROM claim
JOIN claims_fillversion v ON v.plan_id = %(plan)s AND v.member_id = claim.member_id AND v.claim_id = claim.claim_id;

ANALYZE known_version;

-- What became of each record.
CREATE TEMPORARY TABLE netted_fills ON COMMIT DROP AS
SELECT
    s.file_id, s.member_id, s.claim_id, s.cost, s.content, s.copy,
    s.copy > 1 OR EXISTS (
        SELECT 1 FROM known_version k
        WHERE k.member_id = s.member_id AND k.claim_id = s.claim_id AND k.content = s.content
    ) AS is_duplicate
FROM staged_version s;

ANALYZE netted_fills;

CREATE TEMPORARY TABLE ranked_version ON COMMIT DROP AS
SELECT
    v.*,
    final AND action < 2 AND row_number() OVER (
        PARTITION BY member_id, claim_id
        ORDER BY
            final DESC, settled_on DESC NULLS LAST, action DESC, filled_on DESC NULLS LAST, cost DESC NULLS LAST, content DESC
    ) = 1 AS wins,
    final AND (
        1 < count(*) OVER (PARTITION BY member_id, claim_id, final, settled_on, action)
        OR settled_on = 'infinity' AND 0 < count(processed_on) OVER (PARTITION BY member_id, claim_id, final)
    ) AS is_unclear
FROM (
    SELECT told.*, coalesce(processed_on, CASE WHEN action > 0 THEN date 'infinity' END) AS settled_on
    FROM (
        SELECT * FROM known_version
        UNION ALL
        SELECT
            s.file_id, s.member_id, s.claim_id, s.filled_on, s.ndc, s.quantity, s.days_supply, s.cost, s.coverage, s.compound,
            s.dispensing, s.rx_number, s.fill_number, s.prescriber, s.pharmacy, s.processed_on, s.action, s.final, s.content, NULL
        FROM staged_version s
        -- A line may give several fills, so it does not name one.
        JOIN netted_fills n USING (member_id, claim_id, content, copy)
        WHERE NOT n.is_duplicate
    ) told
) v;

ANALYZE ranked_version;

DELETE FROM claims_fill f
USING ranked_version r
WHERE r.counts AND NOT r.wins
  AND f.plan_id = %(plan)s AND f.member_id = r.member_id AND f.claim_id = r.claim_id;

INSERT INTO claims_fillversion (
    plan_id, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action, final, content
)
SELECT
    %(plan)s, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action, final, content
FROM ranked_version
WHERE NOT wins AND counts IS DISTINCT FROM false;

INSERT INTO claims_fill (
    plan_id, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, adjusted
)
SELECT
    %(plan)s, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action = 1
FROM ranked_version
WHERE wins AND counts IS NULL
ORDER BY member_id, filled_on;

SET LOCAL default_statistics_target = DEFAULT;
