INSERT INTO claims_druglisting AS known (product_id, source, first_seen_on, last_seen_on)
SELECT product.id, %(source)s, %(as_of)s, %(as_of)s
FROM judged_directory judged
JOIN claims_drugproduct product ON product.ndc = judged.ndc
ON CONFLICT (product_id, source) DO UPDATE
SET first_seen_on = least(known.first_seen_on, excluded.first_seen_on),
    last_seen_on = greatest(known.last_seen_on, excluded.last_seen_on);
ANALYZE claims_drugproduct, claims_productingredient, claims_ingredient, claims_druglisting;
