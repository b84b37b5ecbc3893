-- Medicare numbers come as they are kept (claims/ingest/medicare_numbers.py); other numbers as they are sent.
-- A Medicare number that is another row's own says that the two are one person, unless what is told of them differs.
INSERT INTO judged_identifiers (line, source_id, kind, value, starts_on, ends_on, as_of, reason)
WITH read AS (
    SELECT
        s.line, s.source_id, CASE lower(s.kind) WHEN 'number' THEN 'other' ELSE lower(s.kind) END AS kind,
        s.starts_on AS start_text, s.ends_on AS end_text,
        s.value,
        claims_to_date(s.starts_on) AS starts_on, claims_to_date(s.ends_on) AS ends_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of
    FROM stage_identifiers s
),
compared AS (
    SELECT
        r.*, owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member,
        -- Nobody may have had it before this file.
        CASE
            WHEN holder.member_id IS NULL THEN own.number IS NOT NULL AND r.value <> r.source_id
            ELSE holder.member_id IS DISTINCT FROM owner.member_id AND m.source_id = r.value
        END AS is_own_of_another,
        holder.member_id AS holder_id,
        -- What the file says of the number adds nothing to what is known of it.
        known.as_of >= r.as_of AND members_rank_of_number(known.kind) <= members_rank_of_number(r.kind)
            AND (known.starts_on, known.ends_on) IS NOT DISTINCT FROM
                (least(r.starts_on, known.starts_on), greatest(r.ends_on, known.ends_on)) AS tells_nothing,
        known.starts_on AS known_start, known.ends_on AS known_end,
        row_number() OVER (
            PARTITION BY r.source_id, r.kind, r.value, r.starts_on, r.ends_on, r.as_of ORDER BY r.line
        ) AS copy
    FROM read r
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = r.source_id
    LEFT JOIN members_number holder ON holder.plan_id = %(plan)s AND holder.number = r.value
    LEFT JOIN members_member m ON m.id = holder.member_id
    LEFT JOIN members_identifier known ON known.member_id = owner.member_id AND known.value = r.value
    LEFT JOIN new_numbers fresh ON fresh.number = r.source_id
    LEFT JOIN new_numbers own ON own.number = r.value
),
judged AS (
    SELECT compared.*, CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN value = '' THEN 'no number'
        WHEN kind NOT IN ('mbi', 'former', 'merged', 'other') THEN 'no known kind of number'
        WHEN kind = 'mbi' AND length(value) > 11 THEN 'the Medicare number is too long'
        WHEN kind = 'mbi' AND value !~ '^[A-Z0-9]+$' THEN 'no valid Medicare number'
        WHEN length(value) > 40 THEN 'the number is too long'
        WHEN start_text <> '' AND starts_on IS NULL OR end_text <> '' AND ends_on IS NULL THEN 'no valid day'
        WHEN ends_on < starts_on THEN 'ends before it starts'
        WHEN as_of IS NULL THEN 'no valid day of the facts'
        WHEN as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN is_own_of_another AND kind = 'other' THEN 'already the number of another member'
        WHEN tells_nothing AND NOT (is_own_of_another AND kind = 'mbi') THEN 'duplicate'
    END AS reason
    FROM compared
),
-- The days of a number are the first and the last that anybody told, here or before; these would be in the wrong order.
reversed AS (
    SELECT coalesce('of ' || member_id, source_id) AS owner, value
    FROM judged
    WHERE reason IS NULL AND (starts_on IS NOT NULL OR ends_on IS NOT NULL)
    GROUP BY coalesce('of ' || member_id, source_id), value, known_start, known_end
    HAVING least(known_start, min(starts_on)) > greatest(known_end, max(ends_on))
),
contested AS (
    SELECT DISTINCT source_id, member_id, value, holder_id
    FROM judged
    WHERE reason IS NULL AND is_own_of_another AND kind = 'mbi'
),
-- What is told of each of the two, by this file and before.
person AS (
    SELECT
        who.number,
        lower(substr(members_newest(
            m.told_on, 'first_name', m.first_name, max((j.as_of || j.first_name) COLLATE "C") FILTER (WHERE j.first_name <> '')
        ), 11)) AS first_name,
        lower(substr(members_newest(
            m.told_on, 'last_name', m.last_name, max((j.as_of || j.last_name) COLLATE "C") FILTER (WHERE j.last_name <> '')
        ), 11)) AS last_name,
        substr(members_newest(
            m.told_on, 'birth_date', m.birth_date::text, max((j.as_of || j.birth_date::text) COLLATE "C")
        ), 11) AS birth_date,
        substr(members_newest(
            m.told_on, 'sex', m.sex, max((j.as_of || j.sex) COLLATE "C") FILTER (WHERE j.sex <> '')
        ), 11) AS sex
    FROM (
        SELECT source_id AS number, member_id AS id FROM contested
        UNION
        SELECT value, holder_id FROM contested
    ) who
    LEFT JOIN members_member m ON m.id = who.id
    LEFT JOIN judged_members j ON j.source_id = who.number AND j.reason IS NULL
    GROUP BY who.number, m.id
),
-- One of two names may have been changed or misspelled.
two_persons AS (
    SELECT c.source_id, c.value
    FROM contested c
    JOIN person one ON one.number = c.source_id
    JOIN person other ON other.number = c.value
    WHERE one.birth_date <> other.birth_date OR one.sex <> other.sex
       OR one.first_name <> other.first_name AND one.last_name <> other.last_name
)
SELECT
    line, j.source_id, kind, j.value, starts_on, ends_on, as_of,
    CASE
        WHEN reason IS NOT NULL THEN reason
        WHEN t.value IS NOT NULL AND kind = 'mbi' THEN 'already the number of another member'
        WHEN r.owner IS NOT NULL AND (starts_on IS NOT NULL OR ends_on IS NOT NULL) THEN 'ends before it starts'
        WHEN copy > 1 THEN 'duplicate'
    END AS reason
FROM judged j
LEFT JOIN reversed r ON r.owner = coalesce('of ' || j.member_id, j.source_id) AND r.value = j.value
LEFT JOIN two_persons t ON t.source_id = j.source_id AND t.value = j.value;
