"""The letters' pages: the list, a preview, the PDF, mailing and voiding."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import audit
from accounts.models import AuditEvent, User
from letters import actions, views
from letters.models import Letter
from letters.render import ExpiredRevision
from members.models import Member
from tests import making
from tests.conftest import TODAY

SignIn = Callable[[User], Client]
LIST = "/H0001/letters/"


@pytest.fixture
def letter(member: Member, pharmacist: User) -> Letter:
    """A welcome letter that no worker has made yet."""
    making.enrolled(member, pharmacist)
    actions.queue_due()
    return Letter.objects.get()


def address(letter: Letter, step: str = "") -> str:
    return f"{LIST}{letter.public_id}/{step}"


def test_letters_are_listed_by_state_with_their_number(letter: Letter, pharmacist: User, signed_in: SignIn) -> None:
    client = signed_in(pharmacist)
    assert b"No letter is ready to mail" in client.get(LIST).content
    page = client.get(f"{LIST}?status=queued&kind=welcome")
    assert page.content.count(b'data-testid="letter-row"') == 1
    assert {tab["label"]: tab["count"] for tab in page.context["tabs"]}["To be rendered"] == 1


def test_a_preview_shows_the_letter_and_that_it_was_read(letter: Letter, pharmacist: User, signed_in: SignIn) -> None:
    page = signed_in(pharmacist).get(address(letter)).content
    assert b"Pearl Maple" in page
    assert AuditEvent.objects.filter(kind=audit.Kind.LETTER_READ, actor=pharmacist.pk).exists()


def test_looking_at_a_pdf_stores_nothing(letter: Letter, pharmacist: User, signed_in: SignIn) -> None:
    answer = signed_in(pharmacist).get(address(letter, "pdf/"))
    assert answer.content.startswith(b"%PDF")
    assert "attachment" in answer.headers["Content-Disposition"]
    letter.refresh_from_db()
    assert letter.status == "queued"


def test_an_expired_form_is_not_printed_and_says_why(
    letter: Letter, pharmacist: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ExpiredRevision("Revision 2024 expired; add the new revision first.")

    monkeypatch.setattr(views, "render_pdf", refuse)
    answer = signed_in(pharmacist).get(address(letter, "pdf/"))
    assert answer.status_code == 409
    assert b"add the new revision first" in answer.content


def test_a_letter_is_marked_as_mailed(letter: Letter, pharmacist: User, signed_in: SignIn) -> None:
    actions.render(letter_id=letter.pk, on=TODAY)
    client = signed_in(pharmacist)
    assert client.post(address(letter, "mail/")).headers["Location"] == address(letter)
    page = client.get(address(letter)).content
    assert b'data-testid="mail-letter"' not in page
    assert b'data-testid="void-letter"' not in page


def test_a_void_letter_keeps_its_preview_and_has_no_pdf(letter: Letter, pharmacist: User, signed_in: SignIn) -> None:
    client = signed_in(pharmacist)
    client.post(address(letter, "void/"))
    assert b"This letter is void" in client.get(address(letter)).content
    assert client.get(address(letter, "pdf/")).status_code == 409


def test_an_intern_reads_letters_and_releases_none(letter: Letter, intern: User, signed_in: SignIn) -> None:
    actions.render(letter_id=letter.pk, on=TODAY)
    client = signed_in(intern)
    assert b'data-testid="mail-letter"' not in client.get(address(letter)).content
    assert client.post(address(letter, "mail/")).status_code == 403


def test_a_letter_of_another_plan_is_not_found(letter: Letter, stranger: User, signed_in: SignIn) -> None:
    assert signed_in(stranger).get(address(letter).replace("H0001", "H0002")).status_code == 404
