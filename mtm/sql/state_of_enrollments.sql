SELECT m.source_id, e.plan_year, e.status, e.enrolled_on, e.cmr_offer_due_on, e.opted_out_on
FROM eligibility_enrollment e JOIN members_member m ON m.id = e.member_id
WHERE e.plan_id = %(plan)s
