DROP TABLE IF EXISTS stage_fda_product, stage_fda_package;
CREATE TEMPORARY TABLE stage_fda_product (
    product_id text, label text, acts text, ingredient text, is_brand boolean, strength text, form text, route text, epc text,
    marketed_until text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_fda_package (
    product_id text, ndc text, package text, package_size numeric, marketed_until text
) ON COMMIT DROP;
