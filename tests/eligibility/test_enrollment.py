"""Taking part: automatic, left and joined again at the member's word, each step kept for good."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.audit import Kind
from accounts.models import AuditEvent
from eligibility import enrollment
from eligibility.models import Determination, Enrollment, EnrollmentTransition
from mtm.lib.transitions import TransitionNotAllowed
from tests import making
from tests.conftest import make_member
from tests.making import DAY


@pytest.fixture
def taking_part(member: Any, administrator: Any) -> Enrollment:
    return making.enrolled(member, administrator)


def leave(taking_part: Enrollment, by: Any) -> Enrollment:
    return enrollment.opt_out(enrollment=taking_part, reason="no calls please", on=DAY, by=by)


def test_opting_out_keeps_the_day_and_the_words(taking_part: Enrollment, scheduler: Any) -> None:
    leave(taking_part, scheduler)
    taking_part.refresh_from_db()
    assert (taking_part.status, taking_part.opted_out_on) == ("opted_out", DAY)
    assert taking_part.opt_out_reason == "no calls please"
    event = AuditEvent.objects.get(kind=Kind.OPTED_OUT)
    assert (event.member_id, event.actor, event.detail) == (taking_part.member_id, scheduler.pk, {})


def test_opting_back_in_clears_them(taking_part: Enrollment, scheduler: Any) -> None:
    enrollment.opt_back_in(enrollment=leave(taking_part, scheduler), by=scheduler)
    taking_part.refresh_from_db()
    assert (taking_part.status, taking_part.opted_out_on, taking_part.opt_out_reason) == ("enrolled", None, "")


def test_what_was_said_stays_in_the_history_after_opting_back_in(taking_part: Enrollment, scheduler: Any) -> None:
    enrollment.opt_back_in(enrollment=leave(taking_part, scheduler), by=scheduler)
    left = taking_part.transitions.get(to_status="opted_out")
    assert (left.on, left.reason, left.channel, left.code, left.lasts) == (
        DAY,
        "no calls please",
        "phone",
        "03",
        "year",
    )


def test_taking_back_a_standing_opt_out_is_a_step_of_its_own(taking_part: Enrollment, scheduler: Any) -> None:
    enrollment.opt_out(enrollment=taking_part, reason="never", on=DAY, lasts="always", by=scheduler)
    enrollment.end_past_years(on=date(DAY.year + 1, 1, 1))
    taking_part.refresh_from_db()
    enrollment.may_be_enrolled_again(enrollment=taking_part, by=scheduler)
    steps = list(taking_part.transitions.values_list("from_status", "to_status", "lasts", "by"))
    assert steps[-1] == ("ended", "ended", "year", scheduler.pk)
    assert ("enrolled", "opted_out", "always", scheduler.pk) in steps


def merged_away(member: Any, plan: Any) -> Any:
    """Another row of the person, which stays."""
    stays = make_member(plan, "M2")
    member.merged_into = stays
    member.save()
    return stays


def test_an_opt_out_follows_a_merge(taking_part: Enrollment, plan: Any, scheduler: Any, administrator: Any) -> None:
    leave(taking_part, scheduler)
    stays = merged_away(taking_part.member, plan)
    making.determined(stays, administrator)
    assert enrollment.enroll_eligible(plan=plan, plan_year=DAY.year, on=DAY, by=None) == 0
    theirs = Enrollment.objects.get(member=stays)
    assert (theirs.status, theirs.opt_out_reason) == ("opted_out", "no calls please")


def test_where_both_rows_take_part_the_word_of_either_counts(
    taking_part: Enrollment, plan: Any, scheduler: Any, administrator: Any
) -> None:
    enrollment.opt_out(enrollment=taking_part, reason="never", on=DAY, lasts="always", channel="form", by=scheduler)
    stays = merged_away(taking_part.member, plan)
    making.enrolled(stays, administrator)
    assert [enrollment.follow_merges(on=DAY), enrollment.follow_merges(on=DAY)] == [1, 0]
    rows = list(Enrollment.objects.filter(member=stays).order_by("pk").values_list("status", "opt_out_lasts"))
    assert rows == [("ended", "year"), ("opted_out", "always")]
    gone = Enrollment.objects.get(member=stays, status="ended")
    assert (gone.ended_on, gone.end_reason) == (DAY, "03")


@pytest.mark.parametrize("who_goes", ["who opted out", "who takes part"])
def test_a_word_of_an_earlier_year_follows_a_merge_both_ways(
    who_goes: str, taking_part: Enrollment, plan: Any, scheduler: Any, administrator: Any
) -> None:
    enrollment.opt_out(enrollment=taking_part, reason="never", on=DAY, lasts="always", by=scheduler)
    later = date(DAY.year + 1, 1, 4)
    enrollment.end_past_years(on=later)
    opted_out, other = taking_part.member, make_member(plan, "M2")
    making.criteria_in_force(plan, administrator, year=later.year)
    making.enrolled(other, administrator, on=later)
    goes, stays = (opted_out, other) if who_goes == "who opted out" else (other, opted_out)
    goes.merged_into = stays
    goes.save()
    enrollment.end_past_years(on=later)
    theirs = Enrollment.objects.get(plan_year=later.year)
    assert (theirs.member, theirs.status, theirs.opt_out_lasts) == (stays, "opted_out", "always")
    enrollment.opt_back_in(enrollment=theirs, by=scheduler)
    assert not Enrollment.objects.filter(opt_out_lasts="always").exists()


def test_who_takes_part_goes_on_after_a_merge(taking_part: Enrollment, plan: Any, administrator: Any) -> None:
    stays = merged_away(taking_part.member, plan)
    making.determined(stays, administrator)
    assert enrollment.enroll_eligible(plan=plan, plan_year=DAY.year, on=DAY, by=None) == 0
    assert Enrollment.objects.get(status="enrolled").member == stays


def test_two_people_who_opt_a_member_out_at_once_write_one_step(taking_part: Enrollment, scheduler: Any) -> None:
    stale = Enrollment.objects.get(pk=taking_part.pk)
    leave(taking_part, scheduler)
    with pytest.raises(TransitionNotAllowed):
        leave(stale, scheduler)
    assert EnrollmentTransition.objects.filter(subject=taking_part, to_status="opted_out").count() == 1


def test_an_enrollment_that_ended_cannot_be_left_or_joined(taking_part: Enrollment, scheduler: Any) -> None:
    enrollment.end(enrollment=taking_part, by=scheduler)
    with pytest.raises(TransitionNotAllowed):
        leave(taking_part, scheduler)
    with pytest.raises(TransitionNotAllowed):
        enrollment.opt_back_in(enrollment=taking_part, by=scheduler)


def test_eligible_members_are_enrolled_by_themselves_once(member: Any, administrator: Any, plan: Any) -> None:
    taking_part = making.enrolled(member, administrator)
    Enrollment.objects.filter(pk=taking_part.pk).delete()
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY, by=None) == 1
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY, by=None) == 0
    made = Enrollment.objects.get(member=member)
    assert (made.enrolled_on, made.cmr_offer_due_on) == (DAY, DAY + timedelta(days=60))
    assert [(step.from_status, step.to_status) for step in made.transitions.all()] == [("", "enrolled")]


def test_who_opted_out_stays_out_when_the_eligible_are_enrolled_again(
    taking_part: Enrollment, scheduler: Any, plan: Any
) -> None:
    leave(taking_part, scheduler)
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY, by=None) == 0
    assert list(Enrollment.objects.active(plan)) == []


def test_the_latest_determination_decides(member: Any, administrator: Any, plan: Any) -> None:
    first = making.enrolled(member, administrator).determination
    Enrollment.objects.all().delete()
    later = Determination.objects.get(pk=first.pk)
    later.pk, later.public_id, later.as_of, later.outcome, later.path = (
        None,
        "11111111-1111-4111-8111-111111111111",
        DAY + timedelta(days=1),
        "not_eligible",
        "none",
    )
    later.save(force_insert=True)
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY + timedelta(days=1), by=None) == 0


def test_steps_are_never_changed_or_removed(taking_part: Enrollment, scheduler: Any) -> None:
    leave(taking_part, scheduler)
    steps = EnrollmentTransition.objects.filter(subject=taking_part)
    for attempt in (lambda: steps.update(to_status="enrolled"), lambda: steps.first().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_the_database_refuses_an_opt_out_without_a_day(taking_part: Enrollment) -> None:
    with pytest.raises(IntegrityError, match="opted_out_has_a_date"), transaction.atomic():
        Enrollment.objects.filter(pk=taking_part.pk).update(status="opted_out", opted_out_on=None)


def test_a_member_has_one_open_enrollment_a_year(taking_part: Enrollment) -> None:
    with pytest.raises(IntegrityError, match="one_open_enrollment"), transaction.atomic():
        Enrollment.objects.create(
            plan=taking_part.plan,
            member=taking_part.member,
            determination=taking_part.determination,
            plan_year=taking_part.plan_year,
            enrolled_on=date(2026, 11, 21),
            cmr_offer_due_on=date(2027, 1, 20),
            ends_on=date(2026, 12, 31),
        )
