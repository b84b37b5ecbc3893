-- Every number that a member of the plan goes by or went by; their own number is always among them.
SELECT value AS number, member_id FROM members_identifier WHERE plan_id = %(plan)s;
