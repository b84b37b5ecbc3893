INSERT INTO claims_diagnosis (plan_id, member_id, file_id, claim_id, diagnosed_on, system, code, inpatient)
SELECT DISTINCT ON (claim_id, diagnosed_on, system, code)
    %(plan)s, member_id, %(file)s, claim_id, diagnosed_on, system, code, inpatient
FROM judged_diagnoses
CROSS JOIN LATERAL unnest(string_to_array(codes, ' ')) AS code
WHERE reason IS NULL
ORDER BY claim_id, diagnosed_on, system, code, line
ON CONFLICT ON CONSTRAINT diagnosis_once_per_claim DO NOTHING;
