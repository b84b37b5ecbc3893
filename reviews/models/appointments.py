"""Appointments for comprehensive medication reviews."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from accounts.models import Plan, Transition, User, public_id
from eligibility.models import Enrollment
from members.models import Member


def taking_part() -> models.QuerySet[Enrollment]:
    """Enrollments of the member of an appointment, or of the row that this member was merged into."""
    person = models.Q(member=models.OuterRef("member")) | models.Q(member=models.OuterRef("member__merged_into"))
    return Enrollment.objects.filter(person, status=Enrollment.Status.ENROLLED)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of_who_takes_part(self) -> "AppointmentQuerySet":
        """Less what is still booked for members who left: an opt-out stops it at once, the next tick cancels it."""
        return self.filter(~models.Q(status=Appointment.Status.BOOKED) | models.Exists(taking_part()))


class Appointment(models.Model):
    """A half hour of a pharmacist kept for a member. Two appointments of one pharmacist cannot overlap."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "no_show", "No-show"
        COMPLETED = "completed", "Completed"

    TRANSITIONS = {Status.BOOKED: frozenset({Status.CANCELLED, Status.NO_SHOW, Status.COMPLETED})}

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="appointments")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="appointments")
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    time = DateTimeRangeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_pharmacist_has_one_appointment_at_a_time",
                expressions=[("pharmacist", RangeOperators.EQUAL), ("time", RangeOperators.OVERLAPS)],
                condition=models.Q(status="booked"),
            ),
            models.UniqueConstraint(
                fields=["plan", "member"],
                condition=models.Q(status="booked"),
                name="one_booked_appointment_per_member",
            ),
        ]
        indexes = [models.Index(fields=["plan", "status"], name="appointment_by_status")]

    def __str__(self) -> str:
        return f"appointment {self.pk}"


class AppointmentTransition(Transition):
    subject = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="transitions")
