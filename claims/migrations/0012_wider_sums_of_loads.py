"""Sums of the cost of a file may be as large as its rows allow; of several rejected items of a line the first is first."""

from decimal import Decimal

from django.db import migrations, models


def wider(name: str) -> migrations.AlterField:
    zero = Decimal(0)
    return migrations.AlterField(
        "loadfile", name, models.DecimalField(decimal_places=2, default=zero, db_default=zero, max_digits=22)
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_promises_of_claims")]
    operations = [
        migrations.AlterModelOptions("rejectedrow", {"ordering": ["line", "pk"]}),
        *(wider(name) for name in ("received_cost", "accepted_cost", "duplicate_cost", "rejected_cost")),
    ]
