-- Enrollments last to the end of their calendar year; whoever opted out of a year may be enrolled anew in the next.
WITH ended AS (
    UPDATE eligibility_enrollment e
    SET status = 'ended', ended_on = least(e.ends_on, %(on)s)
    FROM (
        SELECT id, status FROM eligibility_enrollment
        WHERE status <> 'ended' AND plan_year < %(year)s
        FOR UPDATE
    ) past
    WHERE e.id = past.id
    RETURNING e.id, e.plan_id, past.status
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, status, 'ended', now(), NULL
FROM ended
