-- An ingredient we know by RxCUI keeps our name; the others come in under their RxNorm name.
INSERT INTO claims_ingredient (name, rxcui, drug_class, maintenance, source)
SELECT DISTINCT ON (s.ingredient) s.ingredient, s.rxcui, '', '', 'RxNorm Current Prescribable Content'
FROM stage_directory s
WHERE NOT EXISTS (SELECT 1 FROM claims_ingredient known WHERE known.rxcui = s.rxcui AND s.rxcui <> '')
ON CONFLICT (name) DO UPDATE SET rxcui = coalesce(nullif(claims_ingredient.rxcui, ''), excluded.rxcui);
