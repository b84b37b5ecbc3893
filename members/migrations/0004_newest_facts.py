"""Which of two statements about a member holds, and which periods follow from all of them: the same in any order."""

from django.db import migrations, models

FACTS = """
CREATE FUNCTION members_newest(told_on jsonb, fact text, known text, told text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Both with the day on which they held in front; what nobody dated is older than anything.
    SELECT greatest((coalesce(told_on ->> fact, '0001-01-01') || nullif(known, '')) COLLATE "C", told COLLATE "C")
$$;
CREATE FUNCTION members_is_news(told_on jsonb, fact text, known text, as_of date, value text, as_of_text text)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN coalesce(value, '') = '' THEN false
        WHEN as_of_text = '' AND value = known THEN false
        ELSE coalesce(
            (as_of || value) COLLATE "C" > (coalesce(told_on ->> fact, '0001-01-01') || nullif(known, '')) COLLATE "C",
            true
        )
    END
$$;
CREATE FUNCTION members_entry_content(action text, ends_on date, value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Of two statements of one day the deletion holds, else the longer period.
    SELECT action || coalesce(ends_on::text, '9999-12-31') || value
$$;
CREATE FUNCTION members_spell_content(
    status text, ended_on date, extended_to date, planned_end_on date, source_plan text
) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Of two statements of one day the one of a determined risk holds, else the one that tells more.
    SELECT (status = 'at_risk')::integer || coalesce(ended_on::text, '-') || coalesce(extended_to::text, '-')
        || coalesce(planned_end_on::text, '-') || source_plan
$$;
CREATE FUNCTION members_wish_content(wish text, ends_on date, source text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Of two wishes of one day the one not to be contacted holds, else the longer.
    SELECT (wish = 'never')::integer || coalesce(ends_on::text, '9999-12-31') || wish || source
$$;
CREATE FUNCTION members_mandate_content(
    ends_on date, may_be_told boolean, may_be_sent boolean, may_decide boolean, relationship text, phone text, address text,
    city text, state text, postal_code text
) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Of two statements of one day the one that ends holds, else the one that grants less.
    SELECT concat_ws(
        '|', (ends_on IS NOT NULL)::integer, (NOT may_be_told)::integer, (NOT may_be_sent)::integer,
        (NOT may_decide)::integer, to_char(ends_on, 'YYYYMMDD'), relationship, phone, address, city, state, postal_code
    )
$$;
"""

SPANS = """
CREATE FUNCTION members_renew_spans(members bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Made once a transaction: every table that is made and dropped costs locks until the end.
    CREATE TEMPORARY TABLE IF NOT EXISTS held_span (
        plan_id bigint, member_id bigint, kind text, value text, period daterange
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE IF NOT EXISTS told_span (
        plan_id bigint, member_id bigint, kind text, value text, action text, as_of date, starts_on date, period daterange
    ) ON COMMIT DROP;
    TRUNCATE held_span, told_span;
    INSERT INTO told_span
    SELECT plan_id, member_id, kind, value, action, as_of, starts_on, daterange(starts_on, ends_on + 1)
    FROM members_spanentry
    WHERE member_id = ANY (members) AND action <> 'delete';
    -- How many there are decides between looking each up and putting all side by side.
    ANALYZE told_span;
    -- Entries cut the days into pieces; on each piece the newest entry that speaks of it holds.
    INSERT INTO held_span
    WITH entry AS (SELECT * FROM told_span),
    edge AS (
        SELECT member_id, kind, starts_on AS day FROM entry
        UNION
        SELECT member_id, kind, upper(period) FROM entry WHERE NOT upper_inf(period)
    ),
    piece AS (
        SELECT member_id, kind, daterange(day, lead(day) OVER (PARTITION BY member_id, kind ORDER BY day)) AS days
        FROM edge
    ),
    held AS (
        SELECT DISTINCT ON (entry.member_id, entry.kind, lower(piece.days))
            entry.plan_id, entry.member_id, entry.kind, entry.value, entry.action, piece.days
        FROM piece
        JOIN entry ON entry.member_id = piece.member_id AND entry.kind = piece.kind AND entry.period @> piece.days
        ORDER BY
            entry.member_id, entry.kind, lower(piece.days), entry.as_of DESC, entry.action DESC, entry.starts_on DESC,
            entry.value COLLATE "C" DESC
    )
    SELECT plan_id, member_id, kind, value, unnest(range_agg(days)) AS period
    FROM held
    WHERE action = ''
    GROUP BY plan_id, member_id, kind, value;
    ANALYZE held_span;

    DELETE FROM members_coveragespan span
    WHERE span.member_id = ANY (members) AND NOT EXISTS (
        SELECT 1 FROM held_span held
        WHERE held.kind = 'coverage' AND held.member_id = span.member_id AND held.period = span.period
          AND held.value = concat_ws('-', nullif(span.contract, ''), nullif(span.pbp, ''))
    );
    DELETE FROM members_memberspan span
    WHERE span.member_id = ANY (members) AND NOT EXISTS (
        SELECT 1 FROM held_span held
        WHERE held.kind = span.kind AND held.member_id = span.member_id AND held.period = span.period
          AND held.value = span.level
    );
    INSERT INTO members_coveragespan (plan_id, member_id, contract, pbp, period)
    SELECT plan_id, member_id, split_part(value, '-', 1), split_part(value, '-', 2), period
    FROM held_span held
    WHERE kind = 'coverage' AND NOT EXISTS (
        SELECT 1 FROM members_coveragespan span WHERE span.member_id = held.member_id AND span.period = held.period
    )
    ORDER BY member_id, period;
    INSERT INTO members_memberspan (plan_id, member_id, kind, level, period)
    SELECT plan_id, member_id, kind, value, period
    FROM held_span held
    WHERE kind <> 'coverage' AND NOT EXISTS (
        SELECT 1 FROM members_memberspan span
        WHERE span.member_id = held.member_id AND span.kind = held.kind AND span.period = held.period
    )
    ORDER BY member_id, kind, period;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0003_numbers_and_owners")]
    operations = [
        migrations.RemoveConstraint(model_name="identifier", name="identifier_starts_before_it_ends"),
        migrations.RemoveConstraint(model_name="member", name="member_format_is_one_of_ours"),
        migrations.AlterField(
            model_name="member",
            name="format",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not given"),
                    ("standard", "standard print"),
                    ("large_print", "large print"),
                    ("braille", "braille"),
                    ("audio", "audio"),
                    ("electronic", "electronic"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(format__in=["", "standard", "large_print", "braille", "audio", "electronic"]),
                name="member_format_is_one_of_ours",
            ),
        ),
        migrations.RunSQL(
            FACTS,
            "DROP FUNCTION members_newest(jsonb, text, text, text);"
            "DROP FUNCTION members_is_news(jsonb, text, text, date, text, text);"
            "DROP FUNCTION members_entry_content(text, date, text);"
            "DROP FUNCTION members_spell_content(text, date, date, date, text);"
            "DROP FUNCTION members_wish_content(text, date, text);"
            "DROP FUNCTION members_mandate_content("
            "date, boolean, boolean, boolean, text, text, text, text, text, text)",
        ),
        migrations.RunSQL(SPANS, "DROP FUNCTION members_renew_spans(bigint[])"),
    ]
