-- The latest determination of each member in the year decides; whoever has an enrollment, opted out or not, keeps it. Not
-- enrolled are those who died, whom the plan does not cover on that day, and who opted out until they say otherwise.
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
    JOIN members_member m ON m.id = latest.member_id
    WHERE latest.outcome = 'eligible' AND m.merged_into_id IS NULL AND (m.death_date IS NULL OR m.death_date > %(on)s)
      AND NOT EXISTS (
          SELECT 1 FROM eligibility_enrollment known
          WHERE known.member_id = latest.member_id
            AND (
                known.opt_out_lasts = 'always' AND known.opted_out_on IS NOT NULL
                -- Who left the plan and came back, or whose death was withdrawn, is enrolled again.
                OR known.plan_year = %(year)s AND (known.status <> 'ended' OR known.end_reason NOT IN ('01', '02'))
            )
      )
      AND (
          NOT EXISTS (SELECT 1 FROM members_coveragespan span WHERE span.member_id = latest.member_id)
          OR EXISTS (
              SELECT 1 FROM members_coveragespan span
              WHERE span.member_id = latest.member_id AND span.period @> %(on)s::date
          )
      )
    ON CONFLICT DO NOTHING
    RETURNING id, plan_id
)
INSERT INTO eligibility_enrollmenttransition (subject_id, plan_id, from_status, to_status, at, by_id)
SELECT id, plan_id, '', 'enrolled', now(), %(by)s
FROM enrolled
RETURNING subject_id;
