-- Enrollments of who died (01) or whom the plan no longer covers (02) end on the last day there was, as the feeds tell it.
WITH departed AS (
    SELECT
        e.id, CASE WHEN m.death_date <= %(on)s THEN '01' ELSE '02' END AS reason,
        CASE WHEN m.death_date <= %(on)s THEN m.death_date ELSE last.day END AS day
    FROM eligibility_enrollment e
    JOIN members_member m ON m.id = e.member_id
    CROSS JOIN LATERAL (
        SELECT max(upper(span.period) - 1) FILTER (WHERE upper(span.period) <= %(on)s) AS day,
            bool_or(span.period @> %(on)s::date) AS covered
        FROM members_coveragespan span
        WHERE span.member_id = m.id
    ) last
    WHERE e.status = 'enrolled' AND (m.death_date <= %(on)s OR last.day IS NOT NULL AND NOT last.covered)
    FOR UPDATE OF e
),
ended AS (
    UPDATE eligibility_enrollment e
    SET status = 'ended', end_reason = departed.reason, ended_on = greatest(departed.day, e.enrolled_on)
    FROM departed
    WHERE e.id = departed.id
    RETURNING e.id, e.plan_id
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, 'enrolled', 'ended', now(), NULL
FROM ended
