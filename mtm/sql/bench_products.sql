INSERT INTO claims_drugproduct (ndc, label, source)
SELECT '97777' || lpad(id::text, 6, '0'), name, 'benchmark' FROM claims_ingredient ORDER BY id LIMIT 400;
INSERT INTO claims_productingredient (product_id, ingredient_id)
SELECT p.id, i.id FROM claims_drugproduct p JOIN claims_ingredient i ON p.ndc = '97777' || lpad(i.id::text, 6, '0')
