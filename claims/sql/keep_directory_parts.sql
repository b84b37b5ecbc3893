-- What the file says of an NDC replaces what an earlier one said.
WITH said AS MATERIALIZED (
    SELECT DISTINCT product.id AS product_id, coalesce(coded.id, named.id) AS ingredient_id
    FROM stage_directory s
    JOIN claims_drugproduct product ON product.ndc = s.ndc
    LEFT JOIN LATERAL (
        SELECT id FROM claims_ingredient WHERE rxcui = s.rxcui AND s.rxcui <> '' ORDER BY id LIMIT 1
    ) coded ON true
    LEFT JOIN claims_ingredient named ON named.name = s.ingredient
    WHERE coalesce(coded.id, named.id) IS NOT NULL
),
corrected AS (
    DELETE FROM claims_productingredient part
    WHERE part.product_id IN (SELECT product_id FROM said)
      AND NOT EXISTS (
          SELECT 1 FROM said WHERE said.product_id = part.product_id AND said.ingredient_id = part.ingredient_id
      )
)
INSERT INTO claims_productingredient (product_id, ingredient_id)
SELECT product_id, ingredient_id FROM said
ON CONFLICT DO NOTHING;
