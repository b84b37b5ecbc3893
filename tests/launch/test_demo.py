"""The demo as a person meets it: it starts, says where, stops, and survives whatever is killed under it."""

import os
import signal
import socket

import pytest

from mtm.launch import processes
from tests.launch.trial import Demo, Trial, free_port, gone, page

FOREIGN = "postgresql://app:secret@127.0.0.1:1/production"


def started(trial: Trial) -> Demo:
    demo = trial.demo("--port", free_port())
    demo.wait_for_address()
    return demo


def child(trial: Trial, words: str) -> int:
    """The first process of this checkout with these words on its command line: the parent, where it has forked."""
    return min(pid for pid in trial.left() if processes.runs_with(pid, words))


def test_it_starts_in_a_path_with_a_space_and_ctrl_c_stops_every_child(trial: Trial):
    demo = trial.demo("--port", free_port())
    assert page(demo.wait_for_address()) == "ok"
    assert "1@example.org" in demo.said()
    running = trial.left()
    assert len(running) >= 6  # the demo, web, worker, beat, postgres, valkey
    assert demo.stop(signal.SIGINT) == 0
    assert gone(running), demo.said()


def test_it_starts_for_an_ordinary_user_and_keeps_its_data_in_the_checkout(ordinary_trial: Trial):
    demo = started(ordinary_trial)
    assert list((ordinary_trial.checkout.root / "var" / "services" / "demo").glob("postgres-*"))
    running = ordinary_trial.left()
    assert demo.stop(signal.SIGTERM) == 0
    assert gone(running), demo.said()


def test_nothing_blocks_the_next_start_after_kill_9_of_the_demo_itself(trial: Trial):
    first = started(trial)
    children = [child(trial, words) for words in ("gunicorn", "worker", "beat")]
    first.stop(signal.SIGKILL)
    assert gone(children), "the kernel ends what a killed demo leaves"
    second = started(trial)
    assert "2@example.org" in second.said(), "it goes on with the data of the first"
    running = trial.left()
    assert second.stop() == 0
    assert gone(running), "it also stops the servers that the killed demo had started"


@pytest.mark.parametrize(("words", "named"), [("gunicorn", "web"), ("bin/postgres", "postgres")])
def test_a_child_killed_under_it_is_named_and_ends_the_demo(trial: Trial, words: str, named: str):
    demo = started(trial)
    os.kill(child(trial, words), signal.SIGKILL)
    assert demo.process.wait(30) == 1
    assert f"{named} ended unexpectedly" in demo.said()
    assert not trial.left()
    assert trial.run("load_demo", "--json").returncode == 0, "the next start is not blocked"


def test_a_second_demo_beside_the_first_is_refused(trial: Trial):
    demo = started(trial)
    answer = trial.run("demo")
    assert answer.returncode == 1
    assert "running already" in answer.stderr
    assert not demo.ended()


def test_reset_begins_anew(trial: Trial):
    trial.run("load_demo", "--json")
    demo = trial.demo("--reset", "--port", free_port())
    demo.wait_for_address()
    assert "1@example.org" in demo.said()


def test_a_port_in_use_is_named_with_what_to_do(trial: Trial):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = trial.run("demo", "--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} cannot be used" in answer.stderr
    assert "manage.py demo --port" in answer.stderr


@pytest.mark.parametrize("option", [[], ["--reset"], ["--check"]])
def test_a_database_it_did_not_make_is_refused(trial: Trial, option: list[str]):
    answer = trial.run("demo", *option, DATABASE_URL=FOREIGN)
    assert answer.returncode == 1
    assert "did not make" in answer.stderr
    assert "secret" not in answer.stderr
    assert not trial.left()
