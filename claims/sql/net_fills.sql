-- The final action of a claim counts. All versions are kept, and which of them counts follows from the versions alone:
-- the last processed; where that does not tell, a deletion before an adjustment before an original; then what it says.
-- An update replaces what was told of the same processing day, also by saying that it is not final: that takes back whatever
-- else was told of the day and kind, a deletion or another update too, for nobody knows which of two updates came last.
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
            pharmacy, processed_on, action + 3 * updated::integer, final
        ) AS content
    FROM stage_fills
) s;

ANALYZE staged_version;

CREATE TEMPORARY TABLE known_version ON COMMIT DROP AS
WITH claim AS (SELECT DISTINCT member_id, claim_id FROM stage_fills WHERE may_be_known)
SELECT
    f.file_id, f.member_id, f.claim_id, f.filled_on, f.ndc, f.quantity, f.days_supply, f.cost, f.coverage, f.compound,
    f.dispensing, f.rx_number, f.fill_number, f.prescriber, f.pharmacy, f.processed_on, f.adjusted::integer AS action,
    f.updated, true AS final,
    claims_content(
        f.filled_on, f.ndc, f.quantity, f.days_supply, f.cost, f.coverage, f.compound, f.dispensing, f.rx_number,
        f.fill_number, f.prescriber, f.pharmacy, f.processed_on, f.adjusted::integer + 3 * f.updated::integer, true
    ) AS content,
    true AS counts
FROM claim
JOIN claims_fill f ON f.plan_id = %(plan)s AND f.member_id = claim.member_id AND f.claim_id = claim.claim_id
UNION ALL
SELECT
    v.file_id, v.member_id, v.claim_id, v.filled_on, v.ndc, v.quantity, v.days_supply, v.cost, v.coverage, v.compound,
    v.dispensing, v.rx_number, v.fill_number, v.prescriber, v.pharmacy, v.processed_on, v.action, v.updated, v.final, v.content,
    false
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
WITH taken_back AS (
    SELECT member_id, claim_id, action, processed_on FROM known_version WHERE updated AND NOT final
    UNION
    SELECT member_id, claim_id, action, processed_on FROM staged_version WHERE updated AND NOT final
)
SELECT
    v.*,
    stands AND action < 2 AND row_number() OVER (
        PARTITION BY member_id, claim_id
        ORDER BY
            stands DESC, settled_on DESC NULLS LAST, action DESC, updated DESC, filled_on DESC NULLS LAST,
            cost DESC NULLS LAST, content DESC
    ) = 1 AS wins,
    final AND (
        1 < count(*) OVER (PARTITION BY member_id, claim_id, final, settled_on, action, updated)
        OR settled_on = 'infinity' AND 0 < count(processed_on) OVER (PARTITION BY member_id, claim_id, final)
    ) AS is_unclear
FROM (
    SELECT
        told.*,
        coalesce(told.processed_on, CASE WHEN told.action > 0 OR updated THEN date 'infinity' END) AS settled_on,
        final AND taken_back.claim_id IS NULL AS stands
    FROM (
        SELECT * FROM known_version
        UNION ALL
        SELECT
            s.file_id, s.member_id, s.claim_id, s.filled_on, s.ndc, s.quantity, s.days_supply, s.cost, s.coverage, s.compound,
            s.dispensing, s.rx_number, s.fill_number, s.prescriber, s.pharmacy, s.processed_on, s.action, s.updated, s.final,
            s.content, NULL
        FROM staged_version s
        -- A line may give several fills, so it does not name one.
        JOIN netted_fills n USING (member_id, claim_id, content, copy)
        WHERE NOT n.is_duplicate
    ) told
    LEFT JOIN taken_back
        ON taken_back.member_id = told.member_id AND taken_back.claim_id = told.claim_id AND taken_back.action = told.action
        AND taken_back.processed_on IS NOT DISTINCT FROM told.processed_on
) v;

ANALYZE ranked_version;

DELETE FROM claims_fill f
USING ranked_version r
WHERE r.counts AND NOT r.wins
  AND f.plan_id = %(plan)s AND f.member_id = r.member_id AND f.claim_id = r.claim_id;

-- What replaced it may have been taken back.
DELETE FROM claims_fillversion v
USING ranked_version r
WHERE r.wins AND NOT r.counts AND v.member_id = r.member_id AND v.claim_id = r.claim_id AND v.content = r.content;

INSERT INTO claims_fillversion (
    plan_id, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action, updated, final, content
)
SELECT
    %(plan)s, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action, updated, final, content
FROM ranked_version
WHERE NOT wins AND counts IS DISTINCT FROM false;

INSERT INTO claims_fill (
    plan_id, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, adjusted, updated
)
SELECT
    %(plan)s, member_id, file_id, claim_id, filled_on, ndc, quantity, days_supply, cost, coverage, compound, dispensing,
    rx_number, fill_number, prescriber, pharmacy, processed_on, action = 1, updated
FROM ranked_version
WHERE wins AND counts IS NOT true
ORDER BY member_id, filled_on;

SET LOCAL default_statistics_target = DEFAULT;
