"""Of spells and mandates each fact has its day, so that a file takes away nothing of which it is silent; and a gap, a
deletion that has days, says that no period holds on them."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("members.migrations.0009_packages_and_numbers_as_sent").AFTER
AFTER = BEFORE.replace("AND action <> 'delete';", "AND (action <> 'delete' OR ends_on IS NOT NULL);")

FACTS = """
CREATE FUNCTION members_told(told_on jsonb, fact text, known text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- What is known of a fact; that there is none was told where it has a day and no value.
    SELECT coalesce(nullif(known, ''), CASE WHEN told_on ? fact THEN 'none' END)
$$;
CREATE FUNCTION members_place(address text, city text, state text, postal_code text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- An address is one fact: the street of one and the city of another would be none.
    SELECT CASE
        WHEN lower(address) = 'none' THEN 'none'
        WHEN concat(address, city, state, postal_code) <> ''
            THEN jsonb_build_array(address, city, state, postal_code)::text
        ELSE ''
    END
$$;
CREATE FUNCTION members_contradict(one text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Nothing contradicts nothing, and a withdrawal stands before what it withdraws.
    SELECT coalesce(one <> other AND 'none' NOT IN (one, other) AND '' NOT IN (one, other), false)
$$;
CREATE FUNCTION members_differ(told_on jsonb, fact text, known text, as_of date, value text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(told_on ->> fact = as_of::text, false) AND members_contradict(known, value)
$$;
CREATE FUNCTION members_scope(may_be_told boolean, may_be_sent boolean, may_decide boolean) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Of two of one day the one that grants less is the greater.
    SELECT concat((NOT may_be_told)::integer, (NOT may_be_sent)::integer, (NOT may_decide)::integer)
$$;
"""
NO_FACTS = """
DROP FUNCTION members_told(jsonb, text, text);
DROP FUNCTION members_place(text, text, text, text);
DROP FUNCTION members_differ(jsonb, text, text, date, text);
DROP FUNCTION members_contradict(text, text);
DROP FUNCTION members_scope(boolean, boolean, boolean);
"""
DATED = """
UPDATE members_atriskspell SET told_on = jsonb_strip_nulls(jsonb_build_object(
    'status', as_of,
    'planned_end_on', CASE WHEN planned_end_on IS NOT NULL THEN as_of END,
    'extended_to', CASE WHEN extended_to IS NOT NULL THEN as_of END,
    'ended_on', CASE WHEN ended_on IS NOT NULL THEN as_of END,
    'source_plan', CASE WHEN source_plan <> '' THEN as_of END
));
UPDATE members_representative SET told_on = jsonb_strip_nulls(jsonb_build_object(
    'scope', as_of,
    'relationship', CASE WHEN relationship <> '' THEN as_of END,
    'phone', CASE WHEN phone <> '' THEN as_of END,
    'address', CASE WHEN concat(address, city, state, postal_code) <> '' THEN as_of END,
    'ends_on', CASE WHEN ends_on IS NOT NULL THEN as_of END
));
SET CONSTRAINTS ALL IMMEDIATE;
"""


def told_on(model):
    field = models.JSONField(db_default={}, default=dict, help_text="day of each fact, by its column")
    return migrations.AddField(model_name=model, name="told_on", field=field)


class Migration(migrations.Migration):
    dependencies = [("members", "0010_promises_of_dates")]
    operations = [
        told_on("atriskspell"),
        told_on("representative"),
        migrations.RunSQL(DATED, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS, NO_FACTS),
        migrations.RunSQL(AFTER, BEFORE),
    ]
