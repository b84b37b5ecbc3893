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
    assert told.count("FAILED") == 1 + len(check.PAGES) + 2
    assert "secret" not in told


def test_a_page_that_leads_elsewhere_does_not_count_as_seen():
    class Elsewhere:
        def get(self, path: str) -> check.Answer:
            return check.Answer(200, "http://site/account/login/?next=/H0001/queue/", b"Queue")

    held, result = check._open({"pharmacist": Elsewhere()}, "pharmacist", "/H0001/queue/", "Queue")
    assert not held
    assert "was sent to" in result


def test_every_role_of_the_pages_has_a_sign_in_to_be_found():
    printed = '{"sign_ins": [{"role": "auditor", "email": "a@example.org", "password": "x"}]}'
    assert read_sign_ins(printed)[0].role == "auditor"
