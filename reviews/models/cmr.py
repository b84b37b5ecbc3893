"""Comprehensive medication reviews (CMR): the conversation, the reconciled list, and what is to be done."""

from django.db import models

from accounts.models import Plan, Transition, User, public_id
from eligibility.models import Enrollment
from members.models import Member
from reviews.models.alerts import Alert
from reviews.models.appointments import Appointment


class Cmr(models.Model):
    """One review of one enrollee (42 CFR 423.153(d)(1)(vii)(B))."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETED = "completed", "Completed"
        ABANDONED = "abandoned", "Abandoned"

    class Method(models.TextChoices):
        FACE_TO_FACE = "01", "Face to face"
        TELEPHONE = "02", "Telephone"
        TELEHEALTH = "03", "Telehealth"

    TRANSITIONS = {Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.ABANDONED})}

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cmrs")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="cmrs")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="cmrs")
    appointment = models.OneToOneField(Appointment, null=True, on_delete=models.PROTECT, related_name="cmr")
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cmrs")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.IN_PROGRESS)
    method = models.CharField(max_length=2, choices=Method.choices, default=Method.TELEPHONE)
    allergies = models.TextField(blank=True)
    side_effects = models.TextField(blank=True)
    other_information = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    completed_on = models.DateField(null=True)
    summary_due_on = models.DateField(null=True, help_text="14 days after the review")

    class Meta:
        verbose_name = "CMR"
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(status="in_progress"), name="one_cmr_in_progress_per_member"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="completed")
                | models.Q(completed_on__isnull=False, summary_due_on__isnull=False),
                name="completed_cmr_has_its_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"CMR {self.pk}"


class CmrTransition(Transition):
    subject = models.ForeignKey(Cmr, on_delete=models.CASCADE, related_name="transitions")


class ListedMedication(models.Model):
    """A medicine talked about in a review, from claims or named by the member."""

    class Kind(models.TextChoices):
        PRESCRIPTION = "prescription", "Prescription"
        OTC = "otc", "Over the counter"
        HERBAL = "herbal", "Herbal or supplement"
        SAMPLE = "sample", "Sample"

    class Decision(models.TextChoices):
        UNDECIDED = "", "To be reconciled"
        TAKING = "taking", "Taking as listed"
        CHANGED = "changed", "Taking differently"
        STOPPED = "stopped", "No longer taking"
        UNSURE = "unsure", "Not sure"

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    cmr = models.ForeignKey(Cmr, on_delete=models.CASCADE, related_name="medications")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PRESCRIPTION)
    name = models.CharField("medicine", max_length=200)
    how_taken = models.CharField("how I take it", max_length=200, blank=True)
    why = models.CharField("why I use it", max_length=200, blank=True)
    prescriber = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, default=Decision.UNDECIDED)
    last_filled_on = models.DateField(null=True)
    from_claims = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["cmr", "name"], name="medicine_once_per_review")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on_list(self) -> bool:
        """Whether the member's medication list shows it: everything but what they stopped."""
        return self.decision != self.Decision.STOPPED


class ActionItem(models.Model):
    """One line of the member's action plan: what was talked about, and what to do."""

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    cmr = models.ForeignKey(Cmr, on_delete=models.CASCADE, related_name="actions")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="action_items")
    talked_about = models.CharField("what we talked about", max_length=300)
    to_do = models.CharField("what I should do", max_length=300)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"action {self.pk}"
