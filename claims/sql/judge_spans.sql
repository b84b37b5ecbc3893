-- Every period told of members, coverage among them. One is a duplicate when of its start nothing newer is told than
-- what is known.
INSERT INTO judged_spans (line, source_id, kind, value, action, starts_on, ends_on, as_of, reason)
WITH read AS MATERIALIZED (
    SELECT
        s.line, s.source_id, lower(s.kind) AS kind, s.level AS value, s.action,
        s.ends_on AS end_text, claims_to_date(s.starts_on) AS starts_on, claims_to_date(s.ends_on) AS ends_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id,
        CASE
            WHEN s.source_id = '' THEN 'no member number'
            WHEN owner.member_id IS NULL AND fresh.number IS NULL THEN 'unknown member'
            WHEN lower(s.kind) NOT IN ('coverage', 'hospice', 'esrd', 'institution', 'low_income')
                THEN 'no known kind of period'
            WHEN length(s.level) > 10 THEN 'the level is too long'
            WHEN s.level <> '' AND lower(s.kind) NOT IN ('coverage', 'low_income') THEN 'a level of what has none'
            WHEN lower(s.kind) = 'coverage' AND s.level !~ '^([^-]{1,5}(-.{1,3})?)?$' THEN 'no valid contract number'
            WHEN s.action NOT IN ('', 'end', 'delete', 'gap') THEN 'no known action'
        END AS reason
    -- The last day there can be is no end.
    FROM (
        SELECT line, source_id, kind, level, starts_on, as_of, action,
            CASE WHEN lower(ends_on) IN ('9999-12-31', '99991231', '31-dec-9999') THEN '' ELSE ends_on END AS ends_on
        FROM stage_spans
    ) s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
typed AS (
    SELECT
        line, source_id, member_id, kind, action, as_of,
        -- What has ended says nothing of before; it is the same whatever contract it names.
        CASE WHEN action IN ('end', 'gap') THEN '' ELSE value END AS value,
        CASE WHEN action = 'end' THEN ends_on + 1 ELSE starts_on END AS starts_on,
        CASE WHEN action IN ('', 'gap') THEN ends_on END AS ends_on,
        CASE
            WHEN reason IS NOT NULL THEN reason
            WHEN action IN ('end', 'gap') AND ends_on IS NULL THEN 'no valid last day'
            WHEN action <> 'end' AND starts_on IS NULL THEN 'no valid first day'
            WHEN end_text <> '' AND ends_on IS NULL THEN 'no valid last day'
            WHEN action IN ('', 'gap') AND ends_on < starts_on THEN 'ends before it starts'
            WHEN as_of IS NULL THEN 'no valid day of the facts'
            WHEN as_of > %(as_of)s::date THEN 'as_of lies in the future'
        END AS reason
    FROM read
),
-- Months of one record that follow each other are one period.
run AS (
    SELECT line, source_id, member_id, kind, value, action, as_of, lower(period) AS starts_on, upper(period) - 1 AS ends_on
    FROM (
        SELECT line, source_id, member_id, kind, value, action, as_of,
            unnest(range_agg(daterange(starts_on, ends_on + 1))) AS period
        FROM typed
        WHERE reason IS NULL AND action IN ('', 'gap')
        GROUP BY line, source_id, member_id, kind, value, action, as_of
    ) joined
    UNION ALL
    SELECT line, source_id, member_id, kind, value, action, as_of, starts_on, NULL
    FROM typed
    WHERE reason IS NULL AND action IN ('end', 'delete')
)
SELECT
    r.line, r.source_id, r.kind, r.value, r.action, r.starts_on, r.ends_on, r.as_of,
    CASE
        WHEN (known.as_of, members_entry_content(known.action, known.ends_on, known.value))
             >= (r.as_of, members_entry_content(r.action, r.ends_on, r.value)) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY r.source_id, r.kind, r.starts_on, r.action, r.value, r.ends_on, r.as_of ORDER BY r.line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM run r
LEFT JOIN members_spanentry known ON known.member_id = r.member_id AND known.kind = r.kind
    -- A deletion is about the period that it says is none; ends and gaps are statements of their own.
    AND known.starts_on = r.starts_on AND replace(known.action, 'delete', '') = replace(r.action, 'delete', '')
UNION ALL
SELECT line, source_id, kind, value, action, starts_on, ends_on, as_of, reason FROM typed WHERE reason IS NOT NULL;
