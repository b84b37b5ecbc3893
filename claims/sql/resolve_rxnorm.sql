CREATE INDEX ON stage_rx_concept (rxcui);
CREATE INDEX ON stage_rx_relation (subject);
CREATE INDEX ON stage_rx_attribute (rxcui);
ANALYZE stage_rx_concept, stage_rx_relation, stage_rx_attribute;
INSERT INTO stage_directory (ndc, label, acts, ingredient, rxcui, is_brand, strength, form, route, package, epc, marketed_until)
WITH RECURSIVE concept AS MATERIALIZED (
    SELECT DISTINCT ON (rxcui) rxcui, kind, name
    FROM stage_rx_concept
    ORDER BY rxcui, suppressed = 'N' DESC, kind
),
-- An NDC that stands at several concepts is what its brand says it is.
drug AS MATERIALIZED (
    SELECT DISTINCT ON (code.value) code.value AS ndc, concept.*
    FROM stage_rx_attribute code
    JOIN concept ON concept.rxcui = code.rxcui AND concept.kind IN ('SBD', 'BPCK', 'SCD', 'GPCK')
    WHERE code.name = 'NDC'
    ORDER BY code.value, array_position(ARRAY['SBD', 'BPCK', 'SCD', 'GPCK'], concept.kind), concept.rxcui
),
-- From brand to drug, pack to contents, drug to components, component to ingredient, salt to ingredient. Names of brands
-- are not on the way: one name may stand for several combinations.
reached AS (
    SELECT DISTINCT drug.rxcui AS drug, drug.rxcui AS at FROM drug
    UNION
    SELECT reached.drug, relation.object
    FROM reached
    JOIN stage_rx_relation relation ON relation.subject = reached.at AND relation.relation <> 'has_dose_form'
    JOIN concept ON concept.rxcui = relation.object AND concept.kind <> 'DF'
),
part AS (
    SELECT reached.drug, lower(left(concept.name, 120)) AS name, concept.rxcui
    FROM reached
    JOIN concept ON concept.rxcui = reached.at AND concept.kind = 'IN'
),
form AS (
    SELECT relation.subject AS drug, string_agg(DISTINCT concept.name, ' / ' ORDER BY concept.name) AS name
    FROM stage_rx_relation relation
    JOIN concept ON concept.rxcui = relation.object AND concept.kind = 'DF'
    WHERE relation.relation = 'has_dose_form'
    GROUP BY relation.subject
),
strength AS (
    SELECT rxcui AS drug, min(value) AS value FROM stage_rx_attribute WHERE name = 'RXN_AVAILABLE_STRENGTH' GROUP BY rxcui
)
SELECT
    drug.ndc, left(drug.name, 200), drug.name, part.name, coalesce(part.rxcui, ''), drug.kind IN ('SBD', 'BPCK'),
    coalesce(left(strength.value, 200), ''), coalesce(left(form.name, 120), ''), '', '', '', ''
FROM drug
LEFT JOIN part ON part.drug = drug.rxcui
LEFT JOIN form ON form.drug = drug.rxcui
LEFT JOIN strength ON strength.drug = drug.rxcui;
