"""Loads of claim files and what became of each record."""

from django.db import models

from accounts.models import Plan, public_id


class LoadFile(models.Model):
    """One file of a feed and what became of its records. A file that is refused leaves no row."""

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    feed = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    rejected_by_reason = models.JSONField(default=dict)
    unmapped_ndc = models.PositiveIntegerField(null=True, help_text="accepted fills whose NDC has no ingredient")
    claims_through = models.DateField(null=True)
    notes = models.JSONField(default=list, help_text="what the file cannot give")
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received=models.F("accepted") + models.F("duplicate") + models.F("rejected")),
                name="every_received_record_is_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RejectedRow(models.Model):
    """A record that was refused, by line and reason; its content stays in the file."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(LoadFile, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
