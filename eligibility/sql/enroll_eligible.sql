-- The latest determination of each member in the year decides.
WITH latest AS (
    SELECT DISTINCT ON (d.member_id) d.id, d.member_id, d.outcome
    FROM eligibility_determination d
    JOIN eligibility_criteria c ON c.id = d.criteria_id
    WHERE d.plan_id = %(plan)s AND c.plan_year = %(year)s AND d.as_of <= %(on)s
    ORDER BY d.member_id, d.as_of DESC, d.id DESC
),
enrolled AS (
    INSERT INTO eligibility_enrollment (
        plan_id, member_id, determination_id, plan_year, enrolled_on, cmr_offer_due_on, opt_out_reason, ends_on
    )
    SELECT
        %(plan)s, latest.member_id, latest.id, %(year)s, %(on)s, %(on)s::date + 60, '', make_date(%(year)s, 12, 31)
    FROM latest
    JOIN ({inner}) free ON free.member_id = latest.member_id
    WHERE latest.outcome = 'eligible'
    ON CONFLICT DO NOTHING
    RETURNING id, plan_id
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, '', 'enrolled', now(), %(by)s
FROM enrolled
RETURNING subject_id;
