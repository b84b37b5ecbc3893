-- Enrollments last to the end of their calendar year; whoever opted out of a year may be enrolled anew in the next. Those of
-- a row that was merged into another member end at once: that member is decided, and takes part, on its own.
WITH ended AS (
    UPDATE eligibility_enrollment e
    SET status = 'ended', ended_on = least(e.ends_on, %(on)s)
    FROM (
        SELECT id, status FROM eligibility_enrollment
        WHERE status <> 'ended' AND (
            plan_year < %(year)s OR member_id IN (SELECT id FROM members_member WHERE merged_into_id IS NOT NULL)
        )
        FOR UPDATE
    ) past
    WHERE e.id = past.id
    RETURNING e.id, e.plan_id, past.status
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, status, 'ended', now(), NULL
FROM ended
