"""The sweep ends in the same alerts whatever is killed, lost or delivered twice."""

from typing import Any

import pytest

from accounts.models import AuditEvent, Plan, User
from members.models import Member
from reviews import sweep
from reviews.models import Alert, SweepRun, SweepShard
from tests import races
from tests.making import DAY
from tests.reviews.sweeping import MEMBERS, Bell, done, found, kill, populate, until, working


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    settings.SWEEP_LEASE_SECONDS = 1
    made = Bell()
    monkeypatch.setattr(sweep, "current_app", made.app)
    yield made
    made.silence()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody hears the bell; gives the shards that were rung for."""
    rung: list[int] = []
    monkeypatch.setattr(sweep, "ring", lambda shard: rung.append(shard) or True)
    return rung


def by_hand(run: SweepRun) -> SweepRun:
    for shard in run.shards.all():
        sweep.run_shard(shard.pk)
    run.refresh_from_db()
    return run


def undisturbed(plan: Plan, by: User) -> set[tuple[str, str, str]]:
    populate(plan, by)
    by_hand(sweep.start(plan=plan, as_of=DAY, by=None, shard_members=MEMBERS))
    return found(plan)


def test_a_worker_killed_in_the_middle_changes_nothing(
    committed: None, bell: Bell, plan: Plan, other_plan: Plan, pharmacist: User
) -> None:
    """kill -9 of the whole worker, twice, at different places, and started again; a third run finds nothing new."""
    expected = undisturbed(other_plan, pharmacist)
    populate(plan, pharmacist)
    run = sweep.start(plan=plan, as_of=DAY, by=None, shard_members=2)
    for enough in (10, 30):
        with working(bell) as worker:
            until(lambda enough=enough: done(run) >= enough, sweep.advance)
            kill(worker)
        assert done(run) < MEMBERS / 2, "the run was over before the worker was killed"
    with working(bell):
        until(lambda: SweepRun.objects.get(pk=run.pk).status == "done", sweep.advance)
    assert found(plan) == expected
    assert Alert.objects.filter(plan=plan).count() == len(expected) == MEMBERS / 2
    assert by_hand(sweep.start(plan=plan, as_of=DAY, by=None)).shards.get().new_alerts == 0


def test_a_second_run_over_the_same_data_adds_no_alert(plan: Plan, pharmacist: User, silent: list[int]) -> None:
    populate(plan, pharmacist, 10)
    first = by_hand(sweep.start(plan=plan, as_of=DAY, by=None, shard_members=3))
    second = by_hand(sweep.start(plan=plan, as_of=DAY, by=None, shard_members=4))
    assert [sum(shard.new_alerts for shard in run.shards.all()) for run in (first, second)] == [5, 0]
    assert sum(shard.findings for shard in second.shards.all()) == 5
    assert (first.status, second.status) == ("done", "done")


def test_without_a_broker_the_run_starts_and_is_done_later(
    committed: None, plan: Plan, pharmacist: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SWEEP_LEASE_SECONDS = 0
    populate(plan, pharmacist, 4)
    with monkeypatch.context() as away:
        away.setattr(sweep, "current_app", Bell("redis+socket:///nowhere.sock").app)
        run = sweep.start(plan=plan, as_of=DAY, by=None, shard_members=2)
    assert {shard.status for shard in run.shards.all()} == {"pending"}
    monkeypatch.setattr(sweep, "ring", sweep.run_shard)  # it is back, and a worker hears it
    sweep.advance()
    assert SweepRun.objects.get(pk=run.pk).status == "done"
    assert Alert.objects.filter(plan=plan).count() == 2


def test_a_missing_broker_is_asked_once_not_once_a_shard(
    plan: Plan, pharmacist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try takes seconds, and whoever starts a sweep waits for it."""
    populate(plan, pharmacist, 4)
    asked: list[int] = []
    monkeypatch.setattr(sweep, "ring", lambda shard: asked.append(shard) or False)
    sweep.start(plan=plan, as_of=DAY, by=None, shard_members=1)
    sweep.advance()
    assert len(asked) == 1


def test_a_shard_delivered_twice_is_done_once(plan: Plan, pharmacist: User, silent: list[int]) -> None:
    populate(plan, pharmacist, 4)
    (shard,) = sweep.start(plan=plan, as_of=DAY, by=None).shards.all()
    assert [sweep.run_shard(shard.pk), sweep.run_shard(shard.pk)] == [True, False]
    assert Alert.objects.count() == 2
    assert SweepShard.objects.get().attempts == 1


def test_a_shard_delivered_to_two_workers_at_once_is_done_once(
    committed: None, plan: Plan, pharmacist: User, silent: list[int]
) -> None:
    populate(plan, pharmacist, 40)
    run = sweep.start(plan=plan, as_of=DAY, by=None, shard_members=2)
    shards = [shard.pk for shard in run.shards.all()]
    assert races.run(shards, [sweep.run_shard, sweep.run_shard]) == [1] * 20
    run.refresh_from_db()
    assert run.status == "done"
    assert Alert.objects.count() == 20
    assert AuditEvent.objects.filter(kind="sweep finished").count() == 1


def test_of_two_starts_at_once_one_is_refused(committed: None, plan: Plan, pharmacist: User, silent: list[int]) -> None:
    populate(plan, pharmacist, 2)

    def start(_: int) -> bool:
        try:
            sweep.start(plan=plan, as_of=DAY, by=None)
        except sweep.SweepProblem:
            return False
        return True

    assert races.run([1], [start, start, start]) == [1]


@pytest.fixture
def poisoned(plan: Plan, pharmacist: User, silent: list[int], monkeypatch: pytest.MonkeyPatch) -> SweepRun:
    """A run in which one member's data makes the rules raise, tried until nothing waits any more."""
    people = populate(plan, pharmacist, 12)
    run = sweep.start(plan=plan, as_of=DAY, by=None, shard_members=2)
    with monkeypatch.context() as broken:
        broken.setattr(sweep, "facts_of", poisonous(sweep.facts_of, people[4]))
        for _ in range(5):
            for shard in run.shards.filter(status="pending"):
                try_once(shard)
            sweep.advance()
    run.refresh_from_db()
    return run


def poisonous(facts_of: Any, victim: Member) -> Any:
    def poisoned(plan: Plan, first: int, last: int, as_of: Any) -> Any:
        for member, facts in facts_of(plan, first, last, as_of):
            if member == victim.pk:
                raise ZeroDivisionError("Pearl Maple")
            yield member, facts

    return poisoned


def try_once(shard: SweepShard) -> None:
    try:
        sweep.run_shard(shard.pk)
    except ZeroDivisionError:
        return


def test_poison_spoils_its_own_shard_only(poisoned: SweepRun) -> None:
    bad = poisoned.shards.get(status="failed")
    assert bad.attempts == sweep.TRIES
    assert bad.problem == "ZeroDivisionError", "the reason names no member"
    assert poisoned.shards.filter(status="done").count() == 5
    assert poisoned.status == "failed"
    assert Alert.objects.count() == 5


def test_a_shard_that_kills_its_worker_is_parked_too(plan: Plan, pharmacist: User, silent: list[int]) -> None:
    """A worker that is killed tells nothing; the tries it began are counted."""
    populate(plan, pharmacist, 2)
    run = sweep.start(plan=plan, as_of=DAY, by=None)
    shard = run.shards.get()
    for _ in range(sweep.TRIES):
        assert sweep.begin(shard.pk)
    assert not sweep.run_shard(shard.pk)
    shard.refresh_from_db()
    run.refresh_from_db()
    assert (shard.status, shard.problem, run.status) == ("failed", "the worker was lost each time", "failed")


def test_a_failed_shard_can_be_tried_again(poisoned: SweepRun, pharmacist: User) -> None:
    assert sweep.retry_failed(run=poisoned, by=pharmacist) == 1
    assert SweepRun.objects.get().status == "running"
    assert by_hand(poisoned).status == "done"
    assert Alert.objects.count() == 6
    assert sweep.retry_failed(run=poisoned, by=pharmacist) == 0


def test_a_shard_is_rung_again_only_after_its_lease(
    plan: Plan, pharmacist: User, silent: list[int], settings: Any
) -> None:
    populate(plan, pharmacist, 2)
    run = sweep.start(plan=plan, as_of=DAY, by=None)
    sweep.advance()
    sweep.advance()
    assert silent == [run.shards.get().pk]
    settings.SWEEP_LEASE_SECONDS = 0
    sweep.advance()
    assert len(silent) == 2


def test_a_run_over_nobody_is_done(plan: Plan, pharmacist: User) -> None:
    run = sweep.start(plan=plan, as_of=DAY, by=None)
    sweep.advance()
    run.refresh_from_db()
    assert run.status == "done"


def test_members_who_left_are_not_looked_at(plan: Plan, pharmacist: User, silent: list[int]) -> None:
    people = populate(plan, pharmacist, 4)
    run = sweep.start(plan=plan, as_of=DAY, by=None)
    people[0].enrollments.update(status="ended")
    by_hand(run)
    assert [alert.member for alert in Alert.objects.all()] == [people[2]]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_is_refused(day: str, plan: Plan, pharmacist: User) -> None:
    with pytest.raises(sweep.SweepProblem, match="day"):
        sweep.start(plan=plan, as_of=type(DAY).fromisoformat(day), by=pharmacist)
    assert not SweepRun.objects.exists()
