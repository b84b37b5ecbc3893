-- What is told of a number adds up by member and number. Where several members claim one, it leads to the one whose own
-- number it is, else to the one of whom it was told last, and of two of one day to the one of the smaller number. A
-- former number that is another member's own says that the two are one person, and so does a Medicare number.
INSERT INTO told_identifiers (member_id, kind, value, starts_on, ends_on, as_of, holder_id)
SELECT owner.member_id, j.kind, j.value, j.starts_on, j.ends_on, j.as_of, own.id
FROM judged_identifiers j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
LEFT JOIN members_member own ON own.plan_id = %(plan)s AND own.source_id = j.value AND own.id <> owner.member_id
    AND own.merged_into_id IS NULL AND j.kind IN ('former', 'merged', 'mbi')
WHERE j.reason IS NULL;

INSERT INTO wanted_merges
SELECT DISTINCT member_id, holder_id, kind, as_of FROM told_identifiers WHERE holder_id IS NOT NULL AND kind <> 'mbi';
-- Those who share a Medicare number are not one person: whose own number it is becomes one with whom it will lead to.
INSERT INTO wanted_merges
SELECT DISTINCT ON (t.value) t.member_id, t.holder_id, t.kind, t.as_of
FROM told_identifiers t
JOIN members_member m ON m.id = t.member_id
WHERE t.holder_id IS NOT NULL AND t.kind = 'mbi'
ORDER BY t.value, t.as_of DESC, m.source_id COLLATE "C";

-- A number that nobody else claims leads to its member at once.
INSERT INTO members_identifier AS known (plan_id, member_id, kind, value, starts_on, ends_on, as_of, leads)
SELECT
    %(plan)s, t.member_id, (array_agg(t.kind ORDER BY members_rank_of_number(t.kind)))[1], t.value,
    -- A start that comes after the end is not known: records that agreed may have been rejected for something else.
    CASE WHEN max(t.ends_on) < min(t.starts_on) THEN NULL ELSE min(t.starts_on) END, max(t.ends_on), max(t.as_of), bool_and(holder.member_id IS NULL) AND 1 = row_number() OVER (PARTITION BY t.value)
FROM told_identifiers t
LEFT JOIN members_number holder ON holder.plan_id = %(plan)s AND holder.number = t.value
GROUP BY t.member_id, t.value
ORDER BY t.value
ON CONFLICT (member_id, value) DO UPDATE SET
    kind = CASE
        WHEN members_rank_of_number(known.kind) < members_rank_of_number(excluded.kind) THEN known.kind
        ELSE excluded.kind
    END,
    starts_on = CASE
        WHEN greatest(known.ends_on, excluded.ends_on) < least(known.starts_on, excluded.starts_on) THEN NULL
        ELSE least(known.starts_on, excluded.starts_on)
    END,
    ends_on = greatest(known.ends_on, excluded.ends_on),
    as_of = greatest(known.as_of, excluded.as_of);

SELECT members_lead_numbers(%(plan)s, ARRAY(
    SELECT t.value
    FROM told_identifiers t
    LEFT JOIN members_number holder ON holder.plan_id = %(plan)s AND holder.number = t.value
    GROUP BY t.value
    HAVING bool_or(holder.member_id IS DISTINCT FROM t.member_id)
));
SELECT members_show_medicare_numbers(ARRAY(SELECT DISTINCT member_id FROM told_identifiers));
