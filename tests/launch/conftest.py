"""Checkouts in folders of every awkward kind, and servers to look at closely."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtm.launch.checkout import Checkout
from mtm.launch.services import Services
from tests.launch.trial import SYSTEM_PYTHON, Trial, give, make_checkout, same_version


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user can enter (pytest's own are root's alone), with a space in its name."""
    path = Path(tempfile.mkdtemp(prefix="mtm test "))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def trial(folder: Path) -> Iterator[Trial]:
    made = Trial(make_checkout(folder / "checkout"))
    yield made
    made.clear()


@pytest.fixture
def ordinary_trial(folder: Path) -> Iterator[Trial]:
    """The same for somebody who is not root."""
    if os.geteuid() != 0:
        made = Trial(make_checkout(folder / "checkout"))
    else:
        if not same_version(SYSTEM_PYTHON):
            pytest.skip("needs a Python outside root's home, of this version, to run as another user")
        made = Trial(make_checkout(folder / "checkout", python=SYSTEM_PYTHON), pwd.getpwnam("nobody"))
        give(made.checkout.root, made.user)
    yield made
    made.clear()


@pytest.fixture
def services(folder: Path) -> Iterator[Services]:
    """A set of servers in this process, for looking at closely."""
    made = Services(Checkout(folder), "test", throwaway=True)
    yield made
    made.erase()
    shutil.rmtree(Path("/var/tmp") / f"mtm-{made.checkout.key}", ignore_errors=True)
