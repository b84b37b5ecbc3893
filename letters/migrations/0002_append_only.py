from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON letters_lettertransition"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER append_only ON letters_lettertransition",
        )
    ]
