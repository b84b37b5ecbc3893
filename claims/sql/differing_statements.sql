-- How many records of the file say of one day something else than is known, or than another of its records says: which
-- holds must not depend on which came first, so that a correction of the same day may not. Each part takes time in
-- proportion to the records, also where all are of one member.
WITH told_members AS (SELECT * FROM judged_members WHERE reason IS NULL OR reason = 'duplicate'),
told_spans AS (
    SELECT *, members_entry_content(action, ends_on, value) AS said
    FROM judged_spans
    WHERE reason IS NULL OR reason = 'duplicate'
),
told_at_risk AS (SELECT * FROM judged_at_risk WHERE reason IS NULL OR reason = 'duplicate'),
-- A record that tells several of a kind contradicts nobody by that.
told_contacts AS (
    SELECT line, min(source_id) AS source_id, kind, min(as_of) AS as_of,
        min(concat_ws('|', value, city, state, postal_code)) AS said
    FROM judged_contacts
    WHERE reason IS NULL OR reason = 'duplicate'
    GROUP BY line, kind
    HAVING count(*) = 1
),
told_preferences AS (
    SELECT *, wish || coalesce(ends_on::text, '') AS said
    FROM judged_preferences
    WHERE reason IS NULL OR reason = 'duplicate'
),
told_representatives AS (SELECT * FROM judged_representatives WHERE reason IS NULL OR reason = 'duplicate'),
told_prescribers AS (SELECT * FROM judged_prescribers WHERE reason IS NULL OR reason = 'duplicate'),
told_pharmacies AS (SELECT * FROM judged_pharmacies WHERE reason IS NULL OR reason = 'duplicate'),
told_drug_flags AS (SELECT * FROM judged_drug_flags WHERE reason IS NULL OR reason = 'duplicate'),
-- What the file says of one thing as of one day, each fact for itself.
several AS (
    SELECT line, source_id, fact, '' AS of, as_of, said
    FROM (SELECT *, count(*) OVER (PARTITION BY source_id, as_of) AS records FROM told_members) j
    CROSS JOIN LATERAL (VALUES
        ('first_name', first_name), ('last_name', last_name), ('birth_date', birth_date::text),
        ('death_date', death_date::text), ('sex', sex), ('language', language), ('format', format)
    ) facts (fact, said)
    WHERE records > 1
    UNION ALL
    SELECT line, source_id, kind, concat(starts_on, action = 'end'), as_of, said FROM told_spans
    UNION ALL
    SELECT line, source_id, kind, 'contact', as_of, said FROM told_contacts
    UNION ALL
    SELECT line, source_id, channel, concat(starts_on), as_of, said FROM told_preferences
    UNION ALL
    SELECT line, source_id, fact, concat(limitation, effective_on), as_of, said
    FROM told_at_risk
    CROSS JOIN LATERAL (VALUES
        ('status', status), ('planned_end_on', planned_end_on), ('extended_to', extended_to), ('ended_on', ended_on),
        ('source_plan', source_plan)
    ) facts (fact, said)
    UNION ALL
    SELECT line, source_id, fact, concat(starts_on, name), as_of, said
    FROM told_representatives
    CROSS JOIN LATERAL (VALUES
        ('scope', scope), ('relationship', relationship), ('phone', phone), ('address', place), ('ends_on', ends_on)
    ) facts (fact, said)
    UNION ALL
    SELECT line, npi, fact, 'prescriber', as_of, said
    FROM told_prescribers
    CROSS JOIN LATERAL (VALUES ('name', name), ('phone', phone), ('fax', fax), ('specialty', specialty)) facts (fact, said)
    UNION ALL
    SELECT line, npi, fact, 'pharmacy', as_of, said
    FROM told_pharmacies
    CROSS JOIN LATERAL (VALUES ('name', name), ('phone', phone)) facts (fact, said)
    UNION ALL
    SELECT line, ndc, 'maintenance', 'drug flag', as_of, maintenance FROM told_drug_flags
),
contradicted AS (
    SELECT source_id, fact, of, as_of
    FROM several
    WHERE said NOT IN ('', 'none')
    GROUP BY source_id, fact, of, as_of
    HAVING min(said) <> max(said)
),
owner AS (SELECT number, member_id FROM members_number WHERE plan_id = %(plan)s),
differing AS (
    SELECT j.line
    FROM told_members j
    JOIN owner ON owner.number = j.source_id
    JOIN members_member m ON m.id = owner.member_id
    WHERE members_differ(m.told_on, 'first_name', m.first_name, j.as_of, j.first_name)
       OR members_differ(m.told_on, 'last_name', m.last_name, j.as_of, j.last_name)
       OR members_differ(m.told_on, 'birth_date', m.birth_date::text, j.as_of, j.birth_date::text)
       OR members_differ(m.told_on, 'death_date', m.death_date::text, j.as_of, j.death_date::text)
       OR members_differ(m.told_on, 'sex', m.sex, j.as_of, j.sex)
       OR members_differ(m.told_on, 'language', m.language, j.as_of, j.language)
       OR members_differ(m.told_on, 'format', m.format, j.as_of, j.format)
    UNION
    SELECT j.line
    FROM told_spans j
    JOIN owner ON owner.number = j.source_id
    JOIN members_spanentry e ON e.member_id = owner.member_id AND e.kind = j.kind AND e.starts_on = j.starts_on
        AND (e.action = 'end') = (j.action = 'end') AND e.as_of = j.as_of
    WHERE members_entry_content(e.action, e.ends_on, e.value) <> j.said
    UNION
    SELECT j.line
    FROM told_at_risk j
    JOIN owner ON owner.number = j.source_id
    JOIN members_atriskspell s ON s.member_id = owner.member_id AND s.limitation = j.limitation
        AND lower(s.period) = j.effective_on
    WHERE members_differ(s.told_on, 'status', s.status, j.as_of, j.status)
       OR members_differ(s.told_on, 'planned_end_on', s.planned_end_on::text, j.as_of, j.planned_end_on)
       OR members_differ(s.told_on, 'extended_to', s.extended_to::text, j.as_of, j.extended_to)
       OR members_differ(s.told_on, 'ended_on', s.ended_on::text, j.as_of, j.ended_on)
       OR members_differ(s.told_on, 'source_plan', s.source_plan, j.as_of, j.source_plan)
    UNION
    SELECT j.line
    FROM told_contacts j
    JOIN owner ON owner.number = j.source_id
    JOIN (
        SELECT member_id, kind, as_of, min(concat_ws('|', value, city, state, postal_code)) AS least,
            max(concat_ws('|', value, city, state, postal_code)) AS greatest
        FROM members_contactpoint
        WHERE plan_id = %(plan)s AND member_id IN (SELECT member_id FROM told_contacts JOIN owner ON number = source_id)
        GROUP BY member_id, kind, as_of
    ) known ON known.member_id = owner.member_id AND known.kind = j.kind AND known.as_of = j.as_of
    WHERE known.least <> j.said OR known.greatest <> j.said
    UNION
    SELECT j.line
    FROM told_preferences j
    JOIN owner ON owner.number = j.source_id
    JOIN members_contactpreference p ON p.member_id = owner.member_id AND p.channel = j.channel
        AND p.starts_on = j.starts_on AND p.as_of = j.as_of
    WHERE p.wish || coalesce(p.ends_on::text, '') <> j.said
    UNION
    SELECT j.line
    FROM told_representatives j
    JOIN owner ON owner.number = j.source_id
    JOIN members_representative r ON r.member_id = owner.member_id AND r.name = j.name AND r.starts_on = j.starts_on
    WHERE members_differ(
            r.told_on, 'scope', members_scope(r.may_be_told, r.may_be_sent, r.may_decide), j.as_of, j.scope
        )
       OR members_differ(r.told_on, 'relationship', r.relationship, j.as_of, j.relationship)
       OR members_differ(r.told_on, 'phone', r.phone, j.as_of, j.phone)
       OR members_differ(
            r.told_on, 'address', members_place(r.address, r.city, r.state, r.postal_code), j.as_of, j.place
        )
       OR members_differ(r.told_on, 'ends_on', r.ends_on::text, j.as_of, j.ends_on)
    UNION
    SELECT j.line
    FROM told_prescribers j
    JOIN members_prescriber p ON p.npi = j.npi
    WHERE members_differ(p.told_on, 'name', p.name, j.as_of, j.name)
       OR members_differ(p.told_on, 'phone', p.phone, j.as_of, j.phone)
       OR members_differ(p.told_on, 'fax', p.fax, j.as_of, j.fax)
       OR members_differ(p.told_on, 'specialty', p.specialty, j.as_of, j.specialty)
    UNION
    SELECT j.line
    FROM told_pharmacies j
    JOIN members_pharmacy p ON p.npi = j.npi
    WHERE members_differ(p.told_on, 'name', p.name, j.as_of, j.name)
       OR members_differ(p.told_on, 'phone', p.phone, j.as_of, j.phone)
    UNION
    SELECT j.line
    FROM told_drug_flags j
    JOIN claims_plandrugflag f ON f.plan_id = %(plan)s AND f.ndc = j.ndc AND f.set_on = j.as_of
    WHERE f.maintenance <> j.maintenance
    UNION
    SELECT j.line
    FROM several j
    JOIN contradicted c ON c.source_id = j.source_id AND c.fact = j.fact AND c.of = j.of AND c.as_of = j.as_of
    WHERE j.said NOT IN ('', 'none')
)
SELECT count(DISTINCT line) AS records FROM differing;
