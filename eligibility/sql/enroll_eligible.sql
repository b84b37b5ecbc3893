-- The latest determination of each member in the year decides; whoever has an enrollment, opted out or not, keeps it.
WITH latest AS (
    SELECT DISTINCT ON (d.member_id) d.id, d.member_id, d.outcome
    FROM eligibility_determination d
    JOIN eligibility_criteria c ON c.id = d.criteria_id
    WHERE d.plan_id = %(plan)s AND c.plan_year = %(year)s AND d.as_of <= %(on)s
    ORDER BY d.member_id, d.as_of DESC, d.id DESC
),
enrolled AS (
    INSERT INTO eligibility_enrollment (
        plan_id, member_id, determination_id, plan_year, enrolled_on, cmr_offer_due_on, opt_out_reason
    )
    SELECT %(plan)s, latest.member_id, latest.id, %(year)s, %(on)s, %(on)s::date + 60, ''
    FROM latest
    WHERE latest.outcome = 'eligible'
      AND NOT EXISTS (
          SELECT 1 FROM eligibility_enrollment known
          WHERE known.member_id = latest.member_id AND known.plan_year = %(year)s
      )
    ON CONFLICT DO NOTHING
    RETURNING id, plan_id
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, '', 'enrolled', now(), %(by)s
FROM enrolled
RETURNING subject_id;
