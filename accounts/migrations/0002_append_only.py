"""Rows of the audit trail can be added and read, never changed or removed, whoever asks."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
                FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER no_truncate BEFORE TRUNCATE ON accounts_auditevent
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """,
            "DROP TRIGGER append_only ON accounts_auditevent; DROP TRIGGER no_truncate ON accounts_auditevent",
        ),
    ]
