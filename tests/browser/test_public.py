"""Someone who has not signed in, and someone whom no plan knows yet."""

from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import Page

from accounts.models import Plan, User
from mtm.lib.reading import grade
from tests import making
from tests.browser.walking import accessible, press, see, sign_in_as, words
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser]


def test_the_blank_list_is_there_for_everyone(page: Page) -> None:
    page.goto("/")
    accessible(page)
    link = see(page, "blank-list")
    content = page.request.get(link.get_attribute("href") or "").body()
    assert content.startswith(b"%PDF")
    pages = len(pikepdf.open(BytesIO(content)).pages)
    assert f"PDF, {pages} pages" in link.inner_text()


def test_the_front_page_reads_at_grade_six_and_says_what_matters(page: Page) -> None:
    page.goto("/")
    said = see(page, "about").inner_text()
    assert grade(said) <= 6
    assert "free" in said
    assert "say no" in said
    assert "does not change your drug coverage" in said


@pytest.mark.parametrize("language", ["", "?lang=es"])
@pytest.mark.parametrize("preset", ["bcbsm-2023", "bcbsma-2023", "esi-2024"])
def test_everyone_may_read_the_program_page(
    preset: str, language: str, page: Page, plan: Plan, administrator: User
) -> None:
    year = making.preset_in_force(plan, preset, administrator).plan_year
    page.goto(f"/programs/{plan.code}/{year}/{language}")
    see(page, "program")
    accessible(page)
    for path in page.get_by_test_id("program-own-list").get_by_role("link").all():
        assert page.request.get(path.get_attribute("href") or "").body().startswith(b"%PDF")
    press(page, "other-language")
    page.wait_for_load_state()
    assert ("Los problemas" in words(page)) == (language == "")
    assert page.context.cookies() == []


def test_a_person_without_a_plan_is_told_what_to_do(page: Page) -> None:
    newcomer = User.objects.create_user("new@example.org", PASSWORD, full_name="New Person")
    sign_in_as(page, newcomer)
    accessible(page)
    assert "Ask the program administrator" in words(page)
