"""End-stage renal disease is told by periods; what was a flag becomes the year that its file spoke of."""

from django.db import migrations

BROUGHT = """
INSERT INTO members_spanentry (plan_id, member_id, kind, value, starts_on, ends_on, action, as_of)
SELECT plan_id, id, 'esrd', '', date_trunc('year', facts_as_of)::date, facts_as_of, '', facts_as_of
FROM members_member WHERE esrd AND facts_as_of IS NOT NULL
ON CONFLICT DO NOTHING;
SELECT members_renew_spans(ARRAY(SELECT id FROM members_member WHERE esrd));
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0004_newest_facts")]
    operations = [
        migrations.RunSQL(BROUGHT, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="member", name="esrd"),
    ]
