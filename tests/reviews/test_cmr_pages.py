"""The page of a comprehensive medication review."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from letters.actions import complete_review
from letters.models import Letter
from members.models import Member
from reviews import cmr
from reviews.models import Cmr
from tests import making
from tests.conftest import TODAY

SignIn = Callable[[User], Client]


@pytest.fixture
def review(member: Member, pharmacist: User) -> Cmr:
    """A review with one medicine to reconcile."""
    making.enrolled(member, pharmacist)
    making.fill(member, "oxycodone", date(2026, 11, 1))
    return cmr.start(member=member, on=TODAY, by=pharmacist)


def address(review: Cmr, step: str = "") -> str:
    return f"/H0001/cmrs/{review.public_id}/{step}"


def completing(review: Cmr) -> str:
    return f"/H0001/letters/of-review/{review.public_id}/complete/"


def finished(review: Cmr, by: User) -> Cmr:
    told = {"decision": "taking", "how_taken": "1 tablet at night", "why": "Pain"}
    cmr.reconcile(medication=review.medications.get(), by=by, **told)
    cmr.note(review=review, allergies="No known allergies.", by=by)
    cmr.add_action(review=review, talked_about="Sleepiness", to_do="Do not drive.", by=by)
    return complete_review(review=review, on=TODAY, by=by)


def test_starting_twice_goes_on_with_the_same_review(
    review: Cmr, member: Member, pharmacist: User, signed_in: SignIn
) -> None:
    answer = signed_in(pharmacist).post(f"/H0001/members/{member.public_id}/cmr/", {"method": "02"})
    assert answer.headers["Location"] == address(review)


def test_the_finish_card_lists_what_is_missing(review: Cmr, pharmacist: User, signed_in: SignIn) -> None:
    page = signed_in(pharmacist).get(address(review)).content.decode()
    assert "Reconcile every medicine; 1 still to do." in page
    assert "Write at least one action item." in page


def test_a_medicine_that_stays_on_the_list_needs_how_and_why(review: Cmr, pharmacist: User) -> None:
    item = review.medications.get()
    cmr.reconcile(medication=item, decision="taking", by=pharmacist)
    asked = "Write how and why each medicine is taken; 1 still to do."
    assert asked in cmr.missing_of(review)
    cmr.reconcile(medication=item, decision="stopped", by=pharmacist)
    assert asked not in cmr.missing_of(review)


def test_a_medicine_needs_a_decision(review: Cmr, pharmacist: User, signed_in: SignIn) -> None:
    item = review.medications.get()
    answer = signed_in(pharmacist).post(address(review, f"medications/{item.public_id}/"), {f"m{item.pk}-why": "Pain"})
    assert answer.status_code == 422
    assert b"Choose what the member said." in answer.content


def test_a_medicine_is_reconciled(review: Cmr, pharmacist: User, signed_in: SignIn) -> None:
    item = review.medications.get()
    said = {f"m{item.pk}-decision": "changed", f"m{item.pk}-how_taken": "Half a tablet"}
    signed_in(pharmacist).post(address(review, f"medications/{item.public_id}/"), said)
    item.refresh_from_db()
    assert (item.decision, item.how_taken) == ("changed", "Half a tablet")


def test_a_medicine_already_on_the_list_is_not_added_twice(review: Cmr, pharmacist: User, signed_in: SignIn) -> None:
    again = {"add-name": review.medications.get().name.upper(), "add-kind": "otc"}
    answer = signed_in(pharmacist).post(address(review, "medications/"), again)
    assert answer.status_code == 422
    assert b"is already on the list." in answer.content


def test_the_plan_starts_from_the_alert_it_answers(
    review: Cmr, member: Member, pharmacist: User, signed_in: SignIn
) -> None:
    alert = making.alert(member)
    client = signed_in(pharmacist)
    form = client.get(f"{address(review)}?about={alert.public_id}").context["action_form"]
    assert form.initial["talked_about"] == alert.member_text
    line = {"action-talked_about": alert.member_text, "action-to_do": "Rest.", "action-alert": str(alert.public_id)}
    client.post(address(review, "actions/"), line)
    assert review.actions.get().alert == alert


def test_an_intern_writes_and_cannot_complete(review: Cmr, intern: User, signed_in: SignIn) -> None:
    client = signed_in(intern)
    page = client.get(address(review)).content
    assert b'data-testid="reconcile-save"' in page
    assert b'data-testid="complete-cmr"' not in page
    assert client.post(completing(review)).status_code == 403


def test_an_unfinished_review_is_not_completed(review: Cmr, pharmacist: User, signed_in: SignIn) -> None:
    answer = signed_in(pharmacist).post(completing(review))
    assert answer.status_code == 422
    assert Cmr.objects.get().status == "in_progress"


def test_a_finished_review_is_read_only_and_leads_to_its_letters(
    review: Cmr, pharmacist: User, signed_in: SignIn
) -> None:
    finished(review, pharmacist)
    client = signed_in(pharmacist)
    page = client.get(address(review)).content
    assert b'data-testid="reconcile-save"' not in page
    assert b'data-testid="open-packet"' in page
    packet = client.get(f"/H0001/letters/of-review/{review.public_id}/").content
    assert packet.count(b'data-testid="packet-letter"') == len(Letter.OF_A_CMR)


def test_an_auditor_reads_a_review_in_progress(review: Cmr, auditor: User, signed_in: SignIn) -> None:
    page = signed_in(auditor).get(address(review)).content
    assert b"You can read it." in page
    assert b'data-testid="reconcile-save"' not in page
