"""Keeping decisions and enrollments in step with the feeds: nothing is told, everything is found out."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Plan
from eligibility.criteria import in_force
from eligibility.determination import determine, known_now, months_before
from eligibility.enrollment import end_departed, end_past_years, enroll_eligible
from eligibility.models import Criteria, Determination
from eligibility.reasons import plural
from members.models import CoverageSpan, Member

log = logging.getLogger(__name__)
LATELY = 1  # quarters of which each member is looked at; the page of today asks, and older ones cannot change unseen


def advance(on: date) -> None:
    """What is due: years that are over, members who left, and plans whose decisions are older than their data."""
    end_past_years(on=on)
    end_departed(on=on)
    for plan in Plan.objects.order_by("pk"):
        decide_if_due(plan, on)


def sound_alarm(on: date) -> None:
    for plan in Plan.objects.order_by("pk"):
        if missed := missed_quarters(plan, on):
            log.error("plan %s: eligibility was not decided in %s", plan.code, ", ".join(missed))


@transaction.atomic
def decide_if_due(plan: Plan, on: date) -> bool:
    """Decide and enroll after each load and in each quarter (42 CFR 423.153(d)(1)(vi)); two at once take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('determine'), %s)", [plan.pk])
    criteria = in_force(plan, on)
    if criteria is None or not is_due(criteria, on):
        return False
    determine(criteria=criteria, as_of=on, by=None)
    enroll_eligible(plan=plan, plan_year=criteria.plan_year, on=on, by=None)
    return True


def is_due(criteria: Criteria, on: date) -> bool:
    """Whether these criteria have not decided on what is known now, or not in this quarter."""
    known = known_now(criteria.plan)
    latest = Determination.objects.filter(criteria=criteria).order_by("-pk").first()
    if latest is None:
        return known.load is not None
    seen = (latest.load_id, latest.drugs_known_at) == (known.load and known.load.pk, known.drugs_known_at)
    return not seen or quarter_of(latest.as_of) != quarter_of(on)


def missed_quarters(plan: Plan, on: date) -> list[str]:
    """Whole quarters since the plan first had criteria that are not decided yet, such as 2026-Q2, with what is lacking."""
    began = first_criteria(plan)
    quarters = list(quarters_between(began, on)) if began else []
    newest = quarters[-LATELY:]
    told = ((first, lacking(plan, first, last, by_member=(first, last) in newest)) for first, last in quarters)
    return [f"{first.year}-Q{(first.month + 2) // 3}{lack}" for first, lack in told if lack is not None]


def lacking(plan: Plan, first: date, last: date, *, by_member: bool) -> str | None:
    """What to say of the quarter; None if it is decided."""
    if not Determination.objects.filter(plan=plan, as_of__range=(first, last)).exists():
        return "" if was_published(plan, last) else " (no criteria were in force)"
    left = undecided(plan, first, last).count() if by_member else 0
    return f" ({plural(left, 'covered member')} not decided)" if left else None


def undecided(plan: Plan, first: date, last: date) -> QuerySet[Member]:
    """Whom the plan covered in the quarter, alive at its end, without a decision of a day in it."""
    covered = CoverageSpan.objects.filter(member=OuterRef("pk"), period__overlap=DateRange(first, last, "[]"))
    decisions = Determination.objects.filter(member=OuterRef("pk"), as_of__range=(first, last))
    living = Member.objects.filter(plan=plan, merged_into=None).exclude(death_date__lte=last)
    # Who became this member was decided under the row that was merged away.
    merged = Determination.objects.filter(member__merged_into=OuterRef("pk"), as_of__range=(first, last))
    return living.filter(Exists(covered), ~Exists(decisions), ~Exists(merged))


def first_criteria(plan: Plan) -> date | None:
    """The first day on which published criteria of the plan were in force and known."""
    published = Criteria.objects.filter(plan=plan, published_at__isnull=False, effective__isempty=False)
    begun = published.values_list("published_at", "effective")
    return min((max(at.date(), days.lower) for at, days in begun), default=None)


def was_published(plan: Plan, day: date) -> bool:
    """Whether criteria were in force on the day and had been published by then."""
    criteria = in_force(plan, day)
    return bool(criteria and criteria.published_at and criteria.published_at.date() <= day)


def quarters_between(began: date, on: date) -> Iterator[tuple[date, date]]:
    """First and last day of each quarter that ended since, and before the day."""
    first = date(began.year, 3 * ((began.month - 1) // 3) + 1, 1)
    while (after := months_before(first, -3)) <= on:
        yield first, after - timedelta(days=1)
        first = after


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
