-- Every number that a member of the plan goes by or went by; their own number is always among them.
SELECT number, member_id FROM members_number WHERE plan_id = %(plan)s;
