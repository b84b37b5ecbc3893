"""An administrator loads files: sees the load wait, run and end, what became of each record, and gets rejected rows back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from claims import load_queue
from claims.models import Load, LoadProgress
from members.models import Member
from tests.browser.walking import NARROW, WIDE, accessible, count, download, photograph, press, see, sign_in_as, words

pytestmark = [pytest.mark.browser]

MEMBERS = """\
member_number,first_name,last_name,birth_date
EX-2,Rufus,Oakley,1944-11-02
EX-3,Opal,Linden,1938-07-29
"""
# The remark is a column we do not know, and wider than any screen.
REMARK = "seen/by/nobody/" * 30
FILLS = f"""\
member_number,claim_id,filled_on,ndc,quantity,days_supply,cost,remark
EX-2,C1,2026-01-05,99999999999,30,30,11.15,
EX-3,C2,2026-01-06,99999999999,30,30,20.00,
EX-3,C2,2026-01-06,99999999999,30,30,20.00,
NOBODY,C3,2026-01-07,99999999999,30,30,4.50,{REMARK}
EX-2,C4,yesterday,99999999999,30,30,5.00,=1+1
"""


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads wait in a folder of the test's own; no bell is rung, for the test does what the worker does."""
    settings.LOAD_FOLDER, settings.LOAD_INBOX = str(tmp_path / "loads"), str(tmp_path / "inbox")
    monkeypatch.setattr(load_queue, "ring", lambda load: None)


def upload(page: Page, **files: str) -> None:
    page.get_by_label("Feed").select_option("csv")
    given = [{"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode()} for name, text in files.items()]
    page.get_by_label("Files from this computer").set_input_files(given)
    press(page, "start-load")
    see(page, "load")


def test_two_files_wait_run_and_end_with_every_record_accounted_for(
    page: Page, member: Member, administrator: User
) -> None:
    sign_in_as(page, administrator)
    press(page, "nav-loads")
    accessible(page)
    upload(page, members=MEMBERS, fills=FILLS)
    assert "Waiting" in see(page, "load-progress").inner_text()
    accessible(page)

    load = Load.objects.get()
    Load.objects.update(status=Load.Status.RUNNING)
    half = {"step": "reading fills.csv", "done_bytes": 50, "total_bytes": 100}
    LoadProgress.objects.create(load=load, plan=load.plan, at=load.requested_at, **half)
    page.get_by_test_id("load-progress").get_by_text("reading fills.csv").wait_for()
    assert "50" in see(page, "load-progress").inner_text()
    accessible(page)

    load_queue.run(load.pk)
    see(page, "load-total")
    assert count(page, "load-progress") == 0
    assert page.get_by_test_id("load-total").inner_text().split() == [
        *("All", "files", "7", "$60.65", "4", "$31.15", "1", "$20.00", "2", "$9.50")
    ]
    of_fills = page.get_by_test_id("load-file").nth(1).inner_text().split()
    assert of_fills[:10] == ["fills.csv", "fills", "5", "$60.65", "2", "$31.15", "1", "$20.00", "2", "$9.50"]
    assert "Unknown NDC" in " ".join(page.get_by_test_id("load-finding").all_inner_texts())
    accessible(page)
    photograph(page, "load")

    page.get_by_role("link", name="fills.csv").click()
    check_rejected_rows(page)

    press(page, "nav-loads")
    assert "Done" in see(page, "load-row").inner_text()
    assert "Jan 6, 2026" in " ".join(page.get_by_test_id("held-row").all_inner_texts())
    accessible(page)
    photograph(page, "loads")


def check_rejected_rows(page: Page) -> None:
    """Masked on the page; as they were sent in the file, but for what a spreadsheet would run."""
    see(page, "rejected-row")
    assert "unknown member" in " ".join(page.get_by_test_id("rejection-reason").all_inner_texts())
    assert "Unknown NDC: 2." in " ".join(page.get_by_test_id("finding").all_inner_texts())
    shown = " ".join(page.get_by_test_id("rejected-row").all_inner_texts())
    assert "xxxxxx,x9,9999-99-99" in shown
    assert "NOBODY" not in words(page)
    accessible(page)
    photograph(page, "file")
    lines = download(page, "download-rejected").decode().splitlines()
    assert lines[0] == "line,reason,raw"
    assert f"NOBODY,C3,2026-01-07,99999999999,30,30,4.50,{REMARK}" in lines[1]
    assert len(lines) == 3


def test_a_wide_rejected_row_does_not_widen_the_page(page: Page, member: Member, administrator: User) -> None:
    sign_in_as(page, administrator)
    page.goto("/H0001/loads/")
    upload(page, fills=FILLS)
    load_queue.run(Load.objects.get().pk)
    page.get_by_role("link", name="fills.csv").click()
    see(page, "rejected-row")
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        boxes = [row.bounding_box() for row in page.locator("code.raw").all()]
        assert boxes
        assert all(box["x"] + box["width"] <= size["width"] for box in boxes if box)


def test_a_refused_load_says_what_to_mend_and_that_nothing_was_kept(
    page: Page, member: Member, administrator: User
) -> None:
    sign_in_as(page, administrator)
    page.goto("/H0001/loads/")
    upload(page, members=MEMBERS, fills="this is,no table\nof ours,at all\n")
    load_queue.run(Load.objects.get().pk)
    said = see(page, "load-problem").inner_text()
    assert "Nothing of this load was kept." in said
    assert "fills.csv, line 1" in said
    assert Member.objects.count() == 1
    accessible(page)
    photograph(page, "refused")


def test_a_form_without_files_says_what_is_missing(page: Page, member: Member, administrator: User) -> None:
    sign_in_as(page, administrator)
    page.goto("/H0001/loads/")
    page.get_by_label("Feed").select_option("csv")
    press(page, "start-load")
    assert "Choose at least one file." in page.locator(".error-summary").inner_text()
    assert not Load.objects.exists()
    accessible(page)
