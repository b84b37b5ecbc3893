-- What is still to be merged, by the members that stay.
UPDATE merges_left w SET member_id = m.survivor_id FROM merging m WHERE w.member_id = m.absorbed_id;
UPDATE merges_left w SET former_id = m.survivor_id FROM merging m WHERE w.former_id = m.absorbed_id;
DELETE FROM merges_left WHERE member_id = former_id;
SELECT absorbed_id FROM merging;
