"""What a person does at the browser, in words the tests can be read in."""

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

from accounts.models import User
from tests.conftest import PASSWORD

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
VIOLATIONS = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(" | ")}`);
}"""
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def sign_in_as(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    press(page, "sign-in")
    page.wait_for_url(lambda url: "/login/" not in url)


def see(page: Page, testid: str) -> Locator:
    """The first thing on the page with this name, once it is there."""
    found = page.get_by_test_id(testid).first
    found.wait_for()
    return found


def press(page: Page, testid: str) -> None:
    see(page, testid).click()


def count(page: Page, testid: str) -> int:
    return page.get_by_test_id(testid).count()


def words(page: Page) -> str:
    return page.locator("main").inner_text()


def download(page: Page, testid: str) -> bytes:
    with page.expect_download() as coming:
        press(page, testid)
    return Path(coming.value.path()).read_bytes()


def accessible(page: Page) -> None:
    """The page at rest: no violation of WCAG 2.2 AA that axe can find, and no sideways scrolling at 390 px."""
    page.wait_for_load_state()
    assert page.evaluate(VIOLATIONS) == [], page.url
    page.set_viewport_size(NARROW)
    too_wide = page.evaluate(WIDER_THAN_THE_SCREEN)
    page.set_viewport_size(WIDE)
    assert not too_wide, page.url


def photograph(page: Page, name: str) -> None:
    """Kept where MTM_SCREENSHOTS says, for whoever wants to look."""
    if folder := os.environ.get("MTM_SCREENSHOTS"):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
        page.set_viewport_size(WIDE)
