-- A wish is known by its channel and the day from which it counts.
INSERT INTO judged_preferences (line, source_id, channel, wish, starts_on, ends_on, source, as_of, content, reason)
WITH read AS (
    SELECT
        s.line, s.source_id, lower(s.channel) AS channel, lower(s.wish) AS wish, s.ends_on AS end_text,
        coalesce(nullif(s.source, ''), (SELECT feed FROM claims_loadfile WHERE id = %(file)s)) AS source,
        claims_to_date(s.starts_on) AS starts_on, claims_to_date(s.ends_on) AS ends_on,
        CASE WHEN s.as_of = '' THEN %(as_of)s::date ELSE claims_to_date(s.as_of) END AS as_of,
        owner.member_id, owner.member_id IS NOT NULL OR fresh.number IS NOT NULL AS has_member
    FROM stage_preferences s
    LEFT JOIN members_number owner ON owner.plan_id = %(plan)s AND owner.number = s.source_id
    LEFT JOIN new_numbers fresh ON fresh.number = s.source_id
),
told AS (SELECT r.*, members_wish_content(wish, ends_on, source) AS content FROM read r)
SELECT
    r.line, r.source_id, r.channel, r.wish, r.starts_on, r.ends_on, r.source, r.as_of, r.content,
    CASE
        WHEN source_id = '' THEN 'no member number'
        WHEN NOT has_member THEN 'unknown member'
        WHEN r.channel NOT IN ('phone', 'mail', 'email', 'text', 'fax', 'in_person', 'exchange') THEN 'no known channel'
        WHEN r.wish NOT IN ('never', 'allowed', 'preferred') THEN 'no known wish (never, allowed or preferred)'
        WHEN r.starts_on IS NULL THEN 'no valid first day'
        WHEN end_text <> '' AND r.ends_on IS NULL THEN 'no valid last day'
        WHEN r.ends_on < r.starts_on THEN 'ends before it starts'
        WHEN length(r.source) > 40 THEN 'the source is too long'
        WHEN r.as_of IS NULL THEN 'no valid day of the facts'
        WHEN r.as_of > %(as_of)s::date THEN 'as_of lies in the future'
        WHEN (known.as_of, known.content) >= (r.as_of, r.content) THEN 'duplicate'
        WHEN row_number() OVER (
            PARTITION BY source_id, r.channel, r.starts_on, r.wish, r.ends_on, r.source, r.as_of ORDER BY line
        ) > 1 THEN 'duplicate'
    END AS reason
FROM told r
LEFT JOIN LATERAL (
    SELECT p.as_of, members_wish_content(p.wish, p.ends_on, p.source) AS content
    FROM members_contactpreference p
    WHERE p.member_id = r.member_id AND p.channel = r.channel AND p.starts_on = r.starts_on
) known ON true;
