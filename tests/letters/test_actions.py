"""Letters are queued once, rendered once, mailed once; a void one is replaced."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from letters import actions
from letters.models import Letter
from members.models import Member
from mtm.lib.transitions import TransitionNotAllowed
from reviews.models import Cmr
from tests import making, races
from tests.making import DAY
from tests.trust.world import started


@pytest.fixture
def welcome(member: Member, pharmacist: User) -> Letter:
    making.enrolled(member, pharmacist)
    actions.queue_due()
    return Letter.objects.get()


def test_an_enrollment_calls_for_one_welcome_letter(welcome: Letter) -> None:
    assert (welcome.kind, welcome.status, (welcome.due_on - DAY).days) == ("welcome", "queued", 14)
    assert actions.queue_due() == 0


def test_a_finished_review_has_its_three_letters_at_once(plan: Any, pharmacist: User) -> None:
    review = started(plan, pharmacist, "1")
    actions.complete_review(review=review, on=DAY, by=pharmacist)
    kinds = {letter.kind: (letter.due_on - DAY).days for letter in review.letters.all()}
    assert kinds == {"cover_letter": 14, "action_plan": 14, "medication_list": 14}
    actions.queue_due()
    assert review.letters.count() == 3


def test_a_review_that_cannot_be_finished_gets_no_letters(plan: Any, pharmacist: User) -> None:
    review = started(plan, pharmacist, "1")
    review.actions.all().delete()
    with pytest.raises(Exception, match="action item"):
        actions.complete_review(review=review, on=DAY, by=pharmacist)
    assert Cmr.objects.get().status == "in_progress"
    assert not review.letters.exists()


def test_a_letter_is_rendered_once(welcome: Letter) -> None:
    made = actions.render(letter_id=welcome.pk, on=DAY)
    assert made is not None
    assert made.pdf.startswith(b"%PDF")
    assert actions.render(letter_id=welcome.pk, on=DAY) is None
    assert AuditEvent.objects.filter(kind="letter rendered").count() == 1


def test_two_workers_with_one_letter_make_it_once(committed: None, member: Member, pharmacist: User) -> None:
    making.enrolled(member, pharmacist)
    actions.queue_due()

    def render(letter_id: int) -> bool:
        return actions.render(letter_id=letter_id, on=DAY) is not None

    assert races.run([Letter.objects.get().pk], [render, render]) == [1]


def test_only_a_rendered_letter_can_be_mailed_and_only_once(welcome: Letter, pharmacist: User) -> None:
    with pytest.raises(TransitionNotAllowed):
        actions.mark_mailed(letter=welcome, on=DAY, by=pharmacist)
    actions.render(letter_id=welcome.pk, on=DAY)
    letter = actions.mark_mailed(letter=Letter.objects.get(), on=timezone.localdate(), by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        actions.mark_mailed(letter=letter, on=DAY, by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        actions.void(letter=letter, by=pharmacist)


def test_a_void_letter_is_replaced(welcome: Letter, pharmacist: User) -> None:
    actions.void(letter=welcome, by=pharmacist)
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["queued", "void"]
