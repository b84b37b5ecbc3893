-- Each drug filled lately, by its label, with who prescribed it last.
WITH member AS (SELECT id, plan_id FROM members_member WHERE id = %(member)s),
filled AS (
    SELECT f.ndc::text AS ndc, f.prescriber, f.filled_on, f.claim_id
    FROM claims_fill f
    WHERE f.plan_id = (SELECT plan_id FROM member) AND f.member_id = %(member)s
      AND f.filled_on > %(since)s AND f.filled_on <= %(on)s
)
SELECT DISTINCT ON (name) name, prescriber, filled_on AS last_filled_on
FROM (
    SELECT left(known.label, 200) AS name, filled.prescriber, filled.filled_on, filled.claim_id
    FROM filled
    JOIN claims_drugs_of_ndcs((SELECT plan_id FROM member), ARRAY(SELECT ndc FROM filled)) known
        ON known.ndc = filled.ndc
) named
ORDER BY name, filled_on DESC, claim_id DESC
