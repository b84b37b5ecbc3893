-- Every number that a member of the plan goes by or went by.
SELECT DISTINCT ON (number) number, member_id
FROM (
    SELECT source_id AS number, id AS member_id, 1 AS rank FROM members_member WHERE plan_id = %(plan)s
    UNION ALL
    SELECT value, member_id, 2 FROM members_identifier WHERE plan_id = %(plan)s
) known
ORDER BY number, rank;
