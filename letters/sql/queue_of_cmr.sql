-- Cover letter, action plan and medication list of each completed review; due when its summary is.
INSERT INTO letters_letter (plan_id, member_id, cmr_id, kind, due_on, created_at)
SELECT review.plan_id, review.member_id, review.id, kinds.kind, review.summary_due_on, now()
FROM reviews_cmr review
CROSS JOIN unnest(ARRAY['cover_letter', 'action_plan', 'medication_list']) AS kinds(kind)
WHERE review.status = 'completed'
  AND NOT EXISTS (
      SELECT 1 FROM letters_letter known
      WHERE known.cmr_id = review.id AND known.kind = kinds.kind AND known.status <> 'void'
  )
ORDER BY review.id
ON CONFLICT DO NOTHING
