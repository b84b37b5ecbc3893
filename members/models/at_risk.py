from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models.functions import Lower

from members.models.member import of_member
from members.models.spans import MemberPeriod

LAST_DAYS = ("planned_end_on", "extended_to", "ended_on")


def is_not_after(name: str, years: int) -> models.Q:
    """Whether the day of that name is at most so many years after the effective date."""
    latest = f"(%(expressions)s + interval '{years} year')"
    bound = models.Func(Lower("period"), template=latest, output_field=models.DateTimeField())
    return models.Q(**{name: None}) | models.Q(**{f"{name}__lte": bound})


class AtRiskSpell(MemberPeriod):
    """A period as a potential or determined at-risk beneficiary (42 CFR 423.100, 423.153(f)).

    It starts on the effective date of the limitation and ends with the last day told, or the day before the next spell
    of the same limitation; without a told end after one year (423.153(f)(14)).
    """

    class Status(models.TextChoices):
        POTENTIAL = "potential", "Potentially at risk"
        AT_RISK = "at_risk", "At risk"

    class Limitation(models.TextChoices):
        NOT_GIVEN = "", "not given"
        PRESCRIBER = "prescriber", "Prescriber"
        PHARMACY = "pharmacy", "Pharmacy"
        POS_EDIT = "pos_edit", "Claim edit at the point of sale"

    member = of_member("at_risk_spells")
    status = models.CharField(
        max_length=9, choices=Status.choices, default=Status.AT_RISK, db_default=Status.AT_RISK.value
    )
    limitation = models.CharField(max_length=10, choices=Limitation.choices, default="", db_default="", blank=True)
    planned_end_on = models.DateField(null=True)
    extended_to = models.DateField(null=True)
    ended_on = models.DateField("last day, where it ended early", null=True)
    source_plan = models.CharField("contract of the plan that gave notice", max_length=5, default="", db_default="")
    as_of = models.DateField(null=True)
    # Of each fact the day on which it held: a newer file that is silent of it takes nothing away.
    told_on = models.JSONField(default=dict, db_default={}, help_text="day of each fact, by its column")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="atriskspells_of_a_limitation_do_not_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("limitation", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                # Periods of several spells are set in one statement, or two within a load.
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint("member", "limitation", Lower("period"), name="atriskspell_once_per_start"),
            models.CheckConstraint(
                condition=models.Q(period__isempty=False, period__startswith__isnull=False),
                name="atriskspell_has_an_effective_date",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{day: None}) | models.Q(**{f"{day}__gte": Lower("period")}) for day in LAST_DAYS)
                ),
                name="atriskspell_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=is_not_after("planned_end_on", 1), name="atriskspell_is_planned_for_a_year_at_most"
            ),
            models.CheckConstraint(
                condition=is_not_after("extended_to", 2), name="atriskspell_is_extended_to_two_years_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["potential", "at_risk"]), name="atriskspell_status_is_one_of_ours"
            ),
            models.CheckConstraint(
                condition=models.Q(limitation__in=["", "prescriber", "pharmacy", "pos_edit"]),
                name="atriskspell_limitation_is_one_of_ours",
            ),
        ]
