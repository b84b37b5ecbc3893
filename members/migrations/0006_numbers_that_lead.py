"""What is told of a number is kept by member; to which of them it leads follows from all that was told, in any order."""

import django.db.models.deletion
from django.db import migrations, models

FACTS = """
DROP FUNCTION members_is_news(jsonb, text, text, date, text, text);
CREATE FUNCTION members_is_news(told_on jsonb, fact text, known text, as_of date, value text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(value, '') <> '' AND coalesce(
        (as_of || value) COLLATE "C" > (coalesce(told_on ->> fact, '0001-01-01') || nullif(known, '')) COLLATE "C", true
    )
$$;
"""
OLDER_FACTS = """
DROP FUNCTION members_is_news(jsonb, text, text, date, text);
CREATE FUNCTION members_is_news(told_on jsonb, fact text, known text, as_of date, value text, as_of_text text)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN as_of_text = '' AND value = known THEN false ELSE coalesce(value, '') <> '' AND coalesce(
        (as_of || value) COLLATE "C" > (coalesce(told_on ->> fact, '0001-01-01') || nullif(known, '')) COLLATE "C", true
    ) END
$$;
"""

NUMBERS = """
CREATE VIEW members_number AS SELECT plan_id, value AS number, member_id FROM members_identifier WHERE leads;

CREATE FUNCTION members_rank_of_number(kind text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_position(ARRAY['mbi', 'number', 'former', 'merged', 'other'], kind)
$$;

CREATE FUNCTION members_lead_numbers(of_plan bigint, numbers text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE IF NOT EXISTS leading_number (id bigint, member_id bigint, leads boolean, leads_now boolean)
        ON COMMIT DROP;
    TRUNCATE leading_number;
    -- A member's own number before others, then the one told last, then the smaller member number.
    INSERT INTO leading_number
    SELECT
        i.id, i.member_id, i.leads,
        1 = row_number() OVER (
            PARTITION BY i.value
            ORDER BY m.source_id = i.value DESC, i.as_of DESC NULLS LAST, m.source_id COLLATE "C"
        )
    FROM members_identifier i
    JOIN members_member m ON m.id = i.member_id
    WHERE i.plan_id = of_plan AND i.value = ANY (numbers);
    ANALYZE leading_number;
    UPDATE members_identifier i SET leads = false FROM leading_number l WHERE l.id = i.id AND l.leads AND NOT l.leads_now;
    UPDATE members_identifier i SET leads = true FROM leading_number l WHERE l.id = i.id AND NOT l.leads AND l.leads_now;

    -- The Medicare number that is shown: one that has not ended before one that has, then the one told last.
    UPDATE members_member m
    SET mbi = coalesce(newest.value, '')
    FROM (SELECT DISTINCT member_id FROM leading_number) touched
    LEFT JOIN LATERAL (
        SELECT value FROM members_identifier i
        WHERE i.member_id = touched.member_id AND i.leads AND i.kind = 'mbi'
        ORDER BY (ends_on IS NULL) DESC, as_of DESC NULLS LAST, starts_on DESC NULLS LAST, value COLLATE "C" DESC
        LIMIT 1
    ) newest ON true
    WHERE m.id = touched.member_id AND m.mbi <> coalesce(newest.value, '');
END $$;
"""
NO_NUMBERS = """
DROP FUNCTION members_lead_numbers(bigint, text[]);
DROP FUNCTION members_rank_of_number(text);
DROP VIEW members_number;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0005_esrd_is_a_period")]
    operations = [
        migrations.AddField(
            model_name="identifier",
            name="leads",
            field=models.BooleanField(db_default=True, default=True, verbose_name="leads to this member"),
        ),
        migrations.RemoveConstraint(model_name="identifier", name="identifier_leads_to_one_member"),
        migrations.AlterField(
            model_name="identifier",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="identifiers",
                to="members.member",
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(fields=("member", "value"), name="identifier_once_per_member"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("leads", True)), fields=("plan", "value"), name="identifier_leads_to_one_member"
            ),
        ),
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
        # A fact without a day is one of the day of its load, also where it says what is known: else the order would matter.
        migrations.RunSQL(FACTS, OLDER_FACTS),
    ]
