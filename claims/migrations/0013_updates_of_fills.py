"""A version may replace what was told of the same processing day. A constant default rewrites no row of the fills."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_wider_sums_of_loads")]
    operations = [
        migrations.AddField("fill", "updated", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "fillversion",
            "updated",
            models.BooleanField(
                default=False, db_default=False, help_text="replaces what was told before of the same processing day"
            ),
        ),
    ]
