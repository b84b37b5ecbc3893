-- Of each fact of a spell the newest holds, as with members. A spell ends with its last day, or the day before the next of the same limitation.
SET CONSTRAINTS atriskspells_of_a_limitation_do_not_overlap DEFERRED;
INSERT INTO members_atriskspell (plan_id, member_id, limitation, period, status, as_of)
SELECT DISTINCT ON (owner.member_id, j.limitation, j.effective_on)
    %(plan)s, owner.member_id, j.limitation, daterange(j.effective_on, j.effective_on + 1), 'potential', j.as_of
FROM judged_at_risk j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.limitation, j.effective_on, j.as_of DESC
ON CONFLICT (member_id, limitation, (lower(period))) DO NOTHING;

WITH told AS (
    SELECT
        owner.member_id, j.limitation, j.effective_on, max(j.as_of) AS as_of,
        max((j.as_of || (status = 'at_risk')::text) COLLATE "C") FILTER (WHERE status <> '') AS is_at_risk,
        max((j.as_of || planned_end_on) COLLATE "C") FILTER (WHERE planned_end_on <> '') AS planned_end_on,
        max((j.as_of || extended_to) COLLATE "C") FILTER (WHERE extended_to <> '') AS extended_to,
        max((j.as_of || ended_on) COLLATE "C") FILTER (WHERE ended_on <> '') AS ended_on,
        max((j.as_of || source_plan) COLLATE "C") FILTER (WHERE source_plan <> '') AS source_plan
    FROM judged_at_risk j
    JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
    WHERE j.reason IS NULL
    GROUP BY owner.member_id, j.limitation, j.effective_on
),
newest AS (
    SELECT
        s.id, greatest(s.as_of, told.as_of) AS as_of,
        members_newest(s.told_on, 'status', (s.status = 'at_risk')::text, told.is_at_risk) AS is_at_risk,
        members_newest(
            s.told_on, 'planned_end_on', members_told(s.told_on, 'planned_end_on', s.planned_end_on::text),
            told.planned_end_on
        ) AS planned_end_on,
        members_newest(
            s.told_on, 'extended_to', members_told(s.told_on, 'extended_to', s.extended_to::text), told.extended_to
        ) AS extended_to,
        members_newest(s.told_on, 'ended_on', members_told(s.told_on, 'ended_on', s.ended_on::text), told.ended_on)
            AS ended_on,
        members_newest(
            s.told_on, 'source_plan', members_told(s.told_on, 'source_plan', s.source_plan), told.source_plan
        ) AS source_plan
    FROM told
    JOIN members_atriskspell s ON s.member_id = told.member_id AND s.limitation = told.limitation
        AND lower(s.period) = told.effective_on
)
UPDATE members_atriskspell s
SET status = CASE WHEN substr(n.is_at_risk, 11) = 'true' THEN 'at_risk' ELSE 'potential' END,
    planned_end_on = nullif(substr(n.planned_end_on, 11), 'none')::date,
    extended_to = nullif(substr(n.extended_to, 11), 'none')::date,
    ended_on = nullif(substr(n.ended_on, 11), 'none')::date,
    source_plan = coalesce(nullif(substr(n.source_plan, 11), 'none'), ''),
    as_of = n.as_of,
    told_on = jsonb_strip_nulls(jsonb_build_object(
        'status', left(n.is_at_risk, 10), 'planned_end_on', left(n.planned_end_on, 10),
        'extended_to', left(n.extended_to, 10), 'ended_on', left(n.ended_on, 10), 'source_plan', left(n.source_plan, 10)
    ))
FROM newest n
WHERE s.id = n.id;

UPDATE members_atriskspell spell
SET period = daterange(lower(spell.period), least(own.until, own.next_starts_on))
FROM (
    SELECT
        id,
        coalesce(
            ended_on + 1, extended_to + 1, planned_end_on + 1, (lower(period) + interval '1 year')::date
        ) AS until,
        lead(lower(period)) OVER (PARTITION BY member_id, limitation ORDER BY lower(period)) AS next_starts_on
    FROM members_atriskspell
    WHERE member_id IN (
        SELECT owner.member_id
        FROM judged_at_risk j
        JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
        WHERE j.reason IS NULL
    )
) own
WHERE own.id = spell.id AND upper(spell.period) IS DISTINCT FROM least(own.until, own.next_starts_on);
SET CONSTRAINTS atriskspells_of_a_limitation_do_not_overlap IMMEDIATE;
