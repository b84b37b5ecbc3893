-- Salts and esters by their own names, for directories that name those.
INSERT INTO claims_ingredientname AS known (name, ingredient_id, source)
SELECT DISTINCT ON (lower(salt.name)) lower(salt.name), ingredient.id, %(source)s
FROM stage_rx_concept salt
JOIN stage_rx_relation relation ON relation.subject = salt.rxcui AND relation.relation = 'form_of'
JOIN claims_ingredient ingredient ON ingredient.rxcui = relation.object
WHERE salt.kind = 'PIN' AND length(salt.name) <= 120
  AND NOT EXISTS (SELECT 1 FROM claims_ingredient other WHERE other.name = lower(salt.name))
ORDER BY lower(salt.name), ingredient.id
ON CONFLICT (name) DO UPDATE SET ingredient_id = excluded.ingredient_id WHERE known.source = excluded.source;
