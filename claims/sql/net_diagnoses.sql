-- A record is a duplicate when all of its codes are known; a code that is inpatient once is inpatient.
ANALYZE stage_diagnoses;
DROP TABLE IF EXISTS netted_diagnoses;
CREATE TEMPORARY TABLE netted_diagnoses ON COMMIT DROP AS
SELECT s.file_id, s.line, bool_and(s.copy > 1 OR known.claim_id IS NOT NULL) AS is_duplicate
FROM (
    SELECT
        stage_diagnoses.*,
        row_number() OVER (
            PARTITION BY member_id, claim_id, code, diagnosed_on, system, inpatient ORDER BY file_id, line
        ) AS copy
    FROM stage_diagnoses
) s
LEFT JOIN claims_diagnosis known
    ON known.plan_id = %(plan)s AND known.member_id = s.member_id AND known.claim_id = s.claim_id AND known.code = s.code
    AND known.diagnosed_on = s.diagnosed_on AND known.system = s.system AND known.inpatient >= s.inpatient
GROUP BY s.file_id, s.line;

INSERT INTO claims_diagnosis AS known (plan_id, member_id, file_id, claim_id, diagnosed_on, system, code, inpatient)
SELECT %(plan)s, member_id, min(file_id), claim_id, diagnosed_on, system, code, bool_or(inpatient)
FROM stage_diagnoses
GROUP BY member_id, claim_id, diagnosed_on, system, code
ORDER BY member_id, diagnosed_on
ON CONFLICT ON CONSTRAINT diagnosis_once_per_claim DO UPDATE SET inpatient = true
WHERE excluded.inpatient AND NOT known.inpatient;
