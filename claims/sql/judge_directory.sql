-- Each NDC once, and whether somebody else knows it better: a better source, or the same one on a later day.
CREATE TEMPORARY TABLE judged_directory ON COMMIT DROP AS
WITH named AS (
    SELECT DISTINCT ON (ndc) stage_directory.*, bool_or(ingredient IS NOT NULL) OVER (PARTITION BY ndc) AS has_parts
    FROM stage_directory
    WHERE ndc ~ '^[0-9]{11}$'
    ORDER BY ndc, ingredient
)
SELECT
    named.*,
    product.id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM claims_productingredient part WHERE part.product_id = product.id)
            AND (product.source = ANY(%(better)s) OR NOT named.has_parts)
        OR EXISTS (
            SELECT 1 FROM claims_druglisting listing
            WHERE listing.product_id = product.id AND listing.source = %(source)s AND listing.last_seen_on > %(as_of)s
        )
    ) AS outranked
FROM named
LEFT JOIN claims_drugproduct product ON product.ndc = named.ndc;
CREATE UNIQUE INDEX ON judged_directory (ndc);
ANALYZE judged_directory;
