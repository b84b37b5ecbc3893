-- Members by number only, where nobody of the plan is known by it.
INSERT INTO members_member (
    plan_id, source_id, mbi, first_name, last_name, sex, address, city, state, postal_code, phone, time_zone
)
SELECT %(plan)s, number, '', '', '', '', '', '', '', '', '', ''
FROM unnest(%(numbers)s::text[]) AS given (number)
WHERE length(number) BETWEEN 1 AND 40
  AND NOT EXISTS (SELECT 1 FROM members_number known WHERE known.plan_id = %(plan)s AND known.number = given.number);
