-- Of each start the newest statement is kept, for itself of a period, an end and a gap; which periods hold follows from all
-- statements (members_renew_spans).
INSERT INTO members_spanentry AS known (plan_id, member_id, kind, value, starts_on, ends_on, action, as_of)
SELECT DISTINCT ON (owner.member_id, j.kind, j.starts_on, replace(j.action, 'delete', ''))
    %(plan)s, owner.member_id, j.kind, j.value, j.starts_on, j.ends_on, j.action, j.as_of
FROM judged_spans j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY
    owner.member_id, j.kind, j.starts_on, replace(j.action, 'delete', ''), j.as_of DESC,
    members_entry_content(j.action, j.ends_on, j.value) DESC
ON CONFLICT (
    member_id, kind, starts_on, (CASE WHEN action = 'end' THEN 1 WHEN action = 'gap' THEN 2 ELSE 0 END)
) DO UPDATE SET
    value = excluded.value, ends_on = excluded.ends_on, action = excluded.action, as_of = excluded.as_of
WHERE (excluded.as_of, members_entry_content(excluded.action, excluded.ends_on, excluded.value))
    > (known.as_of, members_entry_content(known.action, known.ends_on, known.value));

SELECT members_renew_spans(ARRAY(
    SELECT DISTINCT owner.member_id
    FROM judged_spans j
    JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
    WHERE j.reason IS NULL
));
