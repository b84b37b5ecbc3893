-- Where a file lands before it is judged. Temporary tables are not written to the log and vanish with the load.
DROP TABLE IF EXISTS stage_members, stage_diagnoses, stage_fills, judged_members, judged_diagnoses, judged_fills;
CREATE TEMPORARY TABLE stage_members (
    line integer, source_id text, mbi text, first_name text, last_name text, birth_date text, death_date text,
    sex text, address text, city text, state text, postal_code text, esrd boolean, facts_as_of text, coverage text,
    action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_diagnoses (
    line integer, source_id text, claim_id text, diagnosed_on text, system text, codes text, inpatient boolean,
    action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_fills (
    line integer, source_id text, claim_id text, filled_on text, ndc text, quantity text, days_supply text, cost text,
    covered boolean, prescriber text, pharmacy text, action text
) ON COMMIT DROP;
