-- Ranges of enrolled members, each of about the same number.
INSERT INTO reviews_sweepshard (
    plan_id, run_id, first_member, last_member, status, attempts, members, findings, new_alerts, problem
)
SELECT %(plan)s, %(run)s, min(member_id), max(member_id), 'pending', 0, 0, 0, 0, ''
FROM (
    SELECT member_id, (row_number() OVER (ORDER BY member_id) - 1) / %(size)s AS shard
    FROM eligibility_enrollment
    WHERE plan_id = %(plan)s AND status = 'enrolled'
    GROUP BY member_id
) numbered
GROUP BY shard
