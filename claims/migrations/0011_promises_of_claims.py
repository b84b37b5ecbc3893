"""What the loaders refuse the tables refuse too, and what a directory said of a code stays as the code does.

The checks of fills are held a million times a load: comparisons, no patterns (docs/decisions.md 29).
"""

from django.db import migrations, models

# Versions of before may be deletions with an amount below nothing, which says nothing of what they delete.
BARE = """
UPDATE claims_fillversion SET quantity = NULL WHERE action = 2 AND quantity < 0;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# 'NaN' is more than any number, so what is below it is a number; the columns hold no infinity. Of versions, of which there
# are few, the pattern is looked at; of fills only that the code is a number of eleven characters.
DISPENSED = """
ALTER TABLE {table}
    DROP CONSTRAINT {table}_cost_check,
    ADD CONSTRAINT {table}_cost_check CHECK (cost >= 0 AND cost < 'NaN'),
    ADD CONSTRAINT {table}_quantity_check CHECK ({quantity}),
    ADD CONSTRAINT {table}_claim_id_check CHECK (claim_id <> ''),
    ADD CONSTRAINT {table}_ndc_check CHECK ({ndc});
"""
FILLS = DISPENSED.format(table="claims_fill", quantity="quantity >= 0", ndc="octet_length(ndc) = 11 AND ndc::bigint >= 0")
VERSIONS = DISPENSED.format(
    table="claims_fillversion", quantity="quantity >= 0 AND quantity < 'NaN'", ndc="ndc ~ '^[0-9]{11}$'"
)
DIAGNOSED = """
ALTER TABLE claims_diagnosis ADD CONSTRAINT claims_diagnosis_claim_id_check CHECK (claim_id <> '');
"""
STAY = """
CREATE TRIGGER listings_stay BEFORE DELETE ON claims_druglisting FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_condition_proxies")]
    operations = [
        migrations.RunSQL(BARE, migrations.RunSQL.noop),
        migrations.RunSQL(FILLS, migrations.RunSQL.noop),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(DIAGNOSED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "drugproduct",
            models.CheckConstraint(condition=models.Q(ndc__regex="^[0-9]{11}$"), name="product_of_an_11_digit_ndc"),
        ),
        migrations.RunSQL(STAY, "DROP TRIGGER listings_stay ON claims_druglisting"),
    ]
