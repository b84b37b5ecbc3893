DROP TABLE IF EXISTS stage_rx_concept, stage_rx_relation, stage_rx_attribute;
CREATE TEMPORARY TABLE stage_rx_concept (rxcui text, kind text, name text, suppressed text) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_rx_relation (subject text, relation text, object text) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_rx_attribute (rxcui text, name text, value text) ON COMMIT DROP;
