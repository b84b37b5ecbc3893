SELECT
    f.member_id, f.claim_id, f.filled_on, f.days_supply, f.quantity, f.cost, f.ndc, f.prescriber, f.pharmacy,
    coalesce(product.label, 'NDC ' || f.ndc) AS drug,
    coalesce(product.ingredients, '{}') AS ingredients,
    coalesce(product.is_brand, false) AS is_brand,
    product.generic_unit_cost
FROM claims_fill f
LEFT JOIN (
    SELECT
        p.ndc, p.label, p.is_brand, p.generic_unit_cost,
        -- Sets of drugs mean what reaches the whole body: a gel or an eye drop goes by a name of its own.
        array_agg(i.name || CASE WHEN p.systemic THEN '' ELSE ' topical' END ORDER BY i.name) AS ingredients
    FROM claims_drugproduct p
    JOIN claims_productingredient part ON part.product_id = p.id
    JOIN claims_ingredient i ON i.id = part.ingredient_id
    WHERE p.ndc IN (
        SELECT ndc FROM claims_fill WHERE member_id BETWEEN %(first)s AND %(last)s AND plan_id = %(plan)s
    )
    GROUP BY p.id
) product ON product.ndc = f.ndc
WHERE f.plan_id = %(plan)s AND f.member_id BETWEEN %(first)s AND %(last)s
  AND f.filled_on > %(as_of)s::date - %(days)s AND f.filled_on <= %(as_of)s
  AND EXISTS (
      SELECT 1 FROM eligibility_enrollment e
      WHERE e.member_id = f.member_id AND e.plan_id = %(plan)s AND e.status = 'enrolled'
  )
