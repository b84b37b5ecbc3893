"""Fewer indexes while members are loaded; only numbers that several members claim are weighed against each other."""

import django.db.models.deletion
from django.db import migrations, models

NUMBERS = """
CREATE OR REPLACE FUNCTION members_lead_numbers(of_plan bigint, numbers text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(numbers) = 0 THEN
        RETURN;
    END IF;
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
    UPDATE members_identifier i SET leads = false FROM leading_number l WHERE l.id = i.id AND l.leads AND NOT l.leads_now;
    UPDATE members_identifier i SET leads = true FROM leading_number l WHERE l.id = i.id AND NOT l.leads AND l.leads_now;
    PERFORM members_show_medicare_numbers(ARRAY(SELECT DISTINCT member_id FROM leading_number));
END $$;
"""
SHOWN = """
CREATE FUNCTION members_show_medicare_numbers(members bigint[]) RETURNS void LANGUAGE sql AS $$
    -- One that has not ended before one that has, then the one told last.
    UPDATE members_member m
    SET mbi = coalesce(newest.value, '')
    FROM unnest(members) AS touched (member_id)
    LEFT JOIN (
        SELECT DISTINCT ON (member_id) member_id, value
        FROM members_identifier
        WHERE member_id = ANY (members) AND leads AND kind = 'mbi'
        ORDER BY
            member_id, (ends_on IS NULL) DESC, as_of DESC NULLS LAST, starts_on DESC NULLS LAST, value COLLATE "C" DESC
    ) newest USING (member_id)
    WHERE m.id = touched.member_id AND m.mbi <> coalesce(newest.value, '');
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0006_numbers_that_lead")]
    operations = [
        migrations.AlterField(
            model_name="member",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="members", to="accounts.plan"
            ),
        ),
        migrations.AlterField(
            model_name="member",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="members.member",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="member_by_what_it_became",
            ),
        ),
        migrations.RunSQL(SHOWN, "DROP FUNCTION members_show_medicare_numbers(bigint[])"),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
