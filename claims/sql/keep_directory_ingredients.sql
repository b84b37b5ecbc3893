-- What each name of the directory means: one of our other names, the ingredient of that RxCUI, the one of that name. An
-- ingredient that we know by where it acts (timolol ophthalmic) is none of these: the product decides about it later.
CREATE TEMPORARY TABLE named_directory ON COMMIT DROP AS
SELECT named.ingredient, named.rxcui, coalesce(alias.ingredient_id, coded.id, same.id) AS ingredient_id
FROM (SELECT DISTINCT ingredient, rxcui FROM stage_directory WHERE ingredient IS NOT NULL) named
LEFT JOIN claims_ingredientname alias ON alias.name = named.ingredient
LEFT JOIN LATERAL (
    SELECT id
    FROM claims_ingredient
    WHERE rxcui = named.rxcui AND named.rxcui <> '' AND name !~ ' (ophthalmic|nasal|inhaled|topical|oral|systemic)$'
    ORDER BY id
    LIMIT 1
) coded ON true
LEFT JOIN claims_ingredient same ON same.name = named.ingredient;
INSERT INTO claims_ingredient (name, rxcui, drug_class, maintenance, source)
SELECT ingredient, max(rxcui), '', '', %(source)s
FROM named_directory
WHERE ingredient_id IS NULL
GROUP BY ingredient;
UPDATE named_directory named
SET ingredient_id = made.id
FROM claims_ingredient made
WHERE named.ingredient_id IS NULL AND made.name = named.ingredient;
UPDATE claims_ingredient known
SET rxcui = named.rxcui
FROM named_directory named
WHERE known.id = named.ingredient_id AND known.name = named.ingredient AND known.rxcui = '' AND named.rxcui <> '';
-- Other directories may use the name that this one gives to what we call otherwise.
INSERT INTO claims_ingredientname (name, ingredient_id, source)
SELECT named.ingredient, min(named.ingredient_id), %(source)s
FROM named_directory named
WHERE NOT EXISTS (SELECT 1 FROM claims_ingredient known WHERE known.name = named.ingredient)
GROUP BY named.ingredient
ON CONFLICT (name) DO NOTHING;
