DROP TABLE IF EXISTS stage_directory, named_directory, judged_directory;
CREATE TEMPORARY TABLE stage_directory (
    ndc text, label text, acts text, ingredient text, rxcui text, is_brand boolean, strength text, form text, route text,
    package text, package_size numeric, epc text, marketed_until text
) ON COMMIT DROP;
