"""Taking part in the program, and how it began and ended."""

from django.db import models

from accounts.models import Plan, Transition, public_id
from eligibility.models.determination import Determination
from members.models import Member


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self, plan: Plan) -> "EnrollmentQuerySet":
        return self.filter(plan=plan, status=Enrollment.Status.ENROLLED)


class Enrollment(models.Model):
    """Taking part in the program for a plan year; automatic, and ended by the member at any time."""

    class Status(models.TextChoices):
        ENROLLED = "enrolled", "Enrolled"
        OPTED_OUT = "opted_out", "Opted out"
        ENDED = "ended", "Ended"

    class Channel(models.TextChoices):
        PHONE = "phone", "By phone"
        FORM = "form", "By form"
        LETTER = "letter", "By letter"

    class Lasts(models.TextChoices):
        YEAR = "year", "For this year"
        ALWAYS = "always", "Until the member says otherwise"

    class EndReason(models.TextChoices):
        """Element L of the Part D reporting requirements."""

        DEATH = "01", "Death"
        DISENROLLMENT = "02", "Disenrollment from the plan"
        REQUEST = "03", "Request of the member"
        OTHER = "99", "Other"

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
    opt_out_channel = models.CharField(max_length=6, choices=Channel.choices, blank=True, default="", db_default="")
    opt_out_lasts = models.CharField(max_length=6, choices=Lasts.choices, default=Lasts.YEAR, db_default="year")
    end_reason = models.CharField(max_length=2, choices=EndReason.choices, blank=True, default="", db_default="")
    ends_on = models.DateField("last day, unless it ends before")
    ended_on = models.DateField(null=True)

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
            models.CheckConstraint(
                condition=~models.Q(status="opted_out") | ~models.Q(end_reason="") & ~models.Q(opt_out_channel=""),
                name="opted_out_has_a_reason_and_a_channel",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("enrolled_on")), name="enrollment_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["plan", "status", "member"], name="enrollment_by_status")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.plan_year} {self.status}"


class EnrollmentTransition(Transition):
    """How a member came in and left. What was said when they left stays here, also when they come back."""

    subject = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="transitions")
    on = models.DateField("day the member said so", null=True)
    reason = models.CharField("their words", max_length=200, blank=True, default="", db_default="")
    channel = models.CharField(max_length=6, choices=Enrollment.Channel.choices, blank=True, default="", db_default="")
    code = models.CharField(max_length=2, choices=Enrollment.EndReason.choices, blank=True, default="", db_default="")
    lasts = models.CharField(max_length=6, choices=Enrollment.Lasts.choices, blank=True, default="", db_default="")
