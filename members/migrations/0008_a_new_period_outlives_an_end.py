"""Of what is told at one time, an end does not take away a period that begins after it."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("members.migrations.0004_newest_facts").SPANS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace(
    "entry.as_of DESC, entry.action DESC, entry.starts_on DESC", "entry.as_of DESC, entry.starts_on DESC, entry.action"
)
AGAIN = """
SELECT members_renew_spans(ARRAY(SELECT DISTINCT member_id FROM members_spanentry WHERE action = 'end'));
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0007_lighter_members")]
    operations = [
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
