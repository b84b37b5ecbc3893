-- The pairs to merge now: of pairs that share a member only the first, so that no member is in two at once. The row
-- that is longer with us stays; it takes over the number that is in use.
CREATE TEMPORARY TABLE IF NOT EXISTS merging (
    survivor_id bigint, absorbed_id bigint, number text, former_number text, kind text, as_of date
) ON COMMIT DROP;
TRUNCATE merging;
INSERT INTO merging
WITH pair AS (
    SELECT DISTINCT ON (least(member_id, former_id), greatest(member_id, former_id))
        least(member_id, former_id) AS survivor_id, greatest(member_id, former_id) AS absorbed_id,
        member_id AS current_id, former_id, kind, as_of
    FROM merges_left
    ORDER BY least(member_id, former_id), greatest(member_id, former_id), as_of DESC, kind, member_id
)
SELECT pair.survivor_id, pair.absorbed_id, current.source_id AS number, former.source_id AS former_number, pair.kind,
    pair.as_of
FROM pair
JOIN members_member current ON current.id = pair.current_id
JOIN members_member former ON former.id = pair.former_id
WHERE NOT EXISTS (
    SELECT 1 FROM pair earlier
    WHERE (earlier.survivor_id, earlier.absorbed_id) < (pair.survivor_id, pair.absorbed_id)
      AND ARRAY[earlier.survivor_id, earlier.absorbed_id] && ARRAY[pair.survivor_id, pair.absorbed_id]
);
