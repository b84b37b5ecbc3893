"""What is known of other processes, and what becomes of ours."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtm.launch import processes
from mtm.launch.checkout import CannotGoOn, Checkout
from mtm.launch.children import Children, told_to_stop

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def children(folder) -> Children:
    checkout = Checkout(folder)
    checkout.venv.symlink_to(sys.prefix)
    return Children(checkout, "trial", {})


def is_marked(child: subprocess.Popen) -> bool:
    return b"MTM_LAUNCHED_BY" in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_what_outlived_a_killed_demo_is_found_by_its_mark_and_killed():
    left = subprocess.Popen(["sleep", "60"], env={**os.environ, "MTM_LAUNCHED_BY": "trial-1"})
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, "MTM_LAUNCHED_BY": "trial-10"})
    try:
        # A process that was started a moment ago may not show its environment yet.
        assert processes.wait_until(lambda: all(map(is_marked, (left, other))), seconds=5)
        assert processes.kill_marked("MTM_LAUNCHED_BY", "trial-1") == 1
        assert left.wait(5) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        for child in (left, other):
            child.kill()
            child.wait()


def test_a_child_that_will_not_stop_is_killed(children: Children, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mtm.launch.children.STOP_SECONDS", 0.2)
    child = children.spawn("stubborn", "-c", STUBBORN)
    assert processes.wait_until(lambda: "up" in children.log("stubborn").read_text(), seconds=10)
    children.stop()
    assert child.returncode == -signal.SIGKILL


def test_a_child_that_ended_is_named_with_the_last_of_its_log(children: Children):
    children.spawn("web", "-c", "for n in range(30): print(f'line {n}.')\nraise SystemExit(3)").wait()
    with pytest.raises(CannotGoOn, match=r"(?s)web ended unexpectedly \(code 3\).*line 15\..*line 29\.") as told:
        children.raise_if_any_ended()
    assert "line 14." not in str(told.value)


def test_a_command_that_fails_says_which_and_why(children: Children):
    with pytest.raises(CannotGoOn, match=r"(?s)`manage.py migrate` failed.*no such table"):
        children.run("migrate", "-c", "raise SystemExit('no such table')")


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """As in a terminal: a background job of a shell, and what it starts, begins with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_kill_and_ctrl_c_are_one_and_a_second_one_does_not_cut_the_stopping_short(ctrl_c: None):
    def stop_slowly() -> None:
        with told_to_stop():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                signal.pause()
            finally:
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        stop_slowly()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
