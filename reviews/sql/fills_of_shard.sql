WITH filled AS MATERIALIZED (
    SELECT
        f.member_id, f.claim_id, f.filled_on, coalesce(f.days_supply, 0) AS days_supply, coalesce(f.quantity, 0) AS quantity,
        f.cost, f.ndc::text AS ndc, f.prescriber, f.pharmacy
    FROM claims_dispensing f
    WHERE f.plan_id = %(plan)s AND f.member_id BETWEEN %(first)s AND %(last)s
      AND f.filled_on > %(as_of)s::date - %(days)s AND f.filled_on <= %(as_of)s
      AND EXISTS (
          SELECT 1 FROM eligibility_enrollment e
          WHERE e.member_id = f.member_id AND e.plan_id = %(plan)s AND e.status = 'enrolled'
      )
)
SELECT
    filled.member_id, filled.claim_id, filled.filled_on, filled.days_supply, filled.quantity, filled.cost, filled.ndc,
    filled.prescriber, filled.pharmacy,
    known.label AS drug,
    -- Sets of drugs mean what reaches the whole body: a gel or an eye drop goes by a name of its own, if it has none yet.
    ARRAY(
        SELECT name || CASE WHEN known.systemic OR name ~ ' (ophthalmic|nasal|inhaled|topical)$' THEN '' ELSE ' topical' END
        FROM unnest(known.ingredients) name
    ) AS ingredients,
    known.is_brand,
    known.generic_unit_cost
FROM filled
JOIN claims_drugs_of_ndcs(%(plan)s, ARRAY(SELECT DISTINCT ndc FROM filled)) known ON known.ndc = filled.ndc
