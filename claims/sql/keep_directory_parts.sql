-- What the file says of an NDC replaces what an earlier one said.
-- After a load that was given up the tables are full of dead rows, and their statistics say that they are empty.
ANALYZE claims_ingredient, claims_drugproduct, claims_productingredient;
WITH place AS (
    SELECT ndc, unnest(ARRAY[
        CASE WHEN acts ~* '\mOphthalmic' THEN 'ophthalmic' END,
        CASE WHEN acts ~* '\mNasal' THEN 'nasal' END,
        CASE WHEN acts ~* '\m(Inhal|Nebul)' THEN 'inhaled' ELSE CASE WHEN claims_is_systemic(acts) THEN 'systemic' END END,
        CASE WHEN acts ~* '\m(Topical|Medicated|Cream|Ointment|Lotion)' AND NOT claims_is_systemic(acts)
             AND acts !~* '\m(Ophthalmic|Nasal|Otic|Vaginal|Rectal)' THEN 'topical' END,
        CASE WHEN claims_is_oral(acts) THEN 'oral' END
    ]) AS place
    FROM judged_directory
    WHERE NOT outranked
),
-- Of what we know by where it acts, that which acts where the product does.
placed AS MATERIALIZED (
    SELECT base.id AS base_id, there.place, placed.id
    FROM claims_ingredient placed
    CROSS JOIN LATERAL (SELECT substring(placed.name FROM ' (ophthalmic|nasal|inhaled|topical|oral|systemic)$') AS place) there
    JOIN claims_ingredient base ON base.name = left(placed.name, -length(there.place) - 1)
),
said AS MATERIALIZED (
    SELECT DISTINCT product.id AS product_id, coalesce(fitting.id, named.ingredient_id) AS ingredient_id
    FROM stage_directory s
    JOIN judged_directory judged ON judged.ndc = s.ndc AND NOT judged.outranked
    JOIN claims_drugproduct product ON product.ndc = s.ndc
    JOIN named_directory named ON named.ingredient = s.ingredient AND named.rxcui = s.rxcui
    LEFT JOIN (
        SELECT place.ndc, placed.base_id, min(placed.id) AS id
        FROM placed
        JOIN place ON place.place = placed.place
        GROUP BY place.ndc, placed.base_id
    ) fitting ON fitting.ndc = s.ndc AND fitting.base_id = named.ingredient_id
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
