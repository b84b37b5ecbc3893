DROP TABLE IF EXISTS stage_directory;
CREATE TEMPORARY TABLE stage_directory (ndc text, label text, is_brand boolean, ingredient text, rxcui text) ON COMMIT DROP;
