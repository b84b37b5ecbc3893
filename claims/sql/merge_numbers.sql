-- Every number of both leads to the member that stays; what came along is written down.
INSERT INTO members_membermerge (plan_id, member_id, number, identifiers, merged_at)
SELECT %(plan)s, m.survivor_id, m.former_number, jsonb_agg(i.value ORDER BY i.value), now()
FROM merging m
JOIN members_identifier i ON i.member_id = m.absorbed_id
GROUP BY m.survivor_id, m.former_number;

INSERT INTO members_identifier AS known (plan_id, member_id, kind, value, starts_on, ends_on, as_of, leads)
SELECT %(plan)s, m.survivor_id, i.kind, i.value, i.starts_on, i.ends_on, i.as_of, false
FROM merging m
JOIN members_identifier i ON i.member_id = m.absorbed_id
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
DELETE FROM members_identifier WHERE member_id IN (SELECT absorbed_id FROM merging);
UPDATE members_identifier i
SET kind = CASE WHEN i.kind = 'mbi' THEN i.kind ELSE m.kind END, as_of = greatest(i.as_of, m.as_of)
FROM merging m
WHERE i.member_id = m.survivor_id AND i.value = m.former_number;

-- In three steps, for a number is never of two rows.
UPDATE members_member row SET source_id = '~' || row.id FROM merging m WHERE row.id = m.absorbed_id;
UPDATE members_member row SET source_id = m.number FROM merging m WHERE row.id = m.survivor_id;
UPDATE members_member row
SET source_id = m.former_number, merged_into_id = m.survivor_id
FROM merging m
WHERE row.id = m.absorbed_id;
UPDATE members_member row SET merged_into_id = m.survivor_id FROM merging m WHERE row.merged_into_id = m.absorbed_id;

SELECT members_lead_numbers(%(plan)s, ARRAY(
    SELECT i.value FROM merging m JOIN members_identifier i ON i.member_id = m.survivor_id
));
SELECT members_show_medicare_numbers(ARRAY(SELECT survivor_id FROM merging));
