"""Ordinary commands find their services, and leave them running for the next one."""

from tests.launch.trial import Trial, free_port


def test_a_command_starts_the_private_services_and_the_next_one_finds_them(trial: Trial):
    assert '"1@' in trial.run("load_demo", "--json").stdout
    postmaster = trial.postmaster()
    assert '"2@' in trial.run("load_demo", "--json").stdout
    assert trial.postmaster() == postmaster
    assert trial.run("services", "status").stdout.count("running") == 2
    assert "postgres, valkey" in trial.run("services", "stop").stderr
    assert not trial.left()


def test_an_ordinary_user_has_services_too(ordinary_trial: Trial):
    assert '"1@' in ordinary_trial.run("load_demo", "--json").stdout
    assert ordinary_trial.run("services", "stop").returncode == 0


def test_a_commands_output_is_its_own(trial: Trial):
    """So that `manage.py … --json | jq` works even on the start that makes everything."""
    assert trial.run("load_demo", "--json").stdout.startswith("{")


def test_it_works_from_another_folder(trial: Trial):
    answer = trial.run("check", cwd="/")
    assert answer.returncode == 0, answer.stderr


def test_the_demo_leaves_running_what_a_command_had_started(trial: Trial):
    trial.run("load_demo", "--json")
    demo = trial.demo("--port", free_port())
    demo.wait_for_address()
    assert demo.stop() == 0
    assert trial.run("services", "status").stdout.count("running") == 2


def test_what_the_person_set_is_used_and_nothing_is_started(trial: Trial):
    answer = trial.run("check", DATABASE_URL="postgresql:///x?host=/nowhere", REDIS_URL="redis://x", MTM_SECRET_KEY="k")
    assert answer.returncode == 0, answer.stderr
    assert not trial.left()


def test_an_unknown_services_verb_says_what_to_say(trial: Trial):
    assert "services stop|status" in trial.run("services", "begin").stderr
