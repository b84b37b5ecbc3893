-- A member already known with facts as new as these is a duplicate; older facts are brought up to date.
CREATE TEMPORARY TABLE judged_members ON COMMIT DROP AS
WITH read AS (
    SELECT
        s.line, s.source_id, s.mbi, s.first_name, s.last_name, s.sex, s.address, s.city, s.state, s.postal_code,
        s.esrd, s.coverage, s.action, s.death_date AS death_text,
        claims_to_date(s.birth_date) AS birth_date,
        claims_to_date(s.death_date) AS death_date,
        claims_to_date(s.facts_as_of) AS facts_as_of,
        row_number() OVER (PARTITION BY s.source_id, s.action ORDER BY s.line) AS copy
    FROM stage_members s
)
SELECT
    r.*,
    CASE
        WHEN r.source_id = '' THEN 'no member number'
        WHEN length(r.source_id) > 40 THEN 'the member number is too long'
        WHEN r.action = 'delete' THEN 'deletion of a member'
        WHEN length(r.mbi) > 11 THEN 'the Medicare number is too long'
        WHEN length(r.state) > 2 THEN 'the state is not two letters'
        WHEN r.birth_date IS NULL THEN 'no valid birth date'
        WHEN r.death_text <> '' AND r.death_date IS NULL THEN 'no valid date of death'
        WHEN r.facts_as_of IS NULL THEN 'no valid year'
        WHEN r.copy > 1 OR known.facts_as_of >= r.facts_as_of THEN 'duplicate'
    END AS reason
FROM read r
LEFT JOIN members_member known ON known.plan_id = %(plan)s AND known.source_id = r.source_id;
