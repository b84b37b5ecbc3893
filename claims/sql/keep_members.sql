-- Of each fact the newest holds, and of two of one day the greater, so that the order of arrival does not matter.
-- What is compared is the day on which a fact held with the fact written behind it.
INSERT INTO members_member (
    plan_id, source_id, mbi, first_name, last_name, sex, address, city, state, postal_code, phone, time_zone
)
SELECT
    %(plan)s, j.source_id, '',
    -- Names are indexed: what is right at once need not be changed below.
    coalesce(substr(max((j.as_of || first_name) COLLATE "C") FILTER (WHERE first_name <> ''), 11), ''),
    coalesce(substr(max((j.as_of || last_name) COLLATE "C") FILTER (WHERE last_name <> ''), 11), ''),
    '', '', '', '', '', '', ''
FROM judged_members j
LEFT JOIN members_number known ON known.plan_id = %(plan)s AND known.number = j.source_id
WHERE j.reason IS NULL AND known.member_id IS NULL
GROUP BY j.source_id
ORDER BY j.source_id;

WITH told AS (
    SELECT
        known.member_id,
        max(j.as_of) AS as_of,
        max((j.as_of || first_name) COLLATE "C") FILTER (WHERE first_name <> '') AS first_name,
        max((j.as_of || last_name) COLLATE "C") FILTER (WHERE last_name <> '') AS last_name,
        max((j.as_of || birth_date::text) COLLATE "C") FILTER (WHERE birth_date IS NOT NULL) AS birth_date,
        -- That somebody did not die, said of the day on which it was said that they did, holds.
        max((j.as_of || CASE WHEN is_not_dead THEN 'none' ELSE death_date::text END) COLLATE "C")
            FILTER (WHERE is_not_dead OR death_date IS NOT NULL) AS death_date,
        max((j.as_of || sex) COLLATE "C") FILTER (WHERE sex <> '') AS sex,
        max((j.as_of || language) COLLATE "C") FILTER (WHERE language <> '') AS language,
        max((j.as_of || format) COLLATE "C") FILTER (WHERE format <> '') AS format
    FROM judged_members j
    JOIN members_number known ON known.plan_id = %(plan)s AND known.number = j.source_id
    WHERE j.reason IS NULL
    GROUP BY known.member_id
),
newest AS (
    SELECT
        -- The first day there can be stands for none (merge_members).
        m.id, nullif(greatest(m.facts_as_of, told.as_of), '0001-01-01') AS facts_as_of, m.told_on,
        members_newest(m.told_on, 'first_name', m.first_name, told.first_name) AS first_name,
        members_newest(m.told_on, 'last_name', m.last_name, told.last_name) AS last_name,
        members_newest(m.told_on, 'birth_date', m.birth_date::text, told.birth_date) AS birth_date,
        members_newest(
            m.told_on, 'death_date', coalesce(m.death_date::text, CASE WHEN m.told_on ? 'death_date' THEN 'none' END),
            told.death_date
        ) AS death_date,
        members_newest(m.told_on, 'birth_date', m.birth_date::text, NULL) AS known_birth,
        members_newest(
            m.told_on, 'death_date', coalesce(m.death_date::text, CASE WHEN m.told_on ? 'death_date' THEN 'none' END), NULL
        ) AS known_death,
        members_newest(m.told_on, 'sex', m.sex, told.sex) AS sex,
        members_newest(m.told_on, 'language', m.language, told.language) AS language,
        members_newest(m.told_on, 'format', m.format, told.format) AS format
    FROM told
    JOIN members_member m ON m.id = told.member_id
),
-- Two rows that are merged may say that one died before the other was born: then those days stay as they are.
agreed AS (
    SELECT
        n.*, CASE WHEN in_order THEN birth_date ELSE known_birth END AS born,
        CASE WHEN in_order THEN death_date ELSE known_death END AS died
    FROM newest n, LATERAL (SELECT substr(birth_date, 11) > substr(death_date, 11) COLLATE "C" IS NOT TRUE AS in_order) days
)
UPDATE members_member m
SET first_name = coalesce(substr(n.first_name, 11), ''),
    last_name = coalesce(substr(n.last_name, 11), ''),
    birth_date = substr(n.born, 11)::date,
    death_date = nullif(substr(n.died, 11), 'none')::date,
    sex = coalesce(substr(n.sex, 11), ''),
    language = coalesce(substr(n.language, 11), m.language),
    format = coalesce(substr(n.format, 11), ''),
    facts_as_of = n.facts_as_of,
    told_on = jsonb_strip_nulls(jsonb_build_object(
        'first_name', left(n.first_name, 10), 'last_name', left(n.last_name, 10), 'birth_date', left(n.born, 10),
        'death_date', left(n.died, 10), 'sex', left(n.sex, 10), 'language', left(n.language, 10),
        'format', left(n.format, 10)
    ))
FROM agreed n
WHERE m.id = n.id;
