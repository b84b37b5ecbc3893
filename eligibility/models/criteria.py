"""A plan year's criteria: what makes a member eligible, in versions that never change once published."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from accounts.models import Plan, User, public_id
from claims.models import Condition


class Criteria(models.Model):
    """What makes a member of the plan eligible in a plan year (42 CFR 423.153(d)(2)). Published rows never change."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"

    class Drugs(models.TextChoices):
        ANY = "any", "Any Part D covered drug"
        MAINTENANCE = "maintenance", "Part D maintenance drugs"
        CHRONIC = "chronic", "Chronic or maintenance Part D drugs"

    class Operator(models.TextChoices):
        AT_LEAST = "ge", "at least"
        MORE_THAN = "gt", "more than"

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="criteria")
    plan_year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    effective = DateRangeField(help_text="days on which these criteria decide")
    preset = models.CharField(max_length=40, blank=True, help_text="preset it started from")
    minimum_conditions = models.PositiveSmallIntegerField(default=3)
    minimum_drugs = models.PositiveSmallIntegerField(default=8)
    drugs = models.CharField("drugs that count", max_length=12, choices=Drugs.choices, default=Drugs.MAINTENANCE)
    cost_threshold = models.DecimalField("yearly drug cost in dollars", max_digits=9, decimal_places=2)
    cost_operator = models.CharField(max_length=2, choices=Operator.choices, default=Operator.AT_LEAST)
    at_risk_path = models.BooleanField("at-risk beneficiaries are eligible", default=True)
    list_is_illustrative = models.BooleanField("the list says 'such as'", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["-plan_year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "plan_year", "version"], name="criteria_version_once_per_year"),
            models.CheckConstraint(
                condition=models.Q(minimum_conditions__range=(2, 3)), name="minimum_conditions_as_cms_allows"
            ),
            models.CheckConstraint(condition=models.Q(minimum_drugs__range=(2, 8)), name="minimum_drugs_as_cms_allows"),
            models.CheckConstraint(condition=models.Q(cost_threshold__gt=0), name="cost_threshold_is_positive"),
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at=None, published_by=None)
                | models.Q(published_at__isnull=False, published_by__isnull=False) & ~models.Q(status="draft"),
                name="published_criteria_say_by_whom_and_when",
            ),
            ExclusionConstraint(
                name="published_criteria_of_a_plan_do_not_overlap",
                expressions=[("plan", RangeOperators.EQUAL), ("effective", RangeOperators.OVERLAPS)],
                condition=models.Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.plan_year} version {self.version}"


class CriteriaCondition(models.Model):
    """A condition on the plan's list. It is met by any of the coded conditions behind it."""

    criteria = models.ForeignKey(Criteria, on_delete=models.CASCADE, related_name="conditions")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    coded_as = models.ManyToManyField(Condition, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["criteria", "label"], name="condition_once_per_criteria")]

    def __str__(self) -> str:
        return self.label
