-- Consecutive months become one period; what is already covered is not covered twice.
INSERT INTO members_coveragespan (plan_id, member_id, period)
SELECT %(plan)s, fresh.member_id, period
FROM (
    SELECT
        m.id AS member_id,
        range_agg(daterange(
            split_part(month, '/', 1)::date,
            CASE
                WHEN length(split_part(month, '/', 2)) = 7
                THEN (split_part(month, '/', 1)::date + interval '1 month')::date
                ELSE split_part(month, '/', 2)::date + 1
            END
        )) AS covered
    FROM judged_members j
    JOIN members_member m ON m.plan_id = %(plan)s AND m.source_id = j.source_id
    CROSS JOIN LATERAL unnest(string_to_array(j.coverage, ';')) AS month
    WHERE j.reason IS NULL AND j.coverage <> ''
    GROUP BY m.id
) fresh
LEFT JOIN LATERAL (
    SELECT range_agg(span.period) AS covered FROM members_coveragespan span WHERE span.member_id = fresh.member_id
) known ON true
CROSS JOIN LATERAL unnest(fresh.covered - coalesce(known.covered, '{}'::datemultirange)) AS period;
