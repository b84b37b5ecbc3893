-- Of each member who took part in the plan year: for how many days, and whether the CMR completion rate counts them.
WITH taken_part AS (
    SELECT
        e.id, e.member_id, e.determination_id, e.enrolled_on,
        -- The day of enrollment counts, the day of an opt-out does not.
        coalesce(e.opted_out_on, e.ended_on + 1, e.ends_on + 1) AS until
    FROM eligibility_enrollment e
    WHERE e.plan_id = %(plan)s AND e.plan_year = %(year)s
),
person AS (
    SELECT
        t.member_id, sum(greatest(t.until - t.enrolled_on, 0))::int AS days,
        bool_or(own.cms_reason <> '' OR EXISTS (
            SELECT 1 FROM eligibility_determination d
            WHERE d.member_id = t.member_id AND d.cms_reason <> '' AND extract(year FROM d.as_of) = %(year)s
        )) AS targeted,
        coalesce(bool_or(review.completed_on >= t.enrolled_on AND review.completed_on < t.until), false) AS reviewed,
        coalesce(bool_or(review.completed_on = t.until), false) AS to_inspect
    FROM taken_part t
    JOIN eligibility_determination own ON own.id = t.determination_id
    LEFT JOIN reviews_cmr review
        ON review.enrollment_id = t.id AND review.status = 'completed'
        AND extract(year FROM review.completed_on) = %(year)s
    GROUP BY t.member_id
),
placed AS (
    SELECT
        person.*, m.birth_date <= make_date(%(year)s - 18, 1, 1) AS adult,
        EXISTS (
            SELECT 1 FROM members_memberspan span
            WHERE span.member_id = m.id AND span.kind = 'hospice'
              AND span.period && daterange(make_date(%(year)s, 1, 1), make_date(%(year)s + 1, 1, 1))
        ) AS hospice
    FROM person
    JOIN members_member m ON m.id = person.member_id
)
SELECT
    member_id, days, reviewed, to_inspect,
    targeted AND coalesce(adult, true) AND NOT hospice AND (days >= 60 OR reviewed) AS counted
FROM placed
ORDER BY member_id
