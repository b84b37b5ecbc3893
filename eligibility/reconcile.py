"""Keeping decisions and enrollments in step with the feeds: nothing is told, everything is found out."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from accounts.models import Plan
from claims.models import Load
from eligibility.criteria import in_force
from eligibility.determination import determine
from eligibility.enrollment import end_departed, end_past_years, enroll_eligible
from eligibility.models import Criteria, Determination

log = logging.getLogger(__name__)


def advance(on: date) -> None:
    """What is due: years that are over, members who left, and plans whose decisions are older than their data."""
    end_past_years(on=on)
    end_departed(on=on)
    for plan in Plan.objects.order_by("pk"):
        decide_if_due(plan, on)


def sound_alarm(on: date) -> None:
    for plan in Plan.objects.order_by("pk"):
        if missed := missed_quarters(plan, on):
            log.error("plan %s: no eligibility decision was made in %s", plan.code, ", ".join(missed))


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
    """Whether these criteria have not decided on the newest load, or not in this quarter."""
    newest = Load.objects.filter(plan=criteria.plan, status=Load.Status.DONE).order_by("-finished_at", "-pk").first()
    latest = Determination.objects.filter(criteria=criteria).order_by("-pk").first()
    if latest is None:
        return newest is not None
    seen = newest is None or latest.load_id == newest.pk
    return not seen or quarter_of(latest.as_of) != quarter_of(on)


def missed_quarters(plan: Plan, on: date) -> list[str]:
    """Whole quarters of this year in which published criteria were in force and nobody was decided, such as 2026-Q2."""
    return [
        f"{first.year}-Q{(first.month + 2) // 3}"
        for first, last in quarters_before(on)
        if was_published(plan, last)
        and not Determination.objects.filter(plan=plan, as_of__range=(first, last)).exists()
    ]


def was_published(plan: Plan, day: date) -> bool:
    """Whether criteria were in force on the day and had been published by then."""
    criteria = in_force(plan, day)
    return bool(criteria and criteria.published_at and criteria.published_at.date() <= day)


def quarters_before(on: date) -> Iterator[tuple[date, date]]:
    starts = [date(on.year, month, 1) for month in (1, 4, 7, 10)]
    for first, after in zip(starts, [*starts[1:], date(on.year + 1, 1, 1)], strict=True):
        if after <= on:
            yield first, after - timedelta(days=1)


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
