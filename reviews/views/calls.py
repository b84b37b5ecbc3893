"""The call list and the calendar: who is to be called, when a pharmacist is free, and booking it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import requires
from accounts.models import Plan
from accounts.permissions import Permission
from members.models import ContactPreference, Member
from mtm.lib.paging import keyset
from mtm.lib.ui import language_name
from mtm.lib.web import back_to, refused, remember_search, searched
from reviews import scheduling
from reviews.forms import BookForm, day_or
from reviews.models import Appointment

ORDER = ("cmr_offer_due_on", "pk")


@requires(Permission.CALLS_WORK)
def calls(request: Any) -> HttpResponse:
    """Enrollees who are owed the offer of a review, who is due first at the top."""
    if request.method == "POST":
        remember_search(request, "calls")
        return back_to(request, "calls")
    waiting = scheduling.call_list(request.plan)
    words = searched(request, "calls")
    if words:
        waiting = waiting.filter(member__in=Member.objects.of_plan(request.plan).matching(words))
    page = keyset(waiting, by=ORDER, after=request.GET.get("after"))
    audit.record_listed((row.member_id for row in page.rows), by=request.user, plan=request.plan, where="call list")
    today = timezone.localdate()
    context = {"page": page, "words": words, "today": today, "waiting": waiting.count()}
    uncalled = do_not_call(request.plan, (row.member_id for row in page.rows), today)
    rows = [(row, language_name(row.member.language), row.member_id in uncalled) for row in page.rows]
    return render(request, "reviews/calls.html", context | {"rows": rows})


def do_not_call(plan: Plan, members: Iterable[int], day: date) -> set[int]:
    wishes = ContactPreference.objects.filter(plan=plan)
    return wishes.refusing(ContactPreference.Channel.PHONE, members, day)


@requires(Permission.APPOINTMENTS_BOOK)
def book(request: Any, member_id: str) -> HttpResponse:
    """Free half hours of a day for one member; choosing one books it."""
    member = get_object_or_404(Member.objects.of_plan(request.plan), public_id=member_id)
    day = day_or(request.GET.get("day"), day_after(timezone.localdate(), 1))
    slots = scheduling.free_slots(request.plan, day, now=timezone.now())
    form = BookForm(request.POST or None, slots=[(name_of(slot), label_of(slot)) for slot in slots])
    if request.method == "POST" and form.is_valid():
        slot = next(slot for slot in slots if name_of(slot) == form.cleaned_data["slot"])
        return keep(request, member, day, slot, form)
    if request.method == "POST":
        audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, member_id=member.pk)
        return refused(request, "reviews/book.html", booking_context(request, member, day, form))
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, member_id=member.pk)
    return render(request, "reviews/book.html", booking_context(request, member, day, form))


def keep(request: Any, member: Member, day: date, slot: scheduling.Slot, form: BookForm) -> HttpResponse:
    try:
        scheduling.book(
            member=member, pharmacist=slot.pharmacist, starts=slot.starts, now=timezone.now(), by=request.user
        )
    except scheduling.SlotProblem as problem:
        form.add_error("slot", str(problem))
        audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, member_id=member.pk)
        return render(request, "reviews/book.html", booking_context(request, member, day, form), status=409)
    messages.success(request, f"Booked: {label_of(slot)}, {day:%A}, {day:%B} {day.day}.")
    return back_to(request, "calls")


def booking_context(request: Any, member: Member, day: date, form: BookForm) -> dict[str, Any]:
    """The day's free times are looked up again, so that one that was just taken is not offered twice."""
    today = timezone.localdate()
    booked = Appointment.objects.filter(plan=request.plan, member=member, status=Appointment.Status.BOOKED).first()
    return {
        "member": member,
        "language": language_name(member.language),
        "day": day,
        "days": [day_after(today, number) for number in range(1, 6)],
        "times": by_time(scheduling.free_slots(request.plan, day, now=timezone.now())),
        "form": form,
        "booked": booked,
        "do_not_call": member.pk in do_not_call(request.plan, [member.pk], today),
        "zone": zone_of(request),
    }


def zone_of(request: Any) -> str:
    return request.plan.pharmacist_time_zone.replace("_", " ")


def by_time(slots: list[scheduling.Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each time of the day with the pharmacists who are free then."""
    times: dict[str, list[tuple[str, str]]] = {}
    for slot in slots:
        times.setdefault(clock(slot.starts), []).append((name_of(slot), str(slot.pharmacist)))
    return list(times.items())


def name_of(slot: scheduling.Slot) -> str:
    return f"{slot.pharmacist.pk}@{slot.starts.isoformat()}"


def label_of(slot: scheduling.Slot) -> str:
    return f"{clock(slot.starts)} with {slot.pharmacist}"


def clock(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def day_after(day: date, number: int) -> date:
    """The working day that lies `number` working days later."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


@requires(Permission.APPOINTMENTS_READ)
def calendar(request: Any) -> HttpResponse:
    """Booked reviews of a week, by day."""
    today = timezone.localdate()
    day = day_or(request.GET.get("week"), today if today.weekday() < 5 else day_after(today, 1))
    return week_page(request, day)


def week_page(request: Any, day: date, status: int = 200) -> HttpResponse:
    monday, zone = day - timedelta(days=day.weekday()), ZoneInfo(request.plan.pharmacist_time_zone)
    appointments = appointments_of_week(request.plan, datetime.combine(monday, datetime.min.time(), zone))
    audit.record_listed((a.member_id for a in appointments), by=request.user, plan=request.plan, where="calendar")
    context = {
        "days": by_day(monday, appointments, zone),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "monday": monday,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "count": len(appointments),
        "zone": zone_of(request),
    }
    return render(request, "reviews/calendar.html", context, status=status)


def appointments_of_week(plan: Any, first: datetime) -> list[Appointment]:
    of_plan = Appointment.objects.filter(plan=plan, status=Appointment.Status.BOOKED).of_who_takes_part()
    week = of_plan.filter(time__startswith__gte=first, time__startswith__lt=first + timedelta(days=7))
    return list(week.select_related("member", "pharmacist").order_by("time"))


def by_day(monday: date, appointments: list[Appointment], zone: ZoneInfo) -> list[tuple[date, list[Any]]]:
    """Each day of the week with its appointments and the local time they start."""
    days: dict[date, list[Any]] = {monday + timedelta(days=n): [] for n in range(7)}
    for appointment in appointments:
        starts = appointment.time.lower.astimezone(zone)
        days[starts.date()].append((clock(starts), appointment))
    return [(day, rows) for day, rows in days.items() if rows or day.weekday() < 5]


def one_appointment(request: Any, appointment_id: str) -> Appointment:
    return get_object_or_404(Appointment.objects.filter(plan=request.plan), public_id=appointment_id)


@require_POST
@requires(Permission.APPOINTMENTS_BOOK)
def cancel(request: Any, appointment_id: str) -> HttpResponse:
    scheduling.cancel(appointment=one_appointment(request, appointment_id), by=request.user)
    messages.success(request, "The appointment is cancelled; the member is on the call list again.")
    return back_to(request, "calendar")


@require_POST
@requires(Permission.APPOINTMENTS_BOOK)
def no_show(request: Any, appointment_id: str) -> HttpResponse:
    appointment = one_appointment(request, appointment_id)
    try:
        scheduling.note_no_show(appointment=appointment, now=timezone.now(), by=request.user)
    except scheduling.SlotProblem as problem:
        messages.error(request, str(problem))
        local = appointment.time.lower.astimezone(ZoneInfo(request.plan.pharmacist_time_zone))
        return week_page(request, local.date(), status=409)
    messages.success(request, "Noted as a no-show; the member is on the call list again.")
    return back_to(request, "calendar")
