INSERT INTO claims_diagnosis (plan_id, member_id, claim_id, diagnosed_on, system, code, inpatient)
SELECT
    %(plan)s, m.id, m.id || '-' || k, %(as_of)s::date - (hashint8(m.id * 13 + k) & 1023) %% 800, '10',
    (ARRAY['I509', 'E119', 'I10', 'E785', 'F329', 'N186', 'M810', 'J449', 'K219', 'Z000', 'E039', 'R05'])[
        1 + (hashint8(m.id * 17 + k) & 65535) %% 12
    ],
    (hashint8(m.id * 19 + k) & 15) = 0
FROM members_member m
CROSS JOIN LATERAL generate_series(1, hashint8(m.id * 3) & 15) k
WHERE m.plan_id = %(plan)s
