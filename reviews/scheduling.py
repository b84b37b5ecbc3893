"""Who is to be called, and booking their comprehensive medication review."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef, QuerySet

from accounts import audit
from accounts.models import Plan, User
from accounts.permissions import Role
from eligibility.models import Enrollment
from members.models import Member
from mtm.lib.transitions import move
from reviews.models import Appointment, AppointmentTransition, Cmr
from reviews.models.appointments import taking_part

SLOT = timedelta(minutes=30)
OPENS, CLOSES = time(9), time(17)
LONGEST_AHEAD = timedelta(days=366)
Status = Appointment.Status


class SlotProblem(Exception):
    """Why a time cannot be booked, in words for the scheduler."""


@dataclass(frozen=True)
class Slot:
    pharmacist: User
    starts: datetime


def call_list(plan: Plan) -> QuerySet[Enrollment]:
    """Enrollees who are owed the offer of a CMR: none booked, none this year; who is due first comes first."""
    booked = Appointment.objects.filter(member=OuterRef("member"), status=Status.BOOKED)
    before = Appointment.objects.filter(member__merged_into=OuterRef("member"), status=Status.BOOKED)
    reviewed = Cmr.objects.filter(enrollment=OuterRef("pk")).exclude(status=Cmr.Status.ABANDONED)
    waiting = Enrollment.objects.active(plan).filter(~Exists(booked), ~Exists(before), ~Exists(reviewed))
    return waiting.select_related("member").order_by("cmr_offer_due_on", "pk")


def pharmacists(plan: Plan) -> QuerySet[User]:
    return User.objects.filter(assignments__plan=plan, assignments__role=Role.PHARMACIST, is_active=True).order_by(
        "full_name", "pk"
    )


def free_slots(plan: Plan, day: date, *, now: datetime) -> list[Slot]:
    """The half hours of a working day that no appointment touches and that have not begun."""
    zone = ZoneInfo(plan.pharmacist_time_zone)
    if day.weekday() > 4:
        return []
    opens, closes = datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
    people = list(pharmacists(plan))
    taken = Appointment.objects.filter(
        pharmacist__in=people, status=Status.BOOKED, time__overlap=DateTimeTZRange(opens, closes)
    )
    busy = [(appointment.pharmacist_id, appointment.time) for appointment in taken]
    starts = [opens + number * SLOT for number in range(int((closes - opens) / SLOT))]
    return [
        Slot(pharmacist, start)
        for start in starts
        if start > now
        for pharmacist in people
        if not any(who == pharmacist.pk and at.lower < start + SLOT and start < at.upper for who, at in busy)
    ]


@transaction.atomic
def book(*, member: Member, pharmacist: User, starts: datetime, now: datetime, by: User) -> Appointment:
    """Keep a half hour of the pharmacist for the member; the database refuses an overlap."""
    if not Enrollment.objects.active(member.plan).filter(member=member).exists():
        raise SlotProblem("This member does not take part in the program now.")
    if not pharmacists(member.plan).filter(pk=pharmacist.pk).exists():
        raise SlotProblem("Choose a pharmacist of this plan.")
    if starts <= now:
        raise SlotProblem("This time has passed. Choose a later one.")
    if not is_a_slot(starts, ZoneInfo(member.plan.pharmacist_time_zone), now):
        raise SlotProblem("Reviews begin on a half hour between 9:00 and 4:30 of a working day, within a year.")
    # Bookings of one pharmacist take turns: two at once could otherwise wait for each other in the exclusion index.
    User.objects.select_for_update(no_key=True).get(pk=pharmacist.pk)
    appointment = keep_slot(member, pharmacist, starts, by)
    AppointmentTransition.objects.create(
        subject=appointment, plan=member.plan, from_status="", to_status=Status.BOOKED, by=by
    )
    audit.record(audit.Kind.APPOINTMENT_BOOKED, by=by, plan=member.plan, subject=appointment)
    return appointment


def is_a_slot(starts: datetime, zone: ZoneInfo, now: datetime) -> bool:
    """Whether `free_slots` could offer this start on some day of the next year."""
    if starts > now + LONGEST_AHEAD:
        return False
    local = starts.astimezone(zone)
    on_the_half_hour = (local.minute % 30, local.second, local.microsecond) == (0, 0, 0)
    return on_the_half_hour and local.weekday() < 5 and OPENS <= local.time() < CLOSES


def keep_slot(member: Member, pharmacist: User, starts: datetime, by: User) -> Appointment:
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                plan=member.plan,
                member=member,
                pharmacist=pharmacist,
                time=DateTimeTZRange(starts, starts + SLOT),
                booked_by=by,
            )
    except IntegrityError as problem:
        if "one_booked_appointment_per_member" in str(problem):
            raise SlotProblem("This member already has an appointment. Cancel it before booking another.") from None
        raise SlotProblem("This time was just taken. Choose another.") from None


@transaction.atomic
def cancel(*, appointment: Appointment, by: User) -> Appointment:
    move(appointment, to=Status.CANCELLED, allowed=Appointment.TRANSITIONS, log=AppointmentTransition, by=by)
    audit.record(audit.Kind.APPOINTMENT_CANCELLED, by=by, plan=appointment.plan, subject=appointment)
    return appointment


@transaction.atomic
def note_no_show(*, appointment: Appointment, now: datetime, by: User) -> Appointment:
    if appointment.time.lower > now:
        raise SlotProblem("This appointment has not begun. Cancel it if the member cannot come.")
    move(appointment, to=Status.NO_SHOW, allowed=Appointment.TRANSITIONS, log=AppointmentTransition, by=by)
    audit.record(audit.Kind.APPOINTMENT_NO_SHOW, by=by, plan=appointment.plan, subject=appointment)
    return appointment


@transaction.atomic
def release_departed() -> int:
    """Cancel the appointments of members who no longer take part; run every few seconds, so nobody has to be told."""
    booked = Appointment.objects.select_for_update(of=("self",), skip_locked=True).select_related("plan")
    departed = list(booked.filter(~Exists(taking_part()), status=Status.BOOKED))
    for appointment in departed:
        move(appointment, to=Status.CANCELLED, allowed=Appointment.TRANSITIONS, log=AppointmentTransition, by=None)
        audit.record(audit.Kind.APPOINTMENT_CANCELLED, by=None, plan=appointment.plan, subject=appointment)
    return len(departed)
