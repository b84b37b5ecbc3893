"""A pharmacist at work: an alert from the queue to its outcome, a review from its start to the three documents."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Plan, User
from letters.actions import queue_due, render
from letters.models import Letter
from members.models import Member
from reviews import alerts
from reviews.models import Alert, Cmr
from tests import making
from tests.browser.walking import accessible, count, download, press, see, sign_in_as, words
from tests.conftest import make_member

pytestmark = [pytest.mark.browser]

DOCUMENTS = ("cover_letter", "action_plan", "medication_list")


def fill_of(drug: str, role: str, day: str) -> dict[str, Any]:
    return {
        "role": role,
        "claim_id": f"{drug}-{day}",
        "drug": drug,
        "flag": "",
        "ingredients": [drug],
        "filled_on": day,
        "days_supply": 30,
        "prescriber": "1999999001",
        "pharmacy": "PH1",
    }


def measured(value: int, threshold: int) -> dict[str, Any]:
    words_of = "days with both opioids and benzodiazepines in supply in this calendar year"
    number = {"name": "overlap", "words": words_of, "value": value, "unit": "days"}
    return number | {"operator": ">=", "threshold": threshold, "met": True, "reached_on": "2026-10-12"}


EVIDENCE = {
    "fills": [fill_of("oxycodone", "opioid", "2026-10-01"), fill_of("lorazepam", "benzodiazepine", "2026-10-06")],
    "measured": [measured(12, 7)],
    "states": {"ongoing": {"holds": False, "words": "the overlap went on in the last 30 days", "measured": []}},
    "covered": {},
}


@pytest.fixture
def enrolled(page: Page, member: Member, pharmacist: User) -> Member:
    """Pearl Maple takes part, fills two drugs, and has an alert."""
    today = timezone.localdate()
    making.enrolled(member, pharmacist, on=today)
    making.fill(member, "oxycodone", today)
    making.fill(member, "lorazepam", today)
    making.alert(member, evidence=EVIDENCE)
    return member


def test_an_alert_is_claimed_read_and_settled(page: Page, plan: Plan, enrolled: Member, pharmacist: User) -> None:
    sign_in_as(page, pharmacist)
    press(page, "nav-queue")
    accessible(page)
    assert "Pearl Maple" in see(page, "alert-row").inner_text()
    assert "High" in see(page, "alert-row").inner_text()

    press(page, "claim-alert")
    see(page, "claimed-by-me")
    accessible(page)
    assert "12 days" in see(page, "measured").inner_text()
    assert "at least 7 days" in see(page, "measured").inner_text()
    assert count(page, "fill-row") == 2
    assert page.locator("table.fills rect.bar").count() == 2

    page.get_by_label("Outcome").select_option("recommended")
    page.get_by_label("Note").fill("Called Dr. A; naloxone is prescribed.")
    press(page, "resolve-alert")

    page.wait_for_url("**/queue/")
    assert "No alerts are waiting" in words(page)
    accessible(page)
    settled = Alert.objects.get()
    assert (settled.status, settled.resolved_by) == ("resolved", pharmacist)


def test_a_refused_outcome_says_what_is_missing(page: Page, enrolled: Member, pharmacist: User) -> None:
    sign_in_as(page, pharmacist)
    press(page, "nav-queue")
    press(page, "claim-alert")
    page.get_by_label("Outcome").select_option("not_relevant")
    press(page, "resolve-alert")
    assert "Say why" in page.locator(".error-summary").inner_text()
    accessible(page)


def test_an_alert_of_a_colleague_can_be_read_only(page: Page, enrolled: Member, pharmacist: User, person: Any) -> None:
    colleague = person("pharmacist", email="rosa@example.org")
    alerts.claim(alert=Alert.objects.get(), by=colleague)
    sign_in_as(page, pharmacist)
    press(page, "nav-queue")
    press(page, "open-alert")
    assert str(colleague) in see(page, "claimed-by-other").inner_text()
    assert count(page, "resolve-form") == 0
    accessible(page)


def test_the_queue_is_searched_and_filtered(page: Page, plan: Plan, enrolled: Member, pharmacist: User) -> None:
    other = make_member(plan, "M2", first_name="Gus", last_name="Birch")
    making.enrolled(other, pharmacist)
    making.alert(other, rule="statin-adherence", severity=3, category="adherence")
    sign_in_as(page, pharmacist)
    press(page, "nav-queue")
    assert count(page, "alert-row") == 2

    page.get_by_label("Member name or number").fill("birch")
    press(page, "search")
    see(page, "search-in-use")
    assert "birch" not in page.url
    assert count(page, "alert-row") == 1
    accessible(page)

    press(page, "clear-search")
    page.get_by_role("link", name="Safety 1").click()
    page.wait_for_url("**category=safety")
    assert "Pearl Maple" in see(page, "alert-row").inner_text()
    assert count(page, "alert-row") == 1


def test_a_review_goes_from_the_chart_to_three_documents(page: Page, enrolled: Member, pharmacist: User) -> None:
    sign_in_as(page, pharmacist)
    page.goto(f"/H0001/members/{enrolled.public_id}/")
    see(page, "start-cmr").get_by_role("button").click()
    see(page, "finish")
    accessible(page)
    assert page.get_by_test_id("complete-cmr").is_disabled()

    reconcile_everything(page)
    page.get_by_role("textbox", name="Allergies").fill("No known allergies.")
    press(page, "save-notes")
    page.get_by_text("Allergies saved").wait_for()
    write_in_the_plan(page, "Two of your medicines make you sleepy.", "Ask your doctor about naloxone.")
    press(page, "write-in-plan")
    page.locator("[name=action-to_do]:focus").wait_for()
    write_in_the_plan(page, "", "Do not drive after you take them.")
    assert count(page, "action-row") == 2
    accessible(page)

    press(page, "complete-cmr")
    see(page, "review-completed")
    accessible(page)
    assert Cmr.objects.get().status == "completed"
    for kind in DOCUMENTS:
        check_document(page, kind)


def reconcile_everything(page: Page) -> None:
    """Each save changes only its own row: what is typed in the next one stays."""
    rows = page.get_by_test_id("medication-row")
    rows.nth(1).get_by_label("How I take it").fill("1 tablet at night")
    for number in range(rows.count()):
        row = rows.nth(number)
        row.get_by_label("Member says").select_option("taking")
        if not number:
            row.get_by_label("How I take it").fill("1 tablet in the morning")
        row.get_by_label("Why I use it").fill("Pain")
        row.get_by_test_id("reconcile-save").click()
        row.locator("summary:focus").get_by_text("Taking as listed").wait_for()
    assert "All 2 reconciled" in see(page, "medicine-count").inner_text()
    assert rows.nth(1).get_by_label("How I take it").input_value() == "1 tablet at night"


def write_in_the_plan(page: Page, talked_about: str, to_do: str) -> None:
    """An empty first column keeps what the alert proposes."""
    if talked_about:
        page.get_by_label("What we talked about").fill(talked_about)
    page.get_by_label("What I should do").fill(to_do)
    before = count(page, "action-row")
    press(page, "add-action")
    page.get_by_test_id("action-row").nth(before).wait_for()


def check_document(page: Page, kind: str) -> None:
    packet = page.url
    press(page, f"preview-{kind}")
    assert "unverified" in see(page, "revision-note").inner_text()
    assert "Pearl Maple" in see(page, "letter-preview").inner_text()
    accessible(page)
    assert download(page, "download-pdf").startswith(b"%PDF")
    page.goto(packet)


def test_a_letter_is_mailed(page: Page, enrolled: Member, pharmacist: User) -> None:
    queue_due()
    render(letter_id=Letter.objects.get().pk, on=timezone.localdate())
    sign_in_as(page, pharmacist)
    press(page, "nav-letters")
    accessible(page)
    press(page, "open-letter")
    see(page, "void")
    accessible(page)

    press(page, "mail-letter")
    page.get_by_text("Marked as mailed today.").wait_for()
    assert see(page, "mailed-on").inner_text() != "Not yet"
    assert count(page, "void") == 0
    page.goto("/H0001/letters/?status=mailed")
    assert count(page, "letter-row") == 1


def test_a_void_letter_is_taken_from_the_list(page: Page, enrolled: Member, pharmacist: User) -> None:
    queue_due()
    sign_in_as(page, pharmacist)
    page.goto("/H0001/letters/?status=queued")
    press(page, "open-letter")
    page.get_by_text("Void this letter").click()
    accessible(page)
    press(page, "void-letter")
    page.get_by_text("The letter is void.").wait_for()
    assert Letter.objects.filter(status="void").count() == 1
