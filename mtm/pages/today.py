"""What waits today, for the roles a person has: each number is counted by the query of the list it opens."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from accounts.permissions import Permission
from claims import freshness
from claims.ingest.load import totals
from claims.models import Load, LoadFile
from eligibility.models import Criteria, Enrollment
from eligibility.reconcile import missed_quarters
from letters.models import Letter
from members.models import Member
from reviews import scheduling
from reviews.models import Alert, Appointment, Cmr, SweepRun

LETTER_RISK = timedelta(days=2)
TONES = {Alert.Severity.URGENT: "bad", Alert.Severity.HIGH: "warn"}
Figure = dict[str, Any]


def context_of(request: Any, today: date) -> dict[str, Any]:
    """Figures, and short lists of what is the person's own today; each only with its permission."""
    mine = request.assignment.permissions
    return {
        "today": today,
        "figures": [figure for permission, make in FIGURES if permission in mine for figure in make(request, today)],
        "appointments": appointments_today(request.plan, today) if Permission.APPOINTMENTS_READ in mine else None,
        "reviews": reviews_begun(request) if Permission.CMR_DOCUMENT in mine else None,
        "sweep": last_sweep(request) if Permission.SWEEPS_READ in mine else None,
        "missed_quarters": missed_quarters(request.plan, today) if Permission.SWEEPS_READ in mine else [],
        "held": freshness.of_plan(request.plan) if Permission.DATA_FRESHNESS in mine else None,
        "load": last_load(request) if Permission.LOADS_READ in mine else None,
    }


def members_shown(context: dict[str, Any]) -> list[int]:
    rows = [appointment for _, appointment in context["appointments"] or ()] + list(context["reviews"] or ())
    return [row.member_id for row in rows]


def alerts(request: Any, today: date) -> list[Figure]:
    waiting = Alert.objects.in_queue(request.plan)
    counted = dict(waiting.order_by().values_list("severity").annotate(Count("pk")))
    return [
        figure(
            request, counted.get(level, 0), f"{label} alerts", "queue", f"severity={level}", tone=TONES.get(level, "")
        )
        for level, label in Alert.Severity.choices
    ]


def claimed(request: Any, today: date) -> list[Figure]:
    mine = Alert.objects.in_queue(request.plan).filter(claimed_by=request.user).count()
    return [figure(request, mine, "Alerts you claimed", "queue", "mine=1")]


def calls(request: Any, today: date) -> list[Figure]:
    waiting = scheduling.call_list(request.plan)
    late = waiting.filter(cmr_offer_due_on__lt=today).count()
    note = f"{late} past their day" if late else ""
    return [figure(request, waiting.count(), "Calls owed", "calls", note=note, tone="bad" if late else "")]


def appointments(request: Any, today: date) -> list[Figure]:
    monday = today - timedelta(days=today.weekday())
    booked = booked_between(request.plan, monday, monday + timedelta(days=7)).count()
    return [figure(request, booked, "Appointments this week", "calendar")]


def letters(request: Any, today: date) -> list[Figure]:
    ready = Letter.objects.filter(plan=request.plan, status=Letter.Status.RENDERED).not_stopped()
    due = ready.filter(due_on__lte=today + LETTER_RISK).count()
    note = f"{due} due within 2 days or late" if due else "none due within 2 days"
    tone = "bad" if due else ""
    return [figure(request, ready.count(), "Letters to mail", "letters", "status=rendered", note=note, tone=tone)]


def enrolled(request: Any, today: date) -> list[Figure]:
    taking_part = Member.objects.of_plan(request.plan).filter(enrollments__status=Enrollment.Status.ENROLLED)
    return [figure(request, taking_part.distinct().count(), "Members enrolled", "members", "status=enrolled")]


def drafts(request: Any, today: date) -> list[Figure]:
    waiting = Criteria.objects.filter(plan=request.plan, status=Criteria.Status.DRAFT).count()
    return [figure(request, waiting, "Draft criteria", "criteria", "status=draft")]


FIGURES: list[tuple[Permission, Callable[[Any, date], list[Figure]]]] = [
    (Permission.ALERTS_READ, alerts),
    (Permission.ALERTS_WORK, claimed),
    (Permission.CALLS_WORK, calls),
    (Permission.APPOINTMENTS_READ, appointments),
    (Permission.LETTERS_READ, letters),
    (Permission.MEMBERS_FIND, enrolled),
    (Permission.CRITERIA_READ, drafts),
]


def figure(
    request: Any, value: int, label: str, page: str, query: str = "", *, note: str = "", tone: str = ""
) -> Figure:
    address = reverse(page, kwargs={"plan_code": request.plan.code})
    url = f"{address}?{query}" if query else address
    return {"value": value, "label": label, "url": url, "note": note, "tone": tone if value else ""}


def booked_between(plan: Any, first: date, end: date) -> QuerySet[Appointment]:
    """Booked appointments that start in [first, end), by the plan's clock."""
    zone = ZoneInfo(plan.pharmacist_time_zone)
    start, stop = datetime.combine(first, time.min, zone), datetime.combine(end, time.min, zone)
    booked = Appointment.objects.filter(plan=plan, status=Appointment.Status.BOOKED).of_who_takes_part()
    return booked.filter(time__startswith__gte=start, time__startswith__lt=stop)


def appointments_today(plan: Any, today: date) -> list[tuple[datetime, Appointment]]:
    zone = ZoneInfo(plan.pharmacist_time_zone)
    booked = booked_between(plan, today, today + timedelta(days=1)).select_related("member", "pharmacist")
    return [(row.time.lower.astimezone(zone), row) for row in booked.order_by("time")]


def reviews_begun(request: Any) -> list[Cmr]:
    """The person's own reviews that are not finished, the oldest first."""
    begun = Cmr.objects.filter(plan=request.plan, status=Cmr.Status.IN_PROGRESS, pharmacist=request.user)
    return list(begun.select_related("member").order_by("started_at"))


def last_sweep(request: Any) -> SweepRun | str:
    return SweepRun.objects.filter(plan=request.plan).order_by("-pk").first() or "none"


def last_load(request: Any) -> dict[str, Any] | str:
    """The newest load with its records, and how far the claims of all loads go."""
    load = Load.objects.filter(plan=request.plan).order_by("-pk").first()
    if load is None:
        return "none"
    held = LoadFile.objects.filter(plan=request.plan, load__status=Load.Status.DONE)
    return {"load": load, "totals": totals(load), **held.aggregate(claims_through=Max("claims_through"))}
