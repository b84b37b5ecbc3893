"""An administrator watches a sweep: the page follows it by itself and leaves the reader in peace."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Plan, User
from reviews.models import SweepRun, SweepShard
from tests.browser.walking import accessible, press, see, sign_in_as

pytestmark = [pytest.mark.browser]


@pytest.fixture
def running(page: Page, plan: Plan) -> SweepRun:
    run = SweepRun.objects.create(plan=plan, quarter="2026-Q4", as_of=timezone.localdate(), rules={})
    SweepShard.objects.create(plan=plan, run=run, first_member=1, last_member=9)
    return run


def finish(run: SweepRun) -> None:
    run.shards.update(status="done", members=9, finished_at=timezone.now())
    SweepRun.objects.filter(pk=run.pk).update(status="done", finished_at=timezone.now())


def test_a_running_sweep_refreshes_itself_until_it_is_done(page: Page, running: SweepRun, administrator: User) -> None:
    sign_in_as(page, administrator)
    press(page, "nav-sweeps")
    accessible(page)
    assert "0 of 1 part" in see(page, "sweep-row").inner_text()
    with page.expect_request(lambda request: request.headers.get("x-background") == "1"):
        finish(running)
    page.get_by_test_id("sweep-row").get_by_text("1 of 1 part").wait_for()
    assert see(page, "runs").get_attribute("hx-get") is None


def test_refreshing_does_not_move_the_page_under_the_reader(page: Page, running: SweepRun, administrator: User) -> None:
    sign_in_as(page, administrator)
    page.goto(f"/H0001/sweeps/{running.public_id}/")
    accessible(page)
    page.evaluate("window.scrollTo(0, 200)")
    before = page.evaluate("window.scrollY")
    with page.expect_response(lambda response: response.request.headers.get("x-background") == "1"):
        pass
    page.wait_for_timeout(300)
    assert page.evaluate("window.scrollY") == before > 0
