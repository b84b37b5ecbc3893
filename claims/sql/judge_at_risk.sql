-- A spell is known by its limitation and effective date; of each fact of it the newest holds, and none says that there is
-- none. A limitation lasts at most a year, extended at most two (42 CFR 423.153(f)(14)).
INSERT INTO judged_at_risk (
    line, source_id, status, limitation, effective_on, planned_end_on, extended_to, ended_on, source_plan, as_of, reason
)
WITH said AS (
    SELECT
        s.line, s.source_id, lower(s.status) AS status, lower(s.limitation) AS limitation,
        CASE WHEN lower(s.source_plan) = 'none' THEN 'none' ELSE upper(s.source_plan) END AS source_plan,
        lower(s.planned_end_on) AS planned_text, lower(s.extended_to) AS extended_text,
        CASE WHEN claims_to_date(s.ended_on) = '9999-12-31' THEN 'none' ELSE lower(s.ended_on) END AS ended_text,
        claims_to_date(s.effective_on) AS effective_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_at_risk s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
read AS (
    SELECT
        said.*, claims_to_date(planned_text) AS planned_end_on, claims_to_date(extended_text) AS extended_to,
        claims_to_date(ended_text) AS ended_on
    FROM said
),
told AS (
    SELECT
        line, source_id, member_id, has_member, status, limitation, effective_on, source_plan, as_of,
        coalesce(planned_end_on::text, planned_text) AS planned_end_on,
        coalesce(extended_to::text, extended_text) AS extended_to, coalesce(ended_on::text, ended_text) AS ended_on,
        planned_text NOT IN ('', 'none') AND planned_end_on IS NULL
            OR extended_text NOT IN ('', 'none') AND extended_to IS NULL
            OR ended_text NOT IN ('', 'none') AND ended_on IS NULL AS has_no_day,
        least(planned_end_on, extended_to, ended_on) < effective_on AS ends_before,
        planned_end_on > effective_on + interval '1 year' AS is_long,
        extended_to > effective_on + interval '2 years' AS is_too_long
    FROM read
)
SELECT
    t.line, t.source_id, t.status, t.limitation, t.effective_on, t.planned_end_on, t.extended_to, t.ended_on,
    t.source_plan, t.as_of,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN t.status NOT IN ('potential', 'at_risk') THEN 'the status is neither potential nor at_risk'
        WHEN t.limitation NOT IN ('', 'prescriber', 'pharmacy', 'pos_edit') THEN 'no known limitation'
        WHEN effective_on IS NULL OR effective_on >= '9999-01-01' THEN 'no valid effective date'
        WHEN has_no_day THEN 'no valid last day'
        WHEN ends_before THEN 'ends before it starts'
        WHEN is_long THEN 'planned for more than one year'
        WHEN is_too_long THEN 'extended to more than two years'
        WHEN length(t.source_plan) > 5 THEN 'the contract number is too long'
        WHEN t.as_of IS NULL THEN 'no valid day of the facts'
        WHEN t.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN known.id IS NOT NULL AND NOT (
            -- Of two of one day the determined risk holds: in the alphabet it would be the other.
            members_is_news(known.told_on, 'status', (known.status = 'at_risk')::text, t.as_of, (t.status = 'at_risk')::text)
            OR members_is_news(
                known.told_on, 'planned_end_on', members_told(known.told_on, 'planned_end_on', known.planned_end_on::text),
                t.as_of, t.planned_end_on
            )
            OR members_is_news(
                known.told_on, 'extended_to', members_told(known.told_on, 'extended_to', known.extended_to::text), t.as_of,
                t.extended_to
            )
            OR members_is_news(
                known.told_on, 'ended_on', members_told(known.told_on, 'ended_on', known.ended_on::text), t.as_of, t.ended_on
            )
            OR members_is_news(
                known.told_on, 'source_plan', members_told(known.told_on, 'source_plan', known.source_plan), t.as_of,
                t.source_plan
            )
        ) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY
                source_id, t.limitation, effective_on, t.status, t.planned_end_on, t.extended_to, t.ended_on,
                t.source_plan, t.as_of
            ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM told t
LEFT JOIN members_atriskspell known ON known.member_id = t.member_id AND known.limitation = t.limitation
    AND lower(known.period) = t.effective_on;
