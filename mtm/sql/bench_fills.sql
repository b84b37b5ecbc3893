INSERT INTO claims_fill (plan_id, member_id, claim_id, filled_on, ndc, quantity, days_supply, cost, prescriber, pharmacy)
SELECT
    %(plan)s, m.id, m.id || '-' || k, %(as_of)s::date - (hashint8(m.id * 1009 + k) & 1023) %% 400, product.ndc, 30, 30,
    round(((hashint8(m.id * 31 + k) & 65535) / 200.0)::numeric, 2), '', ''
FROM members_member m
-- From none to about eighty fills a member.
CROSS JOIN LATERAL generate_series(1, (hashint8(m.id) & 127) * 5 / 8) k
JOIN (
    SELECT ndc, row_number() OVER (ORDER BY ndc) AS place FROM claims_drugproduct WHERE source = 'benchmark'
) product ON product.place = 1 + (hashint8(m.id * 7 + k / 4) & 65535) %% 400
WHERE m.plan_id = %(plan)s
