"""An NDC is never deleted: what a code meant when it was dispensed stays known."""

from django.db import migrations

STAY = """
CREATE TRIGGER products_stay BEFORE DELETE ON claims_drugproduct FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_lighter_claims")]
    operations = [migrations.RunSQL(STAY, "DROP TRIGGER products_stay ON claims_drugproduct")]
