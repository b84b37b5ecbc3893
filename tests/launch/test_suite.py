"""`manage.py test`: what it runs, and what it says at the end."""

import importlib.util
import os

import pytest

from mtm.launch import suite
from mtm.launch.checkout import CannotGoOn, Checkout
from mtm.launch.services import Services
from mtm.launch.suite import Outcome
from tests.launch.trial import ROOT


@pytest.mark.parametrize("name", suite.CHECKS)
def test_every_check_is_a_module_that_is_installed(name: str):
    assert importlib.util.find_spec(suite.CHECKS[name][0])


def test_the_summary_names_what_failed_and_how_long_each_took():
    told = suite.summary([Outcome("ruff", True, 0.4), Outcome("pytest", False, 61.2)])
    assert "ok      ruff" in told
    assert "FAILED  pytest" in told
    assert "61.2 s" in told


def test_a_missing_browser_fails_only_where_one_is_required(monkeypatch: pytest.MonkeyPatch):
    def refuse(packages: list[str]) -> None:
        raise CannotGoOn("Run: apt-get install chromium")

    monkeypatch.setattr(suite.shutil, "which", lambda name: None)
    monkeypatch.setattr(suite.debian, "install", refuse)
    monkeypatch.delenv("MTM_REQUIRE_BROWSER", raising=False)
    assert suite.have_browser()[0]
    monkeypatch.setenv("MTM_REQUIRE_BROWSER", "1")
    passed, told = suite.have_browser()
    assert not passed
    assert "apt-get install chromium" in told


def test_runs_side_by_side_have_servers_of_their_own():
    checkout = Checkout(ROOT)
    with checkout.first_free("side-by-side") as one, checkout.first_free("side-by-side") as other:
        assert one != other
        assert Services(checkout, one).postgres.url != Services(checkout, other).postgres.url
        for name in (one, other):
            os.rmdir(Services(checkout, name).postgres.sockets)


def test_what_the_person_exported_for_a_deployment_does_not_reach_the_tests(services: Services):
    given = services.environment() | suite.for_tests(services)
    assert given["MTM_HTTPS"] == given["MTM_DEMO"] == "0"
    assert given["DATABASE_URL"] == services.postgres.url
