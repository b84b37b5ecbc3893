"""The whole product, started as a person starts it and walked through over HTTP."""

import subprocess
import sys

import pytest

from mtm.launch import check
from mtm.launch.demo import read_sign_ins
from tests.launch.trial import ROOT, bare_environment


@pytest.mark.slow
def test_the_demo_holds_from_the_first_page_to_the_letter():
    command = [sys.executable, ROOT / "manage.py", "demo", "--check"]
    ran = subprocess.run(command, env=bare_environment(), capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "FAILED" not in ran.stdout


def test_what_did_not_hold_is_shown_and_fails_the_check(monkeypatch: pytest.MonkeyPatch, capsys):
    """Nobody answers at this address, so nothing holds; all of it is still tried and told."""
    monkeypatch.setattr(check, "SWEEP_SECONDS", 1)
    assert not check.run("http://127.0.0.1:9/", {"pharmacist": ("p@example.org", "secret")}, 3.0)
    told = capsys.readouterr().out
    assert told.count("FAILED") == 1 + len(check.PAGES) + len(check.FIRST_OF) + 3
    assert "secret" not in told


def test_a_page_that_leads_elsewhere_does_not_count_as_seen():
    class Elsewhere:
        def get(self, path: str) -> check.Answer:
            return check.Answer(200, "http://site/account/login/?next=/H0001/queue/", b"Queue")

    held, result = check._open({"pharmacist": Elsewhere()}, "pharmacist", "/H0001/queue/", "Queue")
    assert not held
    assert "was sent to" in result


class Shows:
    """A visitor to whom every address shows the same page."""

    def __init__(self, page: str):
        self.page = page

    def get(self, path: str) -> check.Answer:
        return check.Answer(200, f"http://site{path}", self.page.encode())


LISTS = [path for _, path, words in check.PAGES if words.startswith("data-testid")]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_without_a_row_does_not_hold(path: str):
    role, words = next((role, words) for role, at, words in check.PAGES if at == path)
    empty = "<h1>Alert queue</h1> Members, Call list, Eligibility, Data loads, Audit: nothing here"
    assert not check._open({role: Shows(empty)}, role, path, words)[0]
    assert check._open({role: Shows(f"<tr {words}>")}, role, path, words)[0]


def test_every_list_of_the_demo_must_have_rows():
    assert {path.split("/")[2] for path in LISTS} >= {*("queue", "members", "calls", "criteria", "loads", "audit")}


def test_the_first_of_a_list_is_opened():
    number = "0190e2a4-0000-7000-8000-000000000001"
    for what, path, link in check.FIRST_OF:
        assert not check._first({"pharmacist": Shows("<p>Nothing</p>")}, path, link)[0], what
        address = f"{path.replace('queue', 'alerts')}{number}/"
        assert check._first({"pharmacist": Shows(f'<a href="{address}">')}, path, link)[0], what


def test_a_sweep_that_looked_at_nobody_does_not_count():
    cells = '<tr data-row data-testid="sweep-row"><td data-label="Members" class="number">{}</td></tr>'
    assert check._members_of_newest(cells.format("1,204") + cells.format("0")) == 1204
    assert check._members_of_newest(cells.format("0") + cells.format("7")) == 0
    assert check._members_of_newest("<p>No sweep has run</p>") == 0


def test_every_role_of_the_pages_has_a_sign_in_to_be_found():
    printed = '{"sign_ins": [{"role": "auditor", "email": "a@example.org", "password": "x"}]}'
    assert read_sign_ins(printed)[0].role == "auditor"
