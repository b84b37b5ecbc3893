"""Loads in the background: a real worker, one that is killed in the middle, two loads of one plan at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import Plan
from claims import load_queue
from claims.ingest.load import carry_out, request
from claims.models import Fill, Load, LoadFile
from tests import races
from tests.claims.test_load import GOOD, HEADER, NAME
from tests.conftest import TODAY, make_member

WORKER = """
import django
django.setup()
from django.conf import settings
from django.db import connections
connections["default"].settings_dict["NAME"] = {database!r}
settings.LOAD_FOLDER = {folder!r}
from claims import load_queue
load_queue.ring = lambda load: None
load_queue.run({load})
"""


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LOAD_FOLDER, settings.LOAD_INBOX = str(tmp_path / "loads"), str(tmp_path / "inbox")
    monkeypatch.setattr(load_queue, "ring", lambda load: None)


def rows(first: int, number: int) -> str:
    return HEADER + "".join(GOOD.replace("M1,1,", f"M1,{claim},") for claim in range(first, first + number))


def ask(plan: Plan, content: str) -> Load:
    file = SimpleUploadedFile(NAME, content.encode())
    return load_queue.ask(plan=plan, feed="desynpuf", as_of=TODAY, uploads=[file], by=None)


def in_a_process(load: Load, tmp_path: Path) -> subprocess.Popen[bytes]:
    database = connection.settings_dict["NAME"]
    code = WORKER.format(database=database, folder=str(tmp_path / "loads"), load=load.pk)
    return subprocess.Popen([sys.executable, "-c", code], cwd=django_settings.BASE_DIR, env=dict(os.environ))


def test_a_worker_that_is_killed_leaves_nothing_and_the_next_one_does_it_all(
    committed: None, plan: Plan, tmp_path: Path
) -> None:
    make_member(plan, "M1")
    load = ask(plan, rows(0, 150_000))
    worker = in_a_process(load, tmp_path)
    wait_for(lambda: Load.objects.filter(pk=load.pk, status="running", progress__isnull=False).exists())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    load.refresh_from_db()
    assert (load.status, LoadFile.objects.count(), Fill.objects.count()) == ("running", 0, 0)
    assert in_a_process(load, tmp_path).wait() == 0
    load.refresh_from_db()
    assert (load.status, Fill.objects.count()) == ("done", 150_000)


def test_two_workers_at_one_load_do_it_once(committed: None, plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load = ask(plan, rows(0, 30_000))
    workers = [in_a_process(load, tmp_path) for _ in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    load.refresh_from_db()
    assert (load.status, LoadFile.objects.count(), Fill.objects.count()) == ("done", 1, 30_000)


def test_loads_of_two_plans_run_beside_each_other(
    committed: None, plan: Plan, other_plan: Plan, tmp_path: Path
) -> None:
    """Each makes a table of its own and joins it to the same parent."""
    for one in (plan, other_plan):
        make_member(one, "M1")
    path = tmp_path / NAME
    path.write_text(rows(0, 20_000))

    def loads(one: Plan) -> Any:
        def run(_: int) -> bool:
            asked = request(plan=one, feed="desynpuf", as_of=TODAY, by=None)
            return carry_out(asked, [path]).files.get().accepted == 20_000

        return run

    assert races.run([1], [loads(plan), loads(other_plan)]) == [2]
    assert Fill.objects.count() == 40_000


def test_the_tick_rings_for_the_oldest_load_whose_files_wait(
    plan: Plan, other_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = ask(plan, HEADER + GOOD)
    ask(other_plan, HEADER + GOOD)
    Load.objects.filter(pk=oldest.pk).update(status="running")
    rung: list[Load] = []
    monkeypatch.setattr(load_queue, "ring", rung.append)
    load_queue.advance()
    assert rung == [oldest]


def test_a_load_whose_command_died_is_refused_and_holds_up_nobody(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = Load.objects.create(plan=plan, feed="rif", as_of=TODAY, status="running", started_at=timezone.now())
    waiting = ask(plan, HEADER + GOOD)
    rung: list[Load] = []
    monkeypatch.setattr(load_queue, "ring", rung.append)
    load_queue.advance()
    dead.refresh_from_db()
    assert (dead.status, rung) == ("refused", [waiting])
    assert "stopped before its end" in dead.problem


def test_a_load_that_ends_by_a_fault_of_ours_leaves_no_files(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    load = ask(plan, HEADER + GOOD)

    def fails(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("claims.ingest.load.land", fails)
    with pytest.raises(ZeroDivisionError):
        load_queue.run(load.pk)
    load.refresh_from_db()
    assert (load.status, load_queue.folder_of(load).exists()) == ("refused", False)


def test_a_load_whose_worker_is_stopped_keeps_its_files_for_the_next(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = ask(plan, HEADER + GOOD)

    def stopped(*given: object) -> None:
        raise SystemExit

    monkeypatch.setattr("claims.ingest.load.land", stopped)
    with pytest.raises(SystemExit):
        load_queue.run(load.pk)
    assert load_queue.files_of(load)


def test_the_tick_removes_what_was_left_a_day_ago(plan: Plan, settings: Any, tmp_path: Path) -> None:
    waiting, ended, lately = ask(plan, HEADER + GOOD), ask(plan, HEADER), ask(plan, HEADER)
    Load.objects.filter(pk__in=[ended.pk, lately.pk]).update(status="refused")
    folder = Path(settings.LOAD_FOLDER)
    unknown, upload, other = folder / str(uuid4()), folder / "tmp1234.upload.csv", folder / "notes.txt"
    inbox = tmp_path / "inbox.csv"
    inbox.write_text("stays")
    (unknown / "inbox").mkdir(parents=True)
    (unknown / "inbox" / "x.csv").symlink_to(inbox)
    for path in (upload, other):
        path.write_text("x")
    for path in (load_queue.folder_of(waiting), load_queue.folder_of(ended), unknown, upload, other):
        os.utime(path, (time.time() - 25 * 60 * 60,) * 2)
    load_queue.advance()
    kept = {str(waiting.public_id), str(lately.public_id), other.name}
    assert {path.name for path in folder.iterdir()} == kept
    assert inbox.read_text() == "stays"


def wait_for(holds: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
