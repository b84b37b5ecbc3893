SELECT
    (SELECT count(*) FROM judged_directory) AS products,
    (
        SELECT count(*)
        FROM judged_directory judged
        JOIN claims_drugproduct product ON product.ndc = judged.ndc
        WHERE NOT EXISTS (SELECT 1 FROM claims_productingredient part WHERE part.product_id = product.id)
    ) AS without_ingredients,
    (SELECT count(DISTINCT ndc) FROM stage_directory WHERE ndc !~ '^[0-9]{11}$') AS skipped,
    (
        SELECT count(*) FROM judged_directory WHERE marketed_until <> '' AND claims_to_date(marketed_until) IS NULL
    ) AS bad_ends
