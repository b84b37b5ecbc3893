SELECT
    count(*) FILTER (
        WHERE NOT EXISTS (
            SELECT 1 FROM claims_drugproduct product JOIN claims_productingredient part ON part.product_id = product.id
            WHERE product.ndc = fill.ndc
        )
    ) AS unmapped,
    max(fill.filled_on) AS claims_through
FROM claims_fill fill
WHERE fill.file_id = %(file)s;
