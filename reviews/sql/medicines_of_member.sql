-- Each drug filled lately, by its label, with who prescribed it last.
SELECT DISTINCT ON (name) name, prescriber, filled_on AS last_filled_on
FROM (
    SELECT left(coalesce(p.label, 'NDC ' || f.ndc), 200) AS name, f.prescriber, f.filled_on, f.id
    FROM claims_fill f
    LEFT JOIN claims_drugproduct p ON p.ndc = f.ndc
    WHERE f.member_id = %(member)s AND f.filled_on > %(since)s AND f.filled_on <= %(on)s
) filled
ORDER BY name, filled_on DESC, id DESC
