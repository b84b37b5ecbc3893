"""What was dispensed and diagnosed, as the claim files tell it."""

from django.db import models

from accounts.models import Plan
from claims.models.conditions import ConditionCode
from claims.models.loads import LoadFile
from members.models import Member


class Fill(models.Model):
    """One dispensing of a Part D drug (a final-action prescription drug event)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="fills")
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField(max_length=40)
    filled_on = models.DateField()
    ndc = models.CharField(max_length=11)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    days_supply = models.PositiveSmallIntegerField()
    cost = models.DecimalField("gross drug cost in dollars", max_digits=12, decimal_places=2)
    covered = models.BooleanField("covered Part D drug", default=True, db_default=True)
    prescriber = models.CharField(max_length=20, blank=True)
    pharmacy = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "claim_id"], name="fill_once_per_plan")]
        indexes = [
            models.Index(fields=["member", "filled_on"], name="fill_by_member"),
            models.Index(fields=["plan", "filled_on"], name="fill_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.ndc} on {self.filled_on}"


class Diagnosis(models.Model):
    """A diagnosis code on a medical claim. `inpatient` also covers skilled nursing and home health stays."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="diagnoses")
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField(max_length=40)
    diagnosed_on = models.DateField()
    system = models.CharField(max_length=2, choices=ConditionCode.SYSTEMS)
    code = models.CharField(max_length=8)
    inpatient = models.BooleanField()

    class Meta:
        verbose_name_plural = "diagnoses"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "claim_id", "diagnosed_on", "system", "code"], name="diagnosis_once_per_claim"
            )
        ]
        indexes = [models.Index(fields=["member", "diagnosed_on"], name="diagnosis_by_member")]

    def __str__(self) -> str:
        return f"{self.code} on {self.diagnosed_on}"
