INSERT INTO claims_productingredient (product_id, ingredient_id)
SELECT DISTINCT product.id, coalesce(coded.id, named.id)
FROM stage_directory s
JOIN claims_drugproduct product ON product.ndc = s.ndc
LEFT JOIN LATERAL (
    SELECT id FROM claims_ingredient WHERE rxcui = s.rxcui AND s.rxcui <> '' ORDER BY id LIMIT 1
) coded ON true
LEFT JOIN claims_ingredient named ON named.name = s.ingredient
WHERE coalesce(coded.id, named.id) IS NOT NULL
ON CONFLICT DO NOTHING;
