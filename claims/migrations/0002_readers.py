"""Reading text from files without raising: what is no date or no number becomes NULL. Needs PostgreSQL 16."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION claims_to_date(value text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN value ~ '^([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4})$'
             AND pg_input_is_valid(value, 'date')
        THEN value::date
    END
$$;
CREATE FUNCTION claims_to_number(value text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN value ~ '^-?[0-9]{1,15}([.][0-9]{1,6})?$' THEN value::numeric END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION claims_to_date(text); DROP FUNCTION claims_to_number(text)")
    ]
