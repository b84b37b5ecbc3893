INSERT INTO members_contactpreference AS known (plan_id, member_id, channel, wish, starts_on, ends_on, source, as_of)
SELECT DISTINCT ON (owner.member_id, j.channel, j.starts_on)
    %(plan)s, owner.member_id, j.channel, j.wish, j.starts_on, j.ends_on, j.source, j.as_of
FROM judged_preferences j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.channel, j.starts_on, j.as_of DESC, j.content DESC
ON CONFLICT (member_id, channel, starts_on) DO UPDATE SET
    wish = excluded.wish, ends_on = excluded.ends_on, source = excluded.source, as_of = excluded.as_of
WHERE (excluded.as_of, members_wish_content(excluded.wish, excluded.ends_on, excluded.source))
    > (known.as_of, members_wish_content(known.wish, known.ends_on, known.source));
