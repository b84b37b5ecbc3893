from django.db import migrations

TABLES = ("alert", "appointment", "cmr")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reviews_{table}transition"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER append_only ON reviews_{table}transition",
        )
        for table in TABLES
    ]
