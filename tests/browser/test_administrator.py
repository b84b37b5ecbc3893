"""An administrator at work: what waits, next year's criteria from draft to published, sweeps and loads."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from claims.models import Load, LoadFile
from eligibility.models import Criteria
from members.models import Member
from tests import making
from tests.browser.walking import accessible, count, photograph, press, see, sign_in_as, words

pytestmark = [pytest.mark.browser]


@pytest.fixture
def running(page: Page, member: Member, administrator: User) -> int:
    """This year's criteria are in force, Pearl Maple takes part, one load of one file is done."""
    today = timezone.localdate()
    making.criteria_in_force(member.plan, administrator, year=today.year)
    making.enrolled(member, administrator, on=today)
    counts = {"received": 3, "accepted": 2, "duplicate": 0, "rejected": 1}
    load = Load.objects.create(plan=member.plan, feed="rif", as_of=today, status="done")
    LoadFile.objects.create(
        load=load,
        plan=member.plan,
        feed="rif",
        kind="fills",
        name="pde.csv",
        sha256="ab" * 32,
        rejected_by_reason={"no fill date": 1},
        fills=2,
        unmapped_ndc=1,
        **counts,
    )
    return today.year


def test_an_administrator_drafts_tries_and_publishes_next_years_criteria(
    page: Page, running: int, administrator: User, person: Any
) -> None:
    sign_in_as(page, administrator)
    see(page, "today-figures")
    accessible(page)

    press(page, "nav-criteria")
    accessible(page)
    see(page, "criteria-row").get_by_role("link").click()
    accessible(page)
    press(page, "copy-criteria")

    see(page, "criteria-form")
    accessible(page)
    page.get_by_label("Drugs needed").fill("0")
    page.get_by_label("Drugs needed").press("Enter")
    page.get_by_role("alert").first.wait_for()
    assert "CMS allows 2 to 8." in words(page)
    accessible(page)
    page.get_by_label("Drugs needed").fill("5")
    press(page, "save-criteria")
    page.wait_for_url(f"**/criteria/{draft_of(running + 1).public_id}/")
    assert "You take 5 or more" in see(page, "rule-in-words").inner_text()

    press(page, "try-criteria")
    assert "Nothing was decided or saved." in see(page, "trial").inner_text()
    accessible(page)

    press(page, "simulate")
    see(page, "simulation-changes")
    accessible(page)
    photograph(page, "simulation")
    page.goto(f"/H0001/criteria/{draft_of(running + 1).public_id}/")
    press(page, "send-criteria")
    assert count(page, "criteria-form") == 0
    accessible(page)
    photograph(page, "criteria-in-review")
    page.context.clear_cookies()
    sign_in_as(page, person("administrator"))
    page.goto(f"/H0001/criteria/{draft_of(running + 1).public_id}/")
    press(page, "publish")
    see(page, "publish-form")
    accessible(page)
    press(page, "publish-for-good")
    page.wait_for_url(f"**/criteria/{draft_of(running + 1).public_id}/")
    assert draft_of(running + 1).status == "published"
    assert count(page, "criteria-form") == 0


def draft_of(year: int) -> Criteria:
    return Criteria.objects.get(plan_year=year)


def test_the_words_of_a_draft_follow_the_form(page: Page, running: int, administrator: User) -> None:
    sign_in_as(page, administrator)
    page.goto("/H0001/criteria/")
    press(page, "new-criteria")
    see(page, "criteria-form")
    before = page.get_by_test_id("condition-row").count()
    page.get_by_label("Cost is").select_option("gt")
    page.get_by_text("greater than or equal to").first.wait_for()
    assert "cost more than" in see(page, "rule-in-words").inner_text()
    press(page, "another-condition")
    page.wait_for_load_state()
    assert page.get_by_test_id("condition-row").count() == before + 1
    assert page.get_by_label("Cost is").input_value() == "gt"
    accessible(page)


def test_an_administrator_reads_loads_and_finds_a_member_without_anything_clinical(
    page: Page, running: int, administrator: User
) -> None:
    sign_in_as(page, administrator)
    press(page, "nav-loads")
    accessible(page)
    see(page, "load-row").get_by_role("link").click()
    accessible(page)
    see(page, "load-file").get_by_role("link").click()
    assert "no fill date" in see(page, "rejection-reason").inner_text()
    accessible(page)

    press(page, "nav-members")
    page.get_by_role("searchbox").fill("maple")
    page.get_by_role("button", name="Search").click()
    page.wait_for_load_state()
    assert "maple" not in page.url
    accessible(page)
    see(page, "member-row").get_by_role("link").click()
    see(page, "chart-eligibility")
    accessible(page)
    for part in ("chart-medicines", "chart-alerts", "chart-opt-out-form", "start-cmr"):
        assert count(page, part) == 0


def test_a_scheduler_opts_a_member_out_and_in_again(page: Page, running: int, scheduler: User) -> None:
    sign_in_as(page, scheduler)
    page.goto("/H0001/members/?status=enrolled")
    see(page, "member-row").get_by_role("link").click()
    press(page, "chart-opt-out")
    accessible(page)
    page.get_by_label("In their words").fill("does not want calls")
    page.get_by_role("button", name="Opt out").click()
    see(page, "chart-opt-in-form")
    assert "The member has left the program." in words(page)
    accessible(page)
    page.get_by_role("button", name="Opt back in").click()
    see(page, "chart-opt-out")


def test_an_auditor_reads_the_trail(page: Page, running: int, auditor: User) -> None:
    sign_in_as(page, auditor)
    press(page, "nav-audit")
    see(page, "audit-row")
    accessible(page)
    page.get_by_label("What happened").select_option("criteria published")
    page.get_by_role("button", name="Show").click()
    page.wait_for_load_state()
    assert count(page, "audit-row") == 1
    accessible(page)


def test_an_administrator_says_what_the_program_page_says(page: Page, running: int, administrator: User) -> None:
    sign_in_as(page, administrator)
    page.goto("/H0001/criteria/")
    press(page, "new-criteria")
    press(page, "program-facts")
    accessible(page)
    page.get_by_label("MTM vendor").fill("Another Vendor")
    page.get_by_label("Minutes a review takes").fill("5")
    press(page, "save-program")
    page.get_by_role("alert").first.wait_for()
    assert "Give 10 to 120." in words(page)
    accessible(page)
    page.get_by_label("Minutes a review takes").fill("45")
    press(page, "save-program")
    page.get_by_text("The page is saved.").wait_for()
    press(page, "program-preview")
    see(page, "program")
    assert "Another Vendor runs this program with us." in words(page)
    assert "about 45 minutes" in words(page)
    accessible(page)
