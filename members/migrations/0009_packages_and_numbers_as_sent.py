"""A benefit package keeps the sign it came with; a member known by a Medicare number with dashes is found without them."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("members.migrations.0008_a_new_period_outlives_an_end").AFTER
# A package such as -05 stands behind the first hyphen; it was kept as an empty one.
AFTER = BEFORE.replace(
    "split_part(value, '-', 2)", "substr(value, length(split_part(value, '-', 1)) + 2)"
)
AGAIN = """
SELECT members_renew_spans(ARRAY(
    SELECT DISTINCT member_id FROM members_spanentry WHERE kind = 'coverage' AND value LIKE '%-%-%'
));
"""
# The shape is that of claims/ingest/medicare_numbers.py.
NUMBERS = """
INSERT INTO members_identifier (plan_id, member_id, kind, value, leads)
SELECT
    m.plan_id, m.id, 'mbi', plain.number,
    holder.id IS NULL AND 1 = row_number() OVER (PARTITION BY m.plan_id, plain.number ORDER BY m.id)
FROM members_member m
CROSS JOIN LATERAL (SELECT upper(translate(m.source_id, '- ', '')) AS number) plain
LEFT JOIN members_identifier holder ON holder.plan_id = m.plan_id AND holder.value = plain.number AND holder.leads
WHERE plain.number <> m.source_id
  AND plain.number ~ '^[1-9][A-Z][A-Z0-9][0-9][A-Z][A-Z0-9][0-9][A-Z0-9]{2}[0-9]{2}$'
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0008_a_new_period_outlives_an_end")]
    operations = [
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
