"""Days of members are in order also against raw SQL.

Two records that were each right could put a death before a birth, or the end of a number before its start, before a load
looked at both; the birth date and the start are taken back then: a letter to somebody who has died is worse than no age.
"""

from django.db import migrations, models
from django.db.models.functions import Lower

OUT_OF_ORDER = """
UPDATE members_member SET birth_date = NULL, told_on = told_on - 'birth_date' WHERE death_date < birth_date;
UPDATE members_identifier SET starts_on = NULL WHERE ends_on < starts_on;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def not_before(day, first):
    return models.Q((day, None), (f"{day}__gte", first), _connector="OR")


def at_most(day, years):
    latest = f"(%(expressions)s + interval '{years} year')"
    bound = models.Func(Lower("period"), template=latest, output_field=models.DateTimeField())
    return models.Q((day, None), (f"{day}__lte", bound), _connector="OR")


def add(model, name, condition):
    return migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=name))


LAST_DAYS = ("planned_end_on", "extended_to", "ended_on")


class Migration(migrations.Migration):
    dependencies = [("members", "0009_packages_and_numbers_as_sent")]
    operations = [
        migrations.RunSQL(OUT_OF_ORDER, migrations.RunSQL.noop),
        add(
            "member",
            "member_is_born_before_they_die",
            models.Q(
                ("death_date", None), ("birth_date", None), ("death_date__gte", models.F("birth_date")), _connector="OR"
            ),
        ),
        add(
            "identifier",
            "identifier_starts_before_it_ends",
            models.Q(("starts_on", None), ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
        ),
        add(
            "coveragespan",
            "coveragespan_of_a_package_has_a_contract",
            models.Q(("pbp", ""), models.Q(("contract", ""), _negated=True), _connector="OR"),
        ),
        add(
            "atriskspell",
            "atriskspell_ends_after_it_starts",
            models.Q(*(not_before(day, Lower("period")) for day in LAST_DAYS)),
        ),
        add("atriskspell", "atriskspell_is_planned_for_a_year_at_most", at_most("planned_end_on", 1)),
        add("atriskspell", "atriskspell_is_extended_to_two_years_at_most", at_most("extended_to", 2)),
    ]
