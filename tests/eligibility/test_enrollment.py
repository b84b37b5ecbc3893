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
