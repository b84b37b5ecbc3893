ANALYZE stage_fda_product, stage_fda_package;
INSERT INTO stage_directory (
    ndc, label, acts, ingredient, rxcui, is_brand, strength, form, route, package, package_size, epc, marketed_until
)
SELECT
    package.ndc, product.label, product.acts, product.ingredient, '', product.is_brand, product.strength, product.form,
    product.route, package.package, package.package_size, product.epc,
    coalesce(nullif(package.marketed_until, ''), product.marketed_until)
FROM stage_fda_package package
JOIN stage_fda_product product ON product.product_id = package.product_id;
