-- A welcome letter for each enrollment that has none; due in 14 days.
INSERT INTO letters_letter (plan_id, member_id, enrollment_id, kind, due_on, created_at)
SELECT e.plan_id, e.member_id, e.id, 'welcome', e.enrolled_on + 14, now()
FROM eligibility_enrollment e
WHERE e.status = 'enrolled'
  AND NOT EXISTS (SELECT 1 FROM letters_letter known WHERE known.enrollment_id = e.id AND known.status <> 'void')
ORDER BY e.id
ON CONFLICT DO NOTHING
