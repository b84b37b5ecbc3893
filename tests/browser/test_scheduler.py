"""A scheduler at work: who is to be called, and a half hour for their review."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from members.models import Member
from reviews.models import Appointment
from tests import making
from tests.browser.walking import accessible, count, press, see, sign_in_as, words

pytestmark = [pytest.mark.browser]


@pytest.fixture
def waiting(page: Page, member: Member, pharmacist: User) -> Member:
    """Pearl Maple is owed the offer of a review, and has an alert that is none of a scheduler's business."""
    making.enrolled(member, pharmacist, on=timezone.localdate())
    making.alert(member)
    return member


def test_a_review_is_booked_from_the_call_list(page: Page, waiting: Member, scheduler: User) -> None:
    sign_in_as(page, scheduler)
    press(page, "nav-calls")
    accessible(page)
    assert "Pearl Maple" in see(page, "call-row").inner_text()
    assert "1-800-555-0111" in see(page, "call-row").inner_text()

    press(page, "book")
    see(page, "book-slot")
    accessible(page)
    see(page, "slot-option").click()
    press(page, "book-slot")

    page.wait_for_url("**/calls/")
    assert "Booked: 9:00 AM" in words(page)
    assert count(page, "call-row") == 0
    accessible(page)
    assert Appointment.objects.get().member == waiting


def test_an_appointment_is_cancelled_and_the_member_is_called_again(
    page: Page, waiting: Member, scheduler: User
) -> None:
    sign_in_as(page, scheduler)
    page.goto(f"/H0001/calls/{waiting.public_id}/book/")
    see(page, "slot-option").click()
    press(page, "book-slot")
    page.wait_for_url("**/calls/")

    page.goto(f"/H0001/calls/{waiting.public_id}/book/")
    accessible(page)
    see(page, "already-booked").get_by_role("link").click()
    accessible(page)
    see(page, "appointment").locator("summary").click()
    accessible(page)
    press(page, "cancel-appointment")
    page.wait_for_load_state()
    press(page, "nav-calls")
    assert count(page, "call-row") == 1


def test_schedulers_see_nothing_clinical(page: Page, waiting: Member, scheduler: User) -> None:
    sign_in_as(page, scheduler)
    for address in ("/H0001/calls/", f"/H0001/calls/{waiting.public_id}/book/", "/H0001/calendar/"):
        page.goto(address)
        assert "opioid" not in words(page).lower()
    assert count(page, "nav-queue") == 0
    assert count(page, "nav-letters") == 0
