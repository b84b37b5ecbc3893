"""What was dispensed and diagnosed, as the claim files tell it.

Both tables are partitioned by plan and are named by what they are, not by a number of ours: claims/sql/new_*.sql.
"""

from django.db import models

from accounts.models import Plan
from claims.models.conditions import ConditionCode
from claims.models.loads import LoadFile
from members.models import Member

COVERAGE = [("C", "covered Part D drug"), ("E", "enhanced benefit, not covered by Part D"), ("O", "over the counter")]
DISPENSING = [("", "whole"), ("P", "partial"), ("C", "completion of a partial")]
# Days' supply of a medicine that is swallowed; outside of it the number is doubtful (42 CFR 423.154, 90 days and a margin).
ORAL_SUPPLY = (1, 100)


class Dispensed(models.Model):
    """What a version of a pharmacy claim says. Only a deletion may leave out what was dispensed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField("claim number", max_length=40, db_collation="C")
    filled_on = models.DateField(null=True)
    ndc = models.CharField(max_length=11, null=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    days_supply = models.PositiveSmallIntegerField(null=True)
    cost = models.DecimalField("gross drug cost in dollars", max_digits=12, decimal_places=2, null=True)
    coverage = models.CharField(max_length=1, choices=COVERAGE, default="C", db_default="C")
    compound = models.BooleanField(default=False, db_default=False)
    dispensing = models.CharField(max_length=1, choices=DISPENSING, blank=True, default="", db_default="")
    rx_number = models.CharField("prescription number", max_length=20, blank=True, default="", db_default="")
    fill_number = models.PositiveSmallIntegerField(null=True)
    prescriber = models.CharField(max_length=20, blank=True, default="", db_default="")
    pharmacy = models.CharField(max_length=20, blank=True, default="", db_default="")
    processed_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.ndc} on {self.filled_on}"


class Fill(Dispensed):
    """One dispensing as the latest version of its claim tells it; a reversed claim has none."""

    pk = models.CompositePrimaryKey("plan_id", "member_id", "claim_id")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="fills", db_constraint=False)
    filled_on = models.DateField()
    ndc = models.CharField(max_length=11)
    cost = models.DecimalField("gross drug cost in dollars", max_digits=12, decimal_places=2)
    adjusted = models.BooleanField(default=False, db_default=False)
    updated = models.BooleanField(default=False, db_default=False)


class FillVersion(Dispensed):
    """A version of a claim that does not count: replaced by a later one, not final, or a deletion.

    A deletion whose claim has no other version is held: should its original come, it will not count.
    """

    class Action(models.IntegerChoices):
        ORIGINAL = 0, "original"
        ADJUSTMENT = 1, "adjustment"
        DELETION = 2, "deletion"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    action = models.PositiveSmallIntegerField(choices=Action.choices)
    final = models.BooleanField(default=True, db_default=True)
    updated = models.BooleanField(
        default=False, db_default=False, help_text="replaces what was told before of the same processing day"
    )
    content = models.UUIDField(help_text="hash of what the version says")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "claim_id", "content"], name="version_once_per_claim"),
            models.CheckConstraint(
                condition=models.Q(action=2) | models.Q(filled_on__isnull=False, ndc__isnull=False, cost__isnull=False),
                name="only_a_deletion_may_be_bare",
            ),
        ]


class Diagnosis(models.Model):
    """A diagnosis code on a medical claim. `inpatient` also covers skilled nursing and home health stays."""

    pk = models.CompositePrimaryKey("plan_id", "member_id", "claim_id", "diagnosed_on", "system", "code")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="diagnoses", db_constraint=False)
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField("claim number", max_length=40, db_collation="C")
    diagnosed_on = models.DateField()
    system = models.CharField(max_length=2, choices=ConditionCode.SYSTEMS)
    code = models.CharField(max_length=8)
    inpatient = models.BooleanField()

    class Meta:
        verbose_name_plural = "diagnoses"

    def __str__(self) -> str:
        return f"{self.code} on {self.diagnosed_on}"
