-- Of each spell the newest statement holds. A spell ends with its last day, or the day before the next of the same limitation.
SET CONSTRAINTS atriskspells_of_a_limitation_do_not_overlap DEFERRED;
INSERT INTO members_atriskspell AS known (
    plan_id, member_id, limitation, period, status, planned_end_on, extended_to, ended_on, source_plan, as_of
)
SELECT DISTINCT ON (owner.member_id, j.limitation, j.effective_on)
    %(plan)s, owner.member_id, j.limitation, daterange(j.effective_on, j.effective_on + 1), j.status, j.planned_end_on,
    j.extended_to, j.ended_on, j.source_plan, j.as_of
FROM judged_at_risk j
JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = j.source_id
WHERE j.reason IS NULL
ORDER BY owner.member_id, j.limitation, j.effective_on, j.as_of DESC, j.content DESC
ON CONFLICT (member_id, limitation, (lower(period))) DO UPDATE SET
    status = excluded.status, planned_end_on = excluded.planned_end_on, extended_to = excluded.extended_to,
    ended_on = excluded.ended_on, source_plan = excluded.source_plan, as_of = excluded.as_of
WHERE known.as_of IS NULL
   OR (excluded.as_of, members_spell_content(
        excluded.status, excluded.ended_on, excluded.extended_to, excluded.planned_end_on, excluded.source_plan
    )) > (known.as_of, members_spell_content(
        known.status, known.ended_on, known.extended_to, known.planned_end_on, known.source_plan
    ));

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
