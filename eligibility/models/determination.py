"""What criteria decide about each member, with the numbers and claims behind it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from accounts.models import Plan, public_id
from claims.models import Load
from eligibility.models.criteria import Criteria
from members.models import Member


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
        FLOOR = "floor", "CMS floor"
        NONE = "none", "Neither path"

    class CmsReason(models.TextChoices):
        CRITERIA = "01", "Conditions, drugs and cost"
        AT_RISK = "02", "At-risk beneficiary"
        BOTH = "03", "Both"
        EXPANDED = "04", "Neither: only by criteria wider than those of CMS"

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
    reasons = models.JSONField(help_text="the numbers of each test, met or not")
    missing = models.JSONField(default=list, help_text="what could tip the answer and is not known")
    cms_reason = models.CharField(
        max_length=2,
        blank=True,
        choices=CmsReason.choices,
        help_text="element I of the Part D reporting requirements; empty if not eligible",
    )
    load = models.ForeignKey(
        Load, null=True, on_delete=models.PROTECT, related_name="+", help_text="the last load it saw"
    )
    drugs_known_at = models.DateTimeField(null=True, help_text="the last change of what NDCs mean that it saw")
    determined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "criteria", "as_of", "load", "drugs_known_at"],
                nulls_distinct=False,
                name="one_determination_per_member_day_and_load",
            )
        ]
        indexes = [
            models.Index(fields=["plan", "outcome", "member"], name="determination_by_outcome"),
            BrinIndex(fields=["as_of"], autosummarize=True, name="determination_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.outcome} on {self.as_of}"
