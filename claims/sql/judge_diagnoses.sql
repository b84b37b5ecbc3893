-- A record carries several codes: it is a duplicate when all of them are known, or repeated from an earlier line.
CREATE TEMPORARY TABLE judged_diagnoses ON COMMIT DROP AS
WITH read AS (
    SELECT
        s.line, s.claim_id, s.system, s.codes, s.inpatient, s.action, m.id AS member_id,
        claims_to_date(s.diagnosed_on) AS diagnosed_on
    FROM stage_diagnoses s
    LEFT JOIN members_member m ON m.plan_id = %(plan)s AND m.source_id = s.source_id
),
coded AS (
    SELECT r.line, r.claim_id, r.member_id, r.diagnosed_on, r.system, r.action, code
    FROM read r
    CROSS JOIN LATERAL unnest(string_to_array(r.codes, ' ')) AS code
),
added AS (
    SELECT DISTINCT ON (c.claim_id, c.diagnosed_on, c.system, c.code) c.line
    FROM coded c
    WHERE c.action <> 'delete' AND c.diagnosed_on IS NOT NULL AND c.member_id IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM claims_diagnosis known
          WHERE known.plan_id = %(plan)s AND known.claim_id = c.claim_id AND known.diagnosed_on = c.diagnosed_on
            AND known.system = c.system AND known.code = c.code
      )
    ORDER BY c.claim_id, c.diagnosed_on, c.system, c.code, c.line
)
SELECT
    r.*,
    CASE
        WHEN r.claim_id = '' THEN 'no claim number'
        WHEN length(r.claim_id) > 40 THEN 'the claim number is too long'
        WHEN r.action = 'delete' THEN 'deletion of a claim'
        WHEN r.member_id IS NULL THEN 'unknown member'
        WHEN r.diagnosed_on IS NULL THEN 'no valid service date'
        WHEN r.codes = '' THEN 'no diagnosis code'
        WHEN r.codes ~ '[^ ]{9,}' THEN 'a diagnosis code is too long'
        WHEN r.line NOT IN (SELECT line FROM added) THEN 'duplicate'
    END AS reason
FROM read r;
