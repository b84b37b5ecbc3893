"""An administrator finds out which drugs nobody knows, says what one holds, and takes it back."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from claims.models import PlanDrugMapping
from members.models import Member
from tests import making
from tests.browser.walking import accessible, count, photograph, press, see, sign_in_as, words

pytestmark = [pytest.mark.browser]


@pytest.fixture
def unknown(page: Page, member: Member) -> None:
    today = timezone.localdate()
    making.fill(member, "metformin", today)
    for number in range(3):
        making.unknown_fill(member, today, number=number)
    making.unknown_fill(member, today, ndc="54321000101")


def test_an_administrator_maps_an_unknown_drug_and_withdraws_it(page: Page, unknown: None, administrator: User) -> None:
    sign_in_as(page, administrator)
    press(page, "nav-loads")
    press(page, "to-unmapped")
    assert "80.0%" in see(page, "unmapped-share").inner_text()
    accessible(page)
    photograph(page, "list")

    page.get_by_role("searchbox").fill("12345-6789")
    page.get_by_role("button", name="Search").click()
    page.wait_for_load_state()
    assert count(page, "unmapped-row") == 1
    accessible(page)
    press(page, "map-ndc")

    see(page, "map-form")
    accessible(page)
    press(page, "save-mapping")
    page.get_by_role("alert").first.wait_for()
    assert "Choose at least one." in words(page)
    accessible(page)
    for name in ("oxycodone", "acetaminophen"):
        page.get_by_role("searchbox").fill(name)
        page.get_by_role("searchbox").press("Enter")
        page.get_by_label(name, exact=True).check()
    page.get_by_label("Strength").fill("5 mg / 325 mg")
    page.get_by_label("Reason").fill("package label")
    accessible(page)
    photograph(page, "form")
    press(page, "save-mapping")

    page.wait_for_url("**/drugs/unmapped/")
    row = see(page, "mapping-row").inner_text()
    assert "acetaminophen / oxycodone" in row
    assert "5 mg / 325 mg" in row
    assert "20.0%" in see(page, "unmapped-share").inner_text()
    accessible(page)
    photograph(page, "mapped")
    press(page, "withdraw-mapping")
    page.get_by_text("is withdrawn.").wait_for()
    assert "Withdrawn" in see(page, "mapping-row").inner_text()
    assert PlanDrugMapping.objects.get().withdrawn_by == administrator
    accessible(page)
