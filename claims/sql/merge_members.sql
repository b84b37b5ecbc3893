-- What was told of the row that goes is judged good once more, now of the member that stays; keep_members and its like
-- then find which of two statements holds.
INSERT INTO judged_members (
    source_id, first_name, last_name, birth_date, death_date, is_not_dead, sex, language, format, as_of
)
SELECT
    m.number,
    CASE fact WHEN 'first_name' THEN gone.first_name ELSE '' END,
    CASE fact WHEN 'last_name' THEN gone.last_name ELSE '' END,
    CASE fact WHEN 'birth_date' THEN gone.birth_date END,
    CASE fact WHEN 'death_date' THEN gone.death_date END,
    fact = 'death_date' AND gone.death_date IS NULL AND gone.told_on ? 'death_date',
    CASE fact WHEN 'sex' THEN gone.sex ELSE '' END,
    CASE fact WHEN 'language' THEN gone.language ELSE '' END,
    CASE fact WHEN 'format' THEN gone.format ELSE '' END,
    coalesce((gone.told_on ->> fact)::date, gone.facts_as_of, '0001-01-01')
FROM merging m
JOIN members_member gone ON gone.id = m.absorbed_id
CROSS JOIN unnest(ARRAY['first_name', 'last_name', 'birth_date', 'death_date', 'sex', 'format', 'language']) AS fact
-- Everybody has a language, told or not.
WHERE fact <> 'language' OR gone.told_on ? 'language';
INSERT INTO judged_spans (source_id, kind, value, action, starts_on, ends_on, as_of)
SELECT m.number, e.kind, e.value, e.action, e.starts_on, e.ends_on, e.as_of
FROM merging m
JOIN members_spanentry e ON e.member_id = m.absorbed_id;
INSERT INTO judged_at_risk (
    source_id, status, limitation, effective_on, planned_end_on, extended_to, ended_on, source_plan, as_of
)
SELECT
    m.number, CASE fact WHEN 'status' THEN s.status ELSE '' END, s.limitation, lower(s.period),
    CASE fact WHEN 'planned_end_on' THEN members_told(s.told_on, fact, s.planned_end_on::text) END,
    CASE fact WHEN 'extended_to' THEN members_told(s.told_on, fact, s.extended_to::text) END,
    CASE fact WHEN 'ended_on' THEN members_told(s.told_on, fact, s.ended_on::text) END,
    CASE fact WHEN 'source_plan' THEN members_told(s.told_on, fact, s.source_plan) END,
    coalesce((s.told_on ->> fact)::date, s.as_of, lower(s.period))
FROM merging m
JOIN members_atriskspell s ON s.member_id = m.absorbed_id
CROSS JOIN unnest(ARRAY['status', 'planned_end_on', 'extended_to', 'ended_on', 'source_plan']) AS fact;
INSERT INTO judged_contacts (source_id, kind, value, city, state, postal_code, source, as_of)
SELECT m.number, c.kind, c.value, c.city, c.state, c.postal_code, c.source, c.as_of
FROM merging m
JOIN members_contactpoint c ON c.member_id = m.absorbed_id;
INSERT INTO judged_preferences (source_id, channel, wish, starts_on, ends_on, source, as_of, content)
SELECT
    m.number, p.channel, p.wish, p.starts_on, p.ends_on, p.source, p.as_of,
    members_wish_content(p.wish, p.ends_on, p.source)
FROM merging m
JOIN members_contactpreference p ON p.member_id = m.absorbed_id;
INSERT INTO judged_representatives (source_id, name, relationship, scope, phone, place, starts_on, ends_on, as_of)
SELECT
    m.number, r.name, CASE fact WHEN 'relationship' THEN members_told(r.told_on, fact, r.relationship) END,
    CASE fact WHEN 'scope' THEN members_scope(r.may_be_told, r.may_be_sent, r.may_decide) END,
    CASE fact WHEN 'phone' THEN members_told(r.told_on, fact, r.phone) END,
    CASE fact WHEN 'address' THEN
        members_told(r.told_on, fact, members_place(r.address, r.city, r.state, r.postal_code))
    END,
    r.starts_on, CASE fact WHEN 'ends_on' THEN members_told(r.told_on, fact, r.ends_on::text) END,
    coalesce((r.told_on ->> fact)::date, r.as_of)
FROM merging m
JOIN members_representative r ON r.member_id = m.absorbed_id
CROSS JOIN unnest(ARRAY['scope', 'relationship', 'phone', 'address', 'ends_on']) AS fact;

DELETE FROM members_spanentry WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_coveragespan WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_memberspan WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_atriskspell WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_contactpoint WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_contactpreference WHERE member_id IN (SELECT absorbed_id FROM merging);
DELETE FROM members_representative WHERE member_id IN (SELECT absorbed_id FROM merging);
UPDATE members_membermerge past SET member_id = m.survivor_id FROM merging m WHERE past.member_id = m.absorbed_id;
