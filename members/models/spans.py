"""Periods of a member: what the enrollment files told of them, and what follows from all that was told."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from accounts.models import Plan
from members.models.member import of_member


class SpanEntry(models.Model):
    """What a file told of a period, by what it is a period of and when it starts.

    Of two entries of one start the newer one holds; an end and a gap replace only their like. Spans follow from all
    entries of a member, so that they are the same in whatever order the files arrive.
    """

    class Kind(models.TextChoices):
        COVERAGE = "coverage", "Part D coverage"
        HOSPICE = "hospice", "Hospice"
        ESRD = "esrd", "End-stage renal disease"
        INSTITUTION = "institution", "Long-term institution"
        LOW_INCOME = "low_income", "Low-income subsidy"

    class Action(models.TextChoices):
        HOLDS = "", "there is such a period"
        END = "end", "nothing from the start on, whatever is older says"
        DELETE = "delete", "there is no period with this start"
        GAP = "gap", "no period holds from the start to the last day"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("span_entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Of coverage the contract and plan benefit package, H0001-001; of the low-income subsidy its level.
    value = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    action = models.CharField(max_length=6, choices=Action.choices, blank=True)
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "member",
                "kind",
                "starts_on",
                models.Case(models.When(action="end", then=1), models.When(action="gap", then=2), default=0),
                name="span_entry_once_per_start",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["coverage", "hospice", "esrd", "institution", "low_income"]),
                name="span_entry_kind_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(action__in=["", "end", "delete", "gap"]), name="span_entry_action_is_one_of_ours"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="span_entry_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"


class MemberPeriod(models.Model):
    """A span of days of a member; the upper bound is the day after the last."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = DateRangeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.period)


class CoverageSpan(MemberPeriod):
    """A period in which the member has Part D coverage of the plan under one contract and benefit package."""

    member = of_member("coverage")
    contract = models.CharField(max_length=5, default="", db_default="", blank=True)
    pbp = models.CharField("plan benefit package", max_length=3, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="coveragespans_of_a_member_do_not_overlap",
                expressions=[("member", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=models.Q(period__isempty=False), name="coveragespan_has_days"),
            models.CheckConstraint(
                condition=models.Q(pbp="") | ~models.Q(contract=""), name="coveragespan_of_a_package_has_a_contract"
            ),
        ]


class MemberSpan(MemberPeriod):
    """A period in hospice care, with end-stage renal disease, in a long-term institution, or with a low-income level."""

    Kind = SpanEntry.Kind

    member = of_member("spans")
    kind = models.CharField(max_length=12, choices=SpanEntry.Kind.choices)
    level = models.CharField("level of the low-income subsidy", max_length=10, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="spans_of_a_kind_of_a_member_do_not_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=models.Q(period__isempty=False), name="memberspan_has_days"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["hospice", "esrd", "institution", "low_income"]),
                name="memberspan_kind_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(level="") | models.Q(kind="low_income"), name="only_a_low_income_span_has_a_level"
            ),
        ]
