"""Letters to members: rendered once, kept with their hash, mailed by a day."""

from django.db import models

from accounts.models import Plan, Transition, public_id
from eligibility.models import Enrollment
from members.models import Member
from reviews.models import Cmr


class LetterQuerySet(models.QuerySet["Letter"]):
    def not_stopped(self) -> "LetterQuerySet":
        """Less what waits to be sent to members who left: an opt-out stops it at once, the next tick voids it."""
        left = ~models.Q(enrollment__status=Enrollment.Status.ENROLLED)
        return self.exclude(models.Q(kind=Letter.Kind.WELCOME, status__in=Letter.WAITING) & left)


class Letter(models.Model):
    """One document for one member about one enrollment (welcome) or one review (the other three)."""

    class Status(models.TextChoices):
        QUEUED = "queued", "To be rendered"
        RENDERED = "rendered", "Ready to mail"
        MAILED = "mailed", "Mailed"
        RETURNED = "returned", "Returned"
        VOID = "void", "Void"

    class Kind(models.TextChoices):
        WELCOME = "welcome", "Welcome letter"
        COVER = "cover_letter", "CMR cover letter"
        ACTION_PLAN = "action_plan", "Medication Action Plan"
        MEDICATION_LIST = "medication_list", "Personal Medication List"

    TRANSITIONS = {
        Status.QUEUED: frozenset({Status.RENDERED, Status.VOID}),
        Status.RENDERED: frozenset({Status.MAILED, Status.VOID}),
        Status.MAILED: frozenset({Status.RETURNED}),
    }
    WAITING = (Status.QUEUED, Status.RENDERED)
    OF_A_CMR = (Kind.COVER, Kind.ACTION_PLAN, Kind.MEDICATION_LIST)

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="letters")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.PROTECT, related_name="letters")
    cmr = models.ForeignKey(Cmr, null=True, on_delete=models.PROTECT, related_name="letters")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED, db_default="queued")
    due_on = models.DateField()
    template_revision = models.CharField(max_length=40, blank=True, db_default="")
    pdf = models.BinaryField(null=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_default="")
    mailed_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "enrollment"], condition=~models.Q(status="void"), name="letter_once_per_enrollment"
            ),
            models.UniqueConstraint(
                fields=["kind", "cmr"], condition=~models.Q(status="void"), name="letter_once_per_cmr"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="welcome", enrollment__isnull=False, cmr=None)
                | (~models.Q(kind="welcome") & models.Q(enrollment=None, cmr__isnull=False)),
                name="letter_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["rendered", "mailed", "returned"])
                | (models.Q(pdf__isnull=False) & ~models.Q(pdf_sha256="")),
                name="rendered_letter_has_its_pdf",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["mailed", "returned"]) | models.Q(mailed_on__isnull=False),
                name="mailed_letter_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["plan", "status", "due_on", "id"], name="letter_queue")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LetterTransition(Transition):
    subject = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="transitions")
