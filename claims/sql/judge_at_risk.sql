-- A spell is known by its limitation and effective date. A limitation lasts at most a year, extended at most two
-- (42 CFR 423.153(f)(14)).
INSERT INTO judged_at_risk (
    line, source_id, status, limitation, effective_on, planned_end_on, extended_to, ended_on, source_plan, as_of,
    content, reason
)
WITH read AS (
    SELECT
        s.line, s.source_id, lower(s.status) AS status, lower(s.limitation) AS limitation, upper(s.source_plan) AS source_plan,
        s.planned_end_on AS planned_text, s.extended_to AS extended_text, CASE WHEN claims_to_date(s.ended_on) = '9999-12-31' THEN '' ELSE s.ended_on END AS ended_text,
        claims_to_date(s.effective_on) AS effective_on, claims_to_date(s.planned_end_on) AS planned_end_on,
        claims_to_date(s.extended_to) AS extended_to, nullif(claims_to_date(s.ended_on), '9999-12-31') AS ended_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_at_risk s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
told AS (
    SELECT r.*, members_spell_content(status, ended_on, extended_to, planned_end_on, source_plan) AS content
    FROM read r
)
SELECT
    t.line, t.source_id, t.status, t.limitation, t.effective_on, t.planned_end_on, t.extended_to, t.ended_on,
    t.source_plan, t.as_of, t.content,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN t.status NOT IN ('potential', 'at_risk') THEN 'the status is neither potential nor at_risk'
        WHEN t.limitation NOT IN ('', 'prescriber', 'pharmacy', 'pos_edit') THEN 'no known limitation'
        WHEN effective_on IS NULL OR effective_on >= '9999-01-01' THEN 'no valid effective date'
        WHEN planned_text <> '' AND t.planned_end_on IS NULL OR extended_text <> '' AND t.extended_to IS NULL
             OR ended_text <> '' AND t.ended_on IS NULL THEN 'no valid last day'
        WHEN least(t.planned_end_on, t.extended_to, t.ended_on) < effective_on THEN 'ends before it starts'
        WHEN t.planned_end_on > effective_on + interval '1 year' THEN 'planned for more than one year'
        WHEN t.extended_to > effective_on + interval '2 years' THEN 'extended to more than two years'
        WHEN length(t.source_plan) > 5 THEN 'the contract number is too long'
        WHEN t.as_of IS NULL THEN 'no valid day of the facts'
        WHEN (known.as_of, known.content) >= (t.as_of, t.content) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY source_id, t.limitation, effective_on, t.content, t.as_of ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM told t
LEFT JOIN LATERAL (
    SELECT
        spell.as_of,
        members_spell_content(
            spell.status, spell.ended_on, spell.extended_to, spell.planned_end_on, spell.source_plan
        ) AS content
    FROM members_atriskspell spell
    WHERE spell.member_id = t.member_id AND spell.limitation = t.limitation AND lower(spell.period) = t.effective_on
) known ON true;
