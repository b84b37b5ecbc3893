"""A comprehensive review: one at a time, finished only when everything is written, then closed."""

from typing import Any

import pytest

from accounts.models import Plan, User
from members.models import Member
from mtm.lib.transitions import TransitionNotAllowed
from reviews import cmr
from reviews.models import Appointment, Cmr
from tests import making, races
from tests.making import DAY
from tests.trust.world import booked, started


def test_only_who_takes_part_is_reviewed(member: Member, pharmacist: User) -> None:
    with pytest.raises(cmr.CmrProblem, match="does not take part"):
        cmr.start(member=member, on=DAY, by=pharmacist)


def test_a_review_lists_the_medicines_filled_lately(member: Member, pharmacist: User) -> None:
    making.enrolled(member, pharmacist)
    making.fill(member, "metformin", DAY)
    making.fill(member, "lisinopril", DAY - cmr.LOOK_BACK)
    review = cmr.start(member=member, on=DAY, by=pharmacist)
    assert [item.name for item in review.medications.all()] == ["metformin tablet"]


def test_of_two_who_start_at_once_one_does(committed: None, member: Member, pharmacist: User) -> None:
    making.enrolled(member, pharmacist)

    def start(_: int) -> bool:
        try:
            cmr.start(member=member, on=DAY, by=pharmacist)
        except cmr.CmrProblem:
            return False
        return True

    assert races.run([1], [start, start, start]) == [1]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda review: review.medications.update(decision=""), "Reconcile every medicine; 1 still to do"),
        (lambda review: Cmr.objects.update(allergies=" "), "allergies"),
        (lambda review: review.actions.all().delete(), "action item"),
    ],
)
def test_a_review_is_finished_only_when_everything_is_written(
    spoil: Any, why: str, plan: Plan, pharmacist: User
) -> None:
    review = started(plan, pharmacist, "1")
    spoil(review)
    review.refresh_from_db()
    with pytest.raises(cmr.CmrProblem, match=why):
        cmr.complete(review=review, on=DAY, by=pharmacist)


def test_finishing_sets_the_day_for_the_summary_and_ends_the_appointment(plan: Plan, pharmacist: User) -> None:
    member = Member.objects.create(plan=plan, source_id="1")
    making.enrolled(member, pharmacist)
    booked(plan, pharmacist, member)
    review = cmr.start(member=member, on=DAY, by=pharmacist)
    cmr.note(review=review, by=pharmacist, allergies="none")
    cmr.add_action(review=review, talked_about="sleep", to_do="Call the office.", by=pharmacist)
    cmr.complete(review=review, on=DAY, by=pharmacist)
    assert (review.summary_due_on - DAY).days == 14
    assert Appointment.objects.get().status == "completed"


def test_a_finished_review_cannot_be_changed(plan: Plan, pharmacist: User) -> None:
    review = started(plan, pharmacist, "1")
    stale = Cmr.objects.get(pk=review.pk)
    cmr.complete(review=review, on=DAY, by=pharmacist)
    for change in (
        lambda: cmr.note(review=stale, by=pharmacist, allergies="x"),
        lambda: cmr.add_medication(review=stale, name="x", by=pharmacist),
        lambda: cmr.add_action(review=stale, talked_about="x", to_do="x", by=pharmacist),
        lambda: cmr.remove_action(item=stale.actions.get(), by=pharmacist),
        lambda: cmr.reconcile(medication=stale.medications.get(), by=pharmacist, decision="stopped"),
        lambda: cmr.complete(review=stale, on=DAY, by=pharmacist),
    ):
        with pytest.raises(TransitionNotAllowed):
            change()


def test_a_medicine_stands_on_the_list_once(plan: Plan, pharmacist: User) -> None:
    review = started(plan, pharmacist, "1")
    with pytest.raises(cmr.CmrProblem, match="already on the list"):
        cmr.add_medication(review=review, name="ZZdrugcanary", by=pharmacist)
