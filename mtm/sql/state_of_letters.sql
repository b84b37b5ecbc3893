SELECT m.source_id, l.kind, l.status, l.due_on, l.mailed_on, l.template_revision, l.pdf_sha256
FROM letters_letter l JOIN members_member m ON m.id = l.member_id
WHERE l.plan_id = %(plan)s
