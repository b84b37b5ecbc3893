"""A plan year's criteria: what makes a member eligible, in versions that never change once published."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from accounts.models import Plan, User, public_id
from claims.models import Condition


class Criteria(models.Model):
    """What makes a member of the plan eligible in a plan year (42 CFR 423.153(d)(2)). Published rows never change."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"

    class Drugs(models.TextChoices):
        ANY = "any", "Any Part D covered drug"
        MAINTENANCE = "maintenance", "Part D maintenance drugs"
        CHRONIC = "chronic", "Chronic or maintenance Part D drugs"
        LISTED = "listed", "Part D drugs on the plan's list"

    class Identity(models.TextChoices):
        INGREDIENT = "ingredient", "Its ingredients: a combination counts once"
        PRODUCT = "product", "Its labeler and product: the first nine digits of the NDC"
        NDC = "ndc", "Its NDC"

    class Counting(models.TextChoices):
        LISTED = "listed", "Each condition on the list"
        CORE = "core", "Each CMS core disease: asthma and COPD once, osteoporosis and osteoarthritis once"

    class BeyondList(models.TextChoices):
        UNDECIDED = "", "Not decided yet"
        NOTHING = "nothing", "Only the conditions on the list"
        CORE = "core", "The list and all other CMS core diseases"

    class CostMethod(models.TextChoices):
        LIKELY = "likely", "Likely to incur: the year to date, or four times the last three months"
        TO_DATE = "to_date", "The calendar year to date"
        ROLLING = "rolling", "The last twelve months"
        ANNUALISED = "annualised", "The year to date, stretched to a whole year"
        QUARTER = "quarter", "The last three months, against a quarter of the amount"

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
    beyond_list = models.CharField(
        "Beside a list that says “such as” count",
        max_length=10,
        blank=True,
        choices=BeyondList.choices,
        default=BeyondList.UNDECIDED,
    )
    counting = models.CharField(
        "conditions are counted by", max_length=10, choices=Counting.choices, default=Counting.LISTED
    )
    condition_days = models.PositiveSmallIntegerField("days of diagnoses that are looked at", default=730)
    drug_proxies = models.BooleanField("drugs of one condition only may stand for its diagnosis", default=False)
    identity = models.CharField("a drug is", max_length=12, choices=Identity.choices, default=Identity.INGREDIENT)
    drug_list = ArrayField(models.CharField(max_length=120), verbose_name="drugs on the list", default=list, blank=True)
    drug_days = models.PositiveSmallIntegerField("days of fills that are looked at", default=365)
    drug_supply = models.PositiveSmallIntegerField("days' supply a drug needs in that time", default=0)
    drug_active_days = models.PositiveSmallIntegerField(
        "a drug's supply reaches into the last days (0: any fill counts)", default=0
    )
    cost_method = models.CharField(
        "a year is foreseen from", max_length=12, choices=CostMethod.choices, default=CostMethod.LIKELY
    )
    cms_floor = models.BooleanField("the CMS rule is a floor under these criteria", default=True)
    reason = models.CharField("reason for this version", max_length=300, blank=True)
    starts_on = models.DateField("in force from", null=True, blank=True, help_text="empty: from publishing")
    warnings = models.JSONField(default=list, help_text="what the last save was warned of")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
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
                condition=models.Q(status__in=["draft", "in_review"], published_at=None, published_by=None)
                | models.Q(status__in=["published", "closed"], published_at__isnull=False, published_by__isnull=False),
                name="published_criteria_say_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    condition_days__range=(90, 1100),
                    drug_days__range=(30, 730),
                    drug_supply__lte=models.F("drug_days"),
                    drug_active_days__lte=models.F("drug_days"),
                ),
                name="looks_back_over_sensible_times",
            ),
            models.CheckConstraint(
                condition=models.Q(list_is_illustrative=True) | models.Q(beyond_list=""),
                name="only_a_list_that_says_such_as_goes_beyond_itself",
            ),
            models.CheckConstraint(
                condition=~models.Q(drugs="listed") | models.Q(drug_list__len__gt=0) | models.Q(status="draft"),
                name="a_published_drug_list_names_drugs",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="in_review") | models.Q(sent_at__isnull=False, sent_by__isnull=False),
                name="criteria_in_review_say_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_by=None)
                | models.Q(published_by=None)
                | ~models.Q(sent_by=models.F("published_by")),
                name="criteria_are_published_by_a_second_person",
            ),
            ExclusionConstraint(
                name="published_criteria_of_a_plan_do_not_overlap",
                expressions=[("plan", RangeOperators.EQUAL), ("effective", RangeOperators.OVERLAPS)],
                condition=models.Q(status__in=["published", "closed"]),
            ),
        ]

    # What a draft may change and a copy takes over.
    SETTINGS = (
        *("minimum_conditions", "list_is_illustrative", "beyond_list", "counting", "condition_days", "drug_proxies"),
        *("minimum_drugs", "drugs", "drug_list", "identity", "drug_days", "drug_supply", "drug_active_days"),
        *("cost_operator", "cost_threshold", "cost_method", "at_risk_path", "cms_floor"),
    )

    def __str__(self) -> str:
        return f"{self.plan.code} {self.plan_year} version {self.version}"


class CriteriaCondition(models.Model):
    """A condition on the plan's list. It is met by any of the coded conditions behind it."""

    criteria = models.ForeignKey(Criteria, on_delete=models.CASCADE, related_name="conditions")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    coded_as = models.ManyToManyField(Condition, related_name="+")
    visits = models.PositiveSmallIntegerField("claims needed on different days, if none is inpatient", default=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["criteria", "label"], name="condition_once_per_criteria"),
            models.CheckConstraint(condition=models.Q(visits__range=(1, 3)), name="one_to_three_visits_are_needed"),
        ]

    def __str__(self) -> str:
        return self.label
