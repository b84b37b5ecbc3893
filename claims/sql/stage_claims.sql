-- Typed claims that meet what is known, each with the file and line it came from.
DROP TABLE IF EXISTS stage_fills, stage_diagnoses;
CREATE TEMPORARY TABLE stage_fills (
    file_id bigint, line bigint, member_id bigint, claim_id varchar(40) COLLATE "C", filled_on date, ndc text,
    quantity numeric(10, 3), days_supply smallint, cost numeric(12, 2), coverage text, compound boolean, dispensing text,
    rx_number text, fill_number smallint, prescriber text, pharmacy text, processed_on date, action smallint, updated boolean,
    final boolean,
    -- Not so where this load is the plan's first and the claim is new in it.
    may_be_known boolean DEFAULT true
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_diagnoses (
    file_id bigint, line bigint, member_id bigint, claim_id varchar(40) COLLATE "C", diagnosed_on date, system text,
    code text, inpatient boolean
) ON COMMIT DROP;
