-- A record is a duplicate when it tells nothing that is newer than what is known. What it tells beside the facts of the
-- person goes on as identifiers and contact points, which are judged with it.
INSERT INTO stage_identifiers
SELECT line, source_id, 'mbi', mbi, '', '', as_of FROM stage_members WHERE mbi <> '';
INSERT INTO stage_contacts
SELECT line, source_id, 'phone', phone, '', '', '', '', as_of FROM stage_members WHERE phone <> ''
UNION ALL
SELECT line, source_id, 'email', email, '', '', '', '', as_of FROM stage_members WHERE email <> ''
UNION ALL
SELECT line, source_id, 'address', address, city, state, postal_code, '', as_of
FROM stage_members WHERE address <> '' OR city <> '' OR postal_code <> '';

INSERT INTO judged_members (
    line, source_id, first_name, last_name, birth_date, death_date, is_not_dead, sex, language, format, as_of, reason
)
WITH read AS (
    SELECT
        s.line, s.source_id, s.first_name, s.last_name, s.birth_date AS birth_text, s.death_date AS death_text,
        upper(s.sex) AS sex, lower(s.language) AS language, lower(s.format) AS format, s.action,
        claims_to_date(s.birth_date) AS birth_date, claims_to_date(s.death_date) AS death_date,
        lower(s.death_date) = 'none' AS is_not_dead,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        row_number() OVER (
            PARTITION BY
                s.source_id, s.first_name, s.last_name, s.birth_date, s.death_date, s.sex, s.language, s.format, s.as_of,
                s.action
            ORDER BY s.line
        ) AS copy
    FROM stage_members s
),
compared AS (
    SELECT
        r.*, known.member_id, m.told_on, m.birth_date AS known_birth, m.death_date AS known_death,
        m.facts_as_of >= r.as_of AND NOT (
            members_is_news(m.told_on, 'first_name', m.first_name, r.as_of, r.first_name)
            OR members_is_news(m.told_on, 'last_name', m.last_name, r.as_of, r.last_name)
            OR members_is_news(m.told_on, 'birth_date', m.birth_date::text, r.as_of, r.birth_date::text)
            OR members_is_news(
                m.told_on, 'death_date', coalesce(m.death_date::text, CASE WHEN m.told_on ? 'death_date' THEN 'none' END),
                r.as_of, CASE WHEN r.is_not_dead THEN 'none' ELSE r.death_date::text END
            )
            OR members_is_news(m.told_on, 'sex', m.sex, r.as_of, r.sex)
            OR members_is_news(m.told_on, 'language', m.language, r.as_of, r.language)
            OR members_is_news(m.told_on, 'format', m.format, r.as_of, r.format)
        ) AS tells_nothing
    FROM read r
    LEFT JOIN members_number known ON known.plan_id = %(plan)s AND known.number = r.source_id
    LEFT JOIN members_member m ON m.id = known.member_id
),
judged AS (
    SELECT compared.*, CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN length(source_id) > 40 THEN 'the member number is too long'
        WHEN action = 'delete' THEN 'deletion of a member'
        WHEN action <> '' THEN 'no known action'
        WHEN length(first_name) > 60 OR length(last_name) > 60 THEN 'the name is too long'
        WHEN birth_text <> '' AND birth_date IS NULL OR birth_date > as_of THEN 'no valid birth date'
        WHEN death_text <> '' AND death_date IS NULL AND NOT is_not_dead THEN 'no valid date of death'
        WHEN death_date > %(as_of)s::date THEN 'the date of death lies in the future'
        WHEN death_date < birth_date THEN 'died before being born'
        WHEN sex NOT IN ('F', 'M', '') THEN 'the sex is neither F nor M'
        WHEN language <> '' AND language !~ '^[a-z]{2,3}(-[a-z]{2})?$' OR length(language) > 5
            THEN 'no valid language (ISO 639, such as en or es)'
        WHEN format NOT IN ('', 'standard', 'large_print', 'braille', 'audio', 'electronic') THEN 'no known format'
        WHEN as_of IS NULL THEN 'no valid day of the facts'
        WHEN as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN tells_nothing THEN 'duplicate'
    END AS reason
    FROM compared
),
-- Of whom birth and death would contradict each other, were all records of the file kept.
impossible AS (
    SELECT coalesce('of ' || member_id, source_id) AS who
    FROM judged
    WHERE reason IS NULL AND (birth_date IS NOT NULL OR death_date IS NOT NULL)
    GROUP BY coalesce('of ' || member_id, source_id), told_on, known_birth, known_death
    HAVING (known_death IS NOT NULL OR count(death_date) > 0)
       AND substr(members_newest(
               told_on, 'birth_date', known_birth::text, max((as_of || birth_date::text) COLLATE "C")
           ), 11)
           > substr(members_newest(
               told_on, 'death_date',
               coalesce(known_death::text, CASE WHEN told_on ? 'death_date' THEN 'none' END),
               max((as_of || CASE WHEN is_not_dead THEN 'none' ELSE death_date::text END) COLLATE "C")
           ), 11) COLLATE "C"
)
SELECT
    line, source_id, first_name, last_name, birth_date, death_date, is_not_dead, sex, language, format, as_of,
    CASE
        WHEN reason IS NOT NULL THEN reason
        WHEN who IS NOT NULL AND (birth_date IS NOT NULL OR death_date IS NOT NULL) THEN 'died before being born'
        WHEN copy > 1 THEN 'duplicate'
    END AS reason
FROM judged
LEFT JOIN impossible ON who = coalesce('of ' || member_id, source_id);

INSERT INTO new_numbers
SELECT DISTINCT source_id FROM judged_members WHERE reason IS NULL OR reason = 'duplicate'
ON CONFLICT DO NOTHING;
