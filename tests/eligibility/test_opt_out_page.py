"""Opting out and back in: who may, what must be said, and that a lost race is told."""

from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent
from eligibility import enrollment as enrollments
from eligibility.models import Enrollment
from tests import making
from tests.conftest import make_member
from tests.making import DAY

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def taking_part(member: Any, administrator: Any) -> Enrollment:
    return making.enrolled(member, administrator)


ASKED = {"reason": "no calls", "on": "2026-11-20", "channel": "letter", "code": "03", "lasts": "year"}


def out(taking_part: Enrollment) -> str:
    return f"/H0001/enrollments/{taking_part.public_id}/opt-out/"


def back(taking_part: Enrollment) -> str:
    return f"/H0001/enrollments/{taking_part.public_id}/opt-in/"


@pytest.mark.parametrize("role", ["pharmacist", "intern", "scheduler"])
def test_those_who_speak_with_members_opt_them_out_and_in(
    role: str, person: Any, signed_in: Any, taking_part: Enrollment
) -> None:
    client = signed_in(person(role))
    answer = client.post(out(taking_part), ASKED | {"lasts": "always"})
    assert answer["Location"] == f"/H0001/members/{taking_part.member.public_id}/"
    taking_part.refresh_from_db()
    assert (taking_part.status, taking_part.opt_out_reason) == ("opted_out", "no calls")
    assert (taking_part.opt_out_channel, taking_part.end_reason, taking_part.opt_out_lasts) == (
        "letter",
        "03",
        "always",
    )
    assert client.post(back(taking_part)).status_code == 302
    taking_part.refresh_from_db()
    assert taking_part.status == "enrolled"


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_others_may_not(role: str, person: Any, signed_in: Any, taking_part: Enrollment) -> None:
    client = signed_in(person(role))
    for address in (out(taking_part), back(taking_part)):
        assert client.post(address, {"reason": "x", "on": "2026-11-20"}).status_code == 403


def test_an_enrollment_of_another_plan_is_not_found(
    pharmacist: Any, stranger: Any, signed_in: Any, taking_part: Enrollment, other_plan: Any, person: Any
) -> None:
    elsewhere = making.enrolled(make_member(other_plan, "X1"), person("administrator", other_plan))
    assert signed_in(stranger).post(out(taking_part)).status_code == 404
    assert signed_in(pharmacist).post(out(elsewhere)).status_code == 404
    assert signed_in(pharmacist).post(back(elsewhere)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": ""}, "This field is required"),
        ({"channel": "telepathy"}, "Select a valid choice"),
        ({"code": "04"}, "Select a valid choice"),
        ({"on": "2026-11-21"}, "still to come"),
        ({"on": "2026-11-19"}, "enrolled on Nov 20, 2026"),
        ({"on": "soon"}, "valid date"),
    ],
)
def test_a_form_that_is_not_right_comes_back_with_its_errors(
    sent: dict[str, str], said: str, scheduler: Any, signed_in: Any, taking_part: Enrollment
) -> None:
    answer = signed_in(scheduler).post(out(taking_part), ASKED | sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    taking_part.refresh_from_db()
    assert taking_part.status == "enrolled"


def test_opting_out_twice_is_answered_409(scheduler: Any, signed_in: Any, taking_part: Enrollment) -> None:
    enrollments.opt_out(enrollment=taking_part, reason="x", on=DAY, by=scheduler)
    answer = signed_in(scheduler).post(out(taking_part), ASKED)
    assert answer.status_code == 409


def test_the_page_to_opt_out_names_the_member_and_is_written_down(
    scheduler: Any, signed_in: Any, taking_part: Enrollment
) -> None:
    assert b"Pearl Maple" in signed_in(scheduler).get(out(taking_part)).content
    assert AuditEvent.objects.filter(kind=Kind.MEMBER_READ, member_id=taking_part.member_id).exists()
