-- What is wanted is kept apart: the staging tables are emptied while it is done.
CREATE TEMPORARY TABLE IF NOT EXISTS merges_left (member_id bigint, former_id bigint, kind text, as_of date) ON COMMIT DROP;
TRUNCATE merges_left;
INSERT INTO merges_left SELECT * FROM wanted_merges;
