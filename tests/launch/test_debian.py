"""System packages: installed by root on Debian, otherwise the line to run is printed."""

import os

import pytest

from mtm.launch import debian
from mtm.launch.checkout import CannotGoOn

ALL = ["python3-venv", "libpango-1.0-0", "libpangoft2-1.0-0"]
LINE = "apt-get install --no-install-recommends python3-venv libpango-1.0-0 libpangoft2-1.0-0"


@pytest.fixture
def bare_debian(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """A Debian 12 that lacks all three, and what apt-get was asked for there by root."""
    asked: list[tuple] = []
    monkeypatch.delenv("MTM_NO_APT", raising=False)
    monkeypatch.setattr(debian.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(debian, "_loads", lambda library: False)
    monkeypatch.setattr(debian, "is_debian", lambda: True)
    monkeypatch.setattr(debian, "_apt_get", lambda verb, packages: not asked.append((verb, packages)))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return asked


def test_root_on_debian_installs_the_three_and_says_so(bare_debian: list, capsys: pytest.CaptureFixture):
    debian.ensure(needs_venv=True)
    assert bare_debian == [("install", ALL)]
    assert " ".join(ALL) in capsys.readouterr().err


def test_without_package_lists_they_are_fetched_first(bare_debian: list, monkeypatch: pytest.MonkeyPatch):
    def no_lists(verb: str, packages: list[str]) -> bool:
        bare_debian.append((verb, packages))
        return ("update", []) in bare_debian

    monkeypatch.setattr(debian, "_apt_get", no_lists)
    debian.ensure(needs_venv=True)
    assert [verb for verb, _ in bare_debian] == ["install", "update", "install"]


def test_refused_by_the_person_the_line_is_printed(bare_debian: list, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MTM_NO_APT", "1")
    with pytest.raises(CannotGoOn, match=LINE):
        debian.ensure(needs_venv=True)
    assert bare_debian == []


def test_an_ordinary_user_is_given_the_line(bare_debian: list, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CannotGoOn, match=f"Only root can install them. Run:\n  sudo {LINE}"):
        debian.ensure(needs_venv=True)
    assert bare_debian == []


def test_uv_and_a_present_venv_need_no_venv_module(bare_debian: list):
    assert "python3-venv" not in debian.missing(needs_venv=False)


def test_nothing_is_asked_for_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(debian, "_loads", lambda library: True)
    monkeypatch.setattr(debian, "install", lambda packages: pytest.fail(f"asked for {packages}"))
    debian.ensure(needs_venv=True)
