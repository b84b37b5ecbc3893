"""Plan-year criteria, what they decide about each member, and the enrollments that follow."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from accounts.models import Plan, Transition, User, public_id
from claims.models import Condition
from members.models import Member


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


class Determination(models.Model):
    """The decision about one member on one day, with the reasons and the numbers behind it."""

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", "Eligible"
        NOT_ELIGIBLE = "not_eligible", "Not eligible"
        INSUFFICIENT_DATA = "insufficient_data", "Not enough data"

    class Path(models.TextChoices):
        CONDITIONS_DRUGS_COST = "conditions_drugs_cost", "Conditions, drugs and cost"
        AT_RISK = "at_risk", "At-risk beneficiary"
        BOTH = "both", "Both paths"
        NONE = "none", "Neither path"

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="determinations")
    criteria = models.ForeignKey(Criteria, on_delete=models.PROTECT, related_name="determinations")
    as_of = models.DateField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    path = models.CharField(max_length=24, choices=Path.choices)
    conditions = models.JSONField(help_text="label, first and last claim date, claim ids of each listed condition met")
    drugs = models.JSONField(help_text="names of the drugs that counted")
    drug_count = models.PositiveSmallIntegerField()
    drug_cost = models.DecimalField(max_digits=12, decimal_places=2)
    at_risk = models.BooleanField()
    reasons = models.JSONField(help_text="one sentence for each test, met or not")
    determined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "criteria", "as_of"], name="one_determination_per_member_and_day")
        ]
        indexes = [models.Index(fields=["plan", "outcome", "member"], name="determination_by_outcome")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.outcome} on {self.as_of}"


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self, plan: Plan) -> "EnrollmentQuerySet":
        return self.filter(plan=plan, status=Enrollment.Status.ENROLLED)


class Enrollment(models.Model):
    """Taking part in the program for a plan year; automatic, and ended by the member at any time."""

    class Status(models.TextChoices):
        ENROLLED = "enrolled", "Enrolled"
        OPTED_OUT = "opted_out", "Opted out"
        ENDED = "ended", "Ended"

    TRANSITIONS = {
        Status.ENROLLED: frozenset({Status.OPTED_OUT, Status.ENDED}),
        Status.OPTED_OUT: frozenset({Status.ENROLLED, Status.ENDED}),
    }

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="enrollments")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="enrollments")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="+")
    plan_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ENROLLED, db_default="enrolled")
    enrolled_on = models.DateField()
    cmr_offer_due_on = models.DateField()
    opted_out_on = models.DateField(null=True)
    opt_out_reason = models.CharField(max_length=200, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "plan_year"],
                condition=~models.Q(status="ended"),
                name="one_open_enrollment_per_member_and_year",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(status="enrolled"),
                name="a_member_takes_part_in_one_year_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status="opted_out", opted_out_on__isnull=False)
                | models.Q(status="enrolled", opted_out_on=None)
                | models.Q(status="ended"),
                name="opted_out_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["plan", "status", "member"], name="enrollment_by_status")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.plan_year} {self.status}"


class EnrollmentTransition(Transition):
    subject = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="transitions")
