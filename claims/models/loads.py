"""Loads of files of a plan, and what became of each record."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Plan, public_id


class Load(models.Model):
    """Files that are loaded together: all of them land, or none does."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    feed = models.CharField(max_length=20)
    options = models.JSONField(default=dict, help_text="encoding, unended, mapping")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    # What is wrong with the file that was refused, with its line and column; never what the line holds.
    problem = models.TextField(blank=True)
    ignored = models.JSONField(default=list, help_text="names of files that the feed does not know")
    as_of = models.DateField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.feed} {self.requested_at:%Y-%m-%d}"


class LoadProgress(models.Model):
    """How far a running load has come, written beside its transaction."""

    load = models.OneToOneField(Load, on_delete=models.CASCADE, related_name="progress")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=240)
    done_bytes = models.PositiveBigIntegerField()
    total_bytes = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.step

    @property
    def percent(self) -> int:
        return 100 * self.done_bytes // self.total_bytes if self.total_bytes else 0


def cost_field() -> "models.DecimalField[Any, Any]":
    # As many rows as a file may have, each at the highest cost that is an amount.
    return models.DecimalField(max_digits=22, decimal_places=2, default=Decimal(0), db_default=Decimal(0))


class LoadFile(models.Model):
    """One file of a load and what became of its records, in rows and, for fills, in gross drug cost."""

    public_id = public_id()
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="files", null=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="load_files")
    feed = models.CharField(max_length=20)
    kind = models.CharField(max_length=120, help_text="what the file holds")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    received_cost = cost_field()
    accepted_cost = cost_field()
    duplicate_cost = cost_field()
    rejected_cost = cost_field()
    rejected_by_reason = models.JSONField(default=dict)
    fills = models.PositiveIntegerField(null=True, help_text="fills of the file that count now")
    unmapped_ndc = models.PositiveIntegerField(null=True, help_text="of them, those whose NDC has no ingredient")
    claims_through = models.DateField(null=True)
    notes = models.JSONField(default=list, help_text="what the file cannot give")
    findings = models.JSONField(default=list, help_text="what is odd about the file: name, count, text")
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        indexes = [models.Index(fields=["plan", "sha256"], name="file_by_content")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received=models.F("accepted") + models.F("duplicate") + models.F("rejected")),
                name="every_received_record_is_accounted_for",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    received_cost=models.F("accepted_cost") + models.F("duplicate_cost") + models.F("rejected_cost")
                ),
                name="every_received_cent_is_accounted_for",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RejectedRow(models.Model):
    """What was refused of a record, by line and reason; with the first of a line stands its raw text."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(LoadFile, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)
    raw = models.TextField(blank=True)

    class Meta:
        # Of several of one line the first holds its text.
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["file", "line"], name="rejected_by_line")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
