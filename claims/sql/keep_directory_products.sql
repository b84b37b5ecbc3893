INSERT INTO claims_drugproduct (ndc, label, is_brand, systemic, source)
SELECT DISTINCT ON (ndc) ndc, label, is_brand, claims_is_systemic(label), 'RxNorm Current Prescribable Content'
FROM stage_directory
WHERE ndc ~ '^[0-9]{11}$'
ON CONFLICT (ndc) DO UPDATE
SET label = excluded.label, is_brand = excluded.is_brand, systemic = excluded.systemic;
