INSERT INTO members_representative AS known (
    plan_id, member_id, name, relationship, may_be_told, may_be_sent, may_decide, phone, address, city, state, postal_code,
    starts_on, ends_on, as_of
)
SELECT DISTINCT ON (owner.member_id, j.name, j.starts_on)
    %(plan)s, owner.member_id, j.name, j.relationship, j.may_be_told, j.may_be_sent, j.may_decide, j.phone, j.address,
    j.city, j.state, j.postal_code, j.starts_on, j.ends_on, j.as_of
FROM judged_representatives j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.name, j.starts_on, j.as_of DESC, j.content DESC
ON CONFLICT (member_id, name, starts_on) DO UPDATE SET
    relationship = excluded.relationship, may_be_told = excluded.may_be_told, may_be_sent = excluded.may_be_sent,
    may_decide = excluded.may_decide, phone = excluded.phone, address = excluded.address, city = excluded.city,
    state = excluded.state, postal_code = excluded.postal_code, ends_on = excluded.ends_on, as_of = excluded.as_of
WHERE (excluded.as_of, members_mandate_content(
        excluded.ends_on, excluded.may_be_told, excluded.may_be_sent, excluded.may_decide, excluded.relationship,
        excluded.phone, excluded.address, excluded.city, excluded.state, excluded.postal_code
    )) > (known.as_of, members_mandate_content(
        known.ends_on, known.may_be_told, known.may_be_sent, known.may_decide, known.relationship, known.phone,
        known.address, known.city, known.state, known.postal_code
    ));
