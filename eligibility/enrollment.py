"""Taking part in the program: automatic for the eligible, left by the member at any time."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import Plan, User
from eligibility.models import Enrollment, EnrollmentTransition
from mtm.lib import sql
from mtm.lib.transitions import TransitionNotAllowed, compare_and_set, move

Status = Enrollment.Status


class EnrollmentProblem(Exception):
    """Why members cannot be enrolled, in words."""


def end_past_years(*, on: date) -> int:
    """End what is left of earlier years: the program runs to the end of the calendar year (seed page, S24)."""
    follow_merges(on=on)
    return sql.run("eligibility", "end_past_years", year=on.year, on=on)


def end_departed(*, on: date) -> int:
    """End the enrollments of who died or left the plan by what the feeds say; safe to run twice."""
    return sql.run("eligibility", "end_departed", on=on)


@transaction.atomic
def enroll_eligible(*, plan: Plan, plan_year: int, on: date, by: User | None) -> int:
    """Enroll every member whose latest determination of the year is eligible and who has no enrollment yet.

    Automatic (42 CFR 423.153(d)(1)(v)); a member who opted out this year, or until they say otherwise, stays out.
    """
    if on.year != plan_year:
        raise EnrollmentProblem(f"{on} is not a day of plan year {plan_year}.")
    end_past_years(on=on)
    values: dict[str, Any] = {"plan": plan.pk, "year": plan_year, "on": on, "by": by.pk if by else None}
    enrolled = sql.rows("eligibility", "enroll_eligible", inner="may_enroll", **values)
    if enrolled:
        detail = {"members": len(enrolled), "plan_year": plan_year}
        audit.record(audit.Kind.ENROLLED, by=by, plan=plan, detail=detail)
    return len(enrolled)


def may_enroll(*, plan: Plan, plan_year: int, on: date) -> set[int]:
    """The members who would be enrolled on that day if they were eligible."""
    return {row["member_id"] for row in sql.rows("eligibility", "may_enroll", plan=plan.pk, year=plan_year, on=on)}


@transaction.atomic
def opt_out(
    *,
    enrollment: Enrollment,
    reason: str,
    on: date,
    channel: str = Enrollment.Channel.PHONE,
    code: str = Enrollment.EndReason.REQUEST,
    lasts: str = Enrollment.Lasts.YEAR,
    by: User | None,
) -> Enrollment:
    """Take the member out of the program at their word; their drug coverage is unaffected. Declining a CMR is not this."""
    move(
        enrollment,
        to=Status.OPTED_OUT,
        allowed=Enrollment.TRANSITIONS,
        log=EnrollmentTransition,
        by=by,
        noted={"on": on, "reason": reason, "channel": channel, "code": code, "lasts": lasts},
        opted_out_on=on,
        opt_out_reason=reason,
        opt_out_channel=channel,
        opt_out_lasts=lasts,
        end_reason=code,
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
        opt_out_channel="",
        opt_out_lasts=Enrollment.Lasts.YEAR,
        end_reason="",
    )
    forget_standing(enrollment.member_id)
    audit.record(audit.Kind.OPTED_BACK_IN, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment


@transaction.atomic
def may_be_enrolled_again(*, enrollment: Enrollment, by: User) -> Enrollment:
    """Take back a standing opt-out of a year that is over: the member is enrolled again when found eligible."""
    if not compare_and_set(enrollment, Status.ENDED, opt_out_lasts=Enrollment.Lasts.YEAR):
        raise TransitionNotAllowed(enrollment, to="taken back", found=enrollment.status)
    forget_standing(enrollment.member_id)
    said = {"from_status": Status.ENDED, "to_status": Status.ENDED, "lasts": Enrollment.Lasts.YEAR}
    EnrollmentTransition.objects.create(subject=enrollment, plan=enrollment.plan, by=by, **said)
    audit.record(audit.Kind.OPTED_BACK_IN, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment


@transaction.atomic
def follow_merges(*, on: date) -> int:
    """Carry what rows that were merged away had and said to the rows that stay; gives how many. Safe to run twice."""
    waiting = Q(status__in=[Status.ENROLLED, Status.OPTED_OUT]) | Q(opt_out_lasts=Enrollment.Lasts.ALWAYS)
    left = Enrollment.objects.select_for_update(of=("self",)).filter(waiting, member__merged_into__isnull=False)
    carried = list(left.select_related("member", "plan").order_by("pk"))
    for enrollment in carried:
        if survivor := enrollment.member.merged_into_id:
            follow_merge(enrollment, survivor, on)
    return len(carried)


def follow_merge(enrollment: Enrollment, survivor: int, on: date) -> None:
    """The spell goes to the row that stays, or ends where that has one of its own; an opt-out of either holds."""
    stays = spell_of(survivor, enrollment.plan_year)
    if stays is None or enrollment.status == Status.ENDED:
        compare_and_set(enrollment, enrollment.status, member_id=survivor)
    else:
        if enrollment.status == Status.OPTED_OUT:
            take_over(enrollment, stays)
        ended: dict[str, Any] = {"ended_on": min(on, enrollment.ends_on), "opt_out_lasts": Enrollment.Lasts.YEAR}
        ended |= {"member_id": survivor, "end_reason": enrollment.end_reason or Enrollment.EndReason.OTHER}
        move(enrollment, to=Status.ENDED, allowed=Enrollment.TRANSITIONS, log=EnrollmentTransition, by=None, **ended)
    keep_out(survivor)


def spell_of(member: int, plan_year: int) -> Enrollment | None:
    """What is open of the year, or of another in which the member takes part."""
    open_ones = Enrollment.objects.filter(member=member).exclude(status=Status.ENDED)
    return open_ones.filter(Q(plan_year=plan_year) | Q(status=Status.ENROLLED)).first()


def take_over(opted_out: Enrollment, stays: Enrollment) -> None:
    """What was said when leaving, for the spell that stays; the longer word holds."""
    if stays.status == Status.ENROLLED:
        opt_out(enrollment=stays, by=None, **words_of(opted_out))
    elif opted_out.opt_out_lasts == Enrollment.Lasts.ALWAYS:
        compare_and_set(stays, Status.OPTED_OUT, opt_out_lasts=Enrollment.Lasts.ALWAYS)


def keep_out(member: int) -> None:
    """Who said in an earlier year that they stay out, as either row, takes no part."""
    rows = Enrollment.objects.filter(member=member).select_related("plan")
    standing = rows.filter(opted_out_on__isnull=False, opt_out_lasts=Enrollment.Lasts.ALWAYS).first()
    taking_part = rows.filter(status=Status.ENROLLED).first()
    if standing and taking_part:
        words = words_of(standing)
        opt_out(enrollment=taking_part, by=None, **words | {"on": max(words["on"], taking_part.enrolled_on)})


def forget_standing(member: int) -> None:
    """The member takes part again: no word of an earlier year keeps them out."""
    standing = Enrollment.objects.filter(member=member, status=Status.ENDED, opt_out_lasts=Enrollment.Lasts.ALWAYS)
    standing.update(opt_out_lasts=Enrollment.Lasts.YEAR)


def words_of(enrollment: Enrollment) -> dict[str, Any]:
    """What the member said when they opted out, as opt_out takes it."""
    return {
        "reason": enrollment.opt_out_reason,
        "on": enrollment.opted_out_on,
        "channel": enrollment.opt_out_channel,
        "code": enrollment.end_reason,
        "lasts": enrollment.opt_out_lasts,
    }


@transaction.atomic
def end(*, enrollment: Enrollment, by: User | None) -> Enrollment:
    """End an enrollment because the member died or left the plan."""
    move(enrollment, to=Status.ENDED, allowed=Enrollment.TRANSITIONS, log=EnrollmentTransition, by=by)
    audit.record(audit.Kind.ENROLLMENT_ENDED, by=by, plan=enrollment.plan, subject=enrollment)
    return enrollment
