-- Members who would be enrolled on the day if they were eligible: alive, covered by the plan, and without an enrollment of
-- the year. Whoever has one, opted out or not, keeps it; who opted out until they say otherwise stays out.
SELECT m.id AS member_id
FROM members_member m
WHERE m.plan_id = %(plan)s AND m.merged_into_id IS NULL AND (m.death_date IS NULL OR m.death_date > %(on)s)
  AND NOT EXISTS (
      SELECT 1 FROM eligibility_enrollment known
      WHERE known.member_id = m.id
        AND (
            known.opt_out_lasts = 'always' AND known.opted_out_on IS NOT NULL
            -- Who left the plan and came back, or whose death was withdrawn, is enrolled again.
            OR known.plan_year = %(year)s AND (known.status <> 'ended' OR known.end_reason NOT IN ('01', '02'))
        )
  )
  AND (
      NOT EXISTS (SELECT 1 FROM members_coveragespan span WHERE span.member_id = m.id)
      OR EXISTS (
          SELECT 1 FROM members_coveragespan span WHERE span.member_id = m.id AND span.period @> %(on)s::date
      )
  )
