-- A number leads to one member. Where two claim it the newer statement holds, and of two of one day the one of the
-- smaller member number. A former number that is another member's own says that the two are one person.
INSERT INTO told_identifiers
SELECT
    owner.member_id, m.source_id AS number, j.kind, j.value, j.starts_on, j.ends_on, j.as_of,
    holder.member_id <> owner.member_id AND holder.kind = 'number' AS merges, holder.member_id AS holder_id
FROM judged_identifiers j
JOIN members_identifier owner ON owner.plan_id = %(plan)s AND owner.value = j.source_id
JOIN members_member m ON m.id = owner.member_id
LEFT JOIN members_identifier holder ON holder.plan_id = %(plan)s AND holder.value = j.value
WHERE j.reason IS NULL;
CREATE INDEX ON told_identifiers (value, member_id);
ANALYZE told_identifiers;

INSERT INTO wanted_merges
SELECT DISTINCT member_id, holder_id, kind, as_of FROM told_identifiers WHERE merges AND kind IN ('former', 'merged');

INSERT INTO members_identifier (plan_id, member_id, kind, value, starts_on, ends_on, as_of)
SELECT %(plan)s, won.member_id, won.kind, won.value, days.starts_on, days.ends_on, won.as_of
FROM (
    SELECT DISTINCT ON (value) member_id, number, kind, value, as_of
    FROM told_identifiers
    WHERE merges IS NOT TRUE
    ORDER BY value, as_of DESC, number COLLATE "C", array_position(ARRAY['number', 'mbi', 'former', 'merged', 'other'], kind::text)
) won
CROSS JOIN LATERAL (
    SELECT min(t.starts_on) AS starts_on, max(t.ends_on) AS ends_on
    FROM told_identifiers t
    WHERE t.value = won.value AND t.member_id = won.member_id
) days
ORDER BY won.value
ON CONFLICT (plan_id, value) DO UPDATE SET
    member_id = excluded.member_id,
    kind = CASE
        WHEN members_identifier.member_id = excluded.member_id
             AND array_position(ARRAY['number', 'mbi', 'former', 'merged', 'other'], members_identifier.kind::text)
                 < array_position(ARRAY['number', 'mbi', 'former', 'merged', 'other'], excluded.kind::text)
            THEN members_identifier.kind
        ELSE excluded.kind
    END,
    starts_on = CASE
        WHEN members_identifier.member_id = excluded.member_id THEN least(members_identifier.starts_on, excluded.starts_on)
        ELSE excluded.starts_on
    END,
    ends_on = CASE
        WHEN members_identifier.member_id = excluded.member_id THEN greatest(members_identifier.ends_on, excluded.ends_on)
        ELSE excluded.ends_on
    END,
    as_of = greatest(members_identifier.as_of, excluded.as_of)
WHERE members_identifier.member_id = excluded.member_id
   OR members_identifier.kind <> 'number' AND (
        members_identifier.as_of IS NULL OR members_identifier.as_of < excluded.as_of
        OR members_identifier.as_of = excluded.as_of
           AND (SELECT source_id FROM members_member WHERE id = members_identifier.member_id) COLLATE "C"
               > (SELECT source_id FROM members_member WHERE id = excluded.member_id) COLLATE "C"
   );

-- The Medicare number that is shown: one that has not ended before one that has, then the one told last.
UPDATE members_member m
SET mbi = coalesce(newest.value, '')
FROM (SELECT member_id FROM told_identifiers UNION SELECT holder_id FROM told_identifiers) touched
LEFT JOIN LATERAL (
    SELECT known.value
    FROM members_identifier known
    WHERE known.member_id = touched.member_id
      AND (known.kind = 'mbi' OR known.value IN (SELECT value FROM told_identifiers WHERE kind = 'mbi'))
    ORDER BY (ends_on IS NULL) DESC, as_of DESC NULLS LAST, starts_on DESC NULLS LAST, value DESC
    LIMIT 1
) newest ON true
WHERE m.id = touched.member_id AND m.mbi <> coalesce(newest.value, '');
