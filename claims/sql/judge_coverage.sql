-- Coverage is one kind of period: what is right so far is judged and kept with the others (judge_spans).
INSERT INTO judged_coverage (line, reason)
SELECT
    line,
    CASE
        WHEN length(contract) > 5 THEN 'the contract number is too long'
        WHEN strpos(contract, '-') > 0 THEN 'no valid contract number'
        WHEN length(pbp) > 3 THEN 'the benefit package number is too long'
        WHEN contract = '' AND pbp <> '' THEN 'a benefit package without a contract'
        WHEN position('-' IN contract) > 0 THEN 'no valid contract number'
    END AS reason
FROM stage_coverage;

INSERT INTO stage_spans
SELECT
    line, source_id, 'coverage', upper(concat_ws('-', nullif(contract, ''), nullif(pbp, ''))), starts_on, ends_on, as_of,
    action
FROM stage_coverage
WHERE length(contract) <= 5 AND strpos(contract, '-') = 0 AND length(pbp) <= 3;
DELETE FROM judged_coverage WHERE reason IS NULL;
