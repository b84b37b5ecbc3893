"""Emptying a whole table fires no row trigger, so the steps of every state machine need a guard of their own.

All five stand here: letters is the highest layer, so the tables of the layers below it exist by now.
"""

from django.db import migrations

TABLES = (
    "eligibility_enrollmenttransition",
    "reviews_alerttransition",
    "reviews_appointmenttransition",
    "reviews_cmrtransition",
    "letters_lettertransition",
)


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0002_append_only"),
        ("reviews", "0002_append_only"),
        ("eligibility", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER no_truncate ON {table}",
        )
        for table in TABLES
    ]
