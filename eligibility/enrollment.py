"""Taking part in the program: automatic for the eligible, left by the member at any time."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Plan, User
from eligibility.models import Enrollment, EnrollmentTransition
from mtm.lib import sql
from mtm.lib.transitions import move

Status = Enrollment.Status


class EnrollmentProblem(Exception):
    """Why members cannot be enrolled, in words."""


def end_past_years(*, on: date) -> int:
    """End what is left of earlier years: the program runs to the end of the calendar year (seed page, S24)."""
    return sql.run("eligibility", "end_past_years", year=on.year)


@transaction.atomic
def enroll_eligible(*, plan: Plan, plan_year: int, on: date, by: User | None) -> int:
    """Enroll every member whose latest determination of the year is eligible and who has no enrollment yet.

    Automatic (42 CFR 423.153(d)(1)(v)); a member who opted out this year stays out.
    """
    if on.year != plan_year:
        raise EnrollmentProblem(f"{on} is not a day of plan year {plan_year}.")
    end_past_years(on=on)
    values: dict[str, Any] = {"plan": plan.pk, "year": plan_year, "on": on, "by": by.pk if by else None}
    enrolled = sql.rows("eligibility", "enroll_eligible", **values)
    if enrolled:
        detail = {"members": len(enrolled), "plan_year": plan_year}
        audit.record(audit.Kind.ENROLLED, by=by, plan=plan, detail=detail)
    return len(enrolled)


@transaction.atomic
def opt_out(*, enrollment: Enrollment, reason: str, on: date, by: User) -> Enrollment:
    """Take the member out of the program at their request; their drug coverage is unaffected."""
    move(
        enrollment,
        to=Status.OPTED_OUT,
        allowed=Enrollment.TRANSITIONS,
        log=EnrollmentTransition,
        by=by,
        opted_out_on=on,
        opt_out_reason=reason,
    )
    audit.record(audit.Kind.OPTED_OUT, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment


@transaction.atomic
def opt_back_in(*, enrollment: Enrollment, by: User) -> Enrollment:
    move(
        enrollment,
        to=Status.ENROLLED,
        allowed=Enrollment.TRANSITIONS,
        log=EnrollmentTransition,
        by=by,
        opted_out_on=None,
        opt_out_reason="",
    )
    audit.record(audit.Kind.OPTED_BACK_IN, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment


@transaction.atomic
def end(*, enrollment: Enrollment, by: User | None) -> Enrollment:
    """End an enrollment because the member died or left the plan."""
    move(enrollment, to=Status.ENDED, allowed=Enrollment.TRANSITIONS, log=EnrollmentTransition, by=by)
    audit.record(audit.Kind.ENROLLMENT_ENDED, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment
