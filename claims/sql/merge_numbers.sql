-- Every number of both leads to the member that stays; what came along is written down.
INSERT INTO members_membermerge (plan_id, member_id, number, identifiers, merged_at)
SELECT %(plan)s, m.survivor_id, m.former_number, jsonb_agg(i.value ORDER BY i.value), now()
FROM merging m
JOIN members_identifier i ON i.member_id = m.absorbed_id
GROUP BY m.survivor_id, m.former_number;
UPDATE members_identifier i
SET member_id = m.survivor_id,
    kind = CASE WHEN i.value = m.former_number THEN m.kind ELSE i.kind END,
    as_of = CASE WHEN i.value = m.former_number THEN greatest(i.as_of, m.as_of) ELSE i.as_of END
FROM merging m
WHERE i.member_id IN (m.survivor_id, m.absorbed_id);

-- In three steps, for a number is never of two rows.
UPDATE members_member row SET source_id = '~' || row.id FROM merging m WHERE row.id = m.absorbed_id;
UPDATE members_member row SET source_id = m.number FROM merging m WHERE row.id = m.survivor_id;
UPDATE members_member row
SET source_id = m.former_number, merged_into_id = m.survivor_id
FROM merging m
WHERE row.id = m.absorbed_id;

UPDATE members_member row SET merged_into_id = m.survivor_id FROM merging m WHERE row.merged_into_id = m.absorbed_id;

UPDATE members_member row
SET mbi = coalesce((
    SELECT value FROM members_identifier
    WHERE member_id = row.id AND kind = 'mbi'
    ORDER BY (ends_on IS NULL) DESC, as_of DESC NULLS LAST, starts_on DESC NULLS LAST, value DESC
    LIMIT 1
), row.mbi)
FROM merging m
WHERE row.id = m.survivor_id;
