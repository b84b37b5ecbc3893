"""A plan with people to sweep, a Celery worker to kill, and a bell of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

from celery import Celery
from django.conf import settings
from django.db import connection

from accounts.models import Plan, User
from claims.models import Diagnosis, Fill
from members.models import Member
from reviews.models import Alert, SweepRun, SweepShard
from tests import making
from tests.making import DAY

MEMBERS = 120


def populate(plan: Plan, by: User, members: int = MEMBERS) -> list[Member]:
    """Every second member takes an opioid together with a benzodiazepine."""
    people = Member.objects.bulk_create(
        Member(plan=plan, source_id=f"S{n:04}", birth_date=date(1950, 1, 1)) for n in range(members)
    )
    for member in people:
        making.enrolled(member, by, on=DAY)
    samples = [making.fill(people[0], drug, DAY - timedelta(days=20)) for drug in ("oxycodone", "lorazepam")]
    Fill.objects.filter(plan=plan).delete()
    seen = {"system": "10", "code": "J00", "inpatient": False, "diagnosed_on": DAY - timedelta(days=9)}
    Diagnosis.objects.create(plan=plan, member=people[0], claim_id="cold", **seen)  # so that diagnoses count as loaded
    Fill.objects.bulk_create(copy_for(member, fill) for n, member in enumerate(people) for fill in samples[: 2 - n % 2])
    return people


def copy_for(member: Member, fill: Fill) -> Fill:
    fields = {f.attname: getattr(fill, f.attname) for f in Fill._meta.concrete_fields if f.attname != "id"}
    return Fill(**fields | {"member_id": member.pk, "claim_id": f"{member.source_id}-{fill.ndc}"})


def found(plan: Plan) -> set[tuple[str, str, str]]:
    return set(Alert.objects.filter(plan=plan).values_list("member__source_id", "rule", "fact_hash"))


class Bell:
    """A Celery app that rings on a queue nobody else listens to."""

    def __init__(self, broker: str = settings.REDIS_URL) -> None:
        self.queue = f"test-{uuid4().hex}"
        self.app = Celery("bell", broker=broker, set_as_current=False)
        self.app.conf.task_routes = {"*": {"queue": self.queue}}

    def worker(self) -> subprocess.Popen[bytes]:
        """A real worker on this queue and the test database, leader of its own process group."""
        command = [sys.executable, "-m", "celery", "-A", "mtm.celery:app", "worker", "-Q", self.queue, "-c", "1"]
        environment = {**os.environ, "DATABASE_URL": database_url(), "MTM_LOG_LEVEL": "WARNING"}
        options = {"cwd": settings.BASE_DIR, "env": environment, "start_new_session": True}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            [*command, "--pool", "prefork", "--without-gossip", "--without-mingle"], **options, **quiet
        )

    def silence(self) -> None:
        with self.app.connection_for_write() as broker:
            broker.default_channel.client.delete(self.queue)


def database_url() -> str:
    """The test database, as a worker in another process must name it."""
    known = connection.settings_dict
    return (
        f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}&port={known['PORT']}"
    )


@contextmanager
def working(bell: Bell) -> Iterator[subprocess.Popen[bytes]]:
    process = bell.worker()
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the worker and all its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(holds: Callable[[], bool], tick: Callable[[], None], seconds: float = 60) -> None:
    """Do what beat does until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        tick()
        time.sleep(0.02)


def done(run: SweepRun) -> int:
    return SweepShard.objects.filter(run=run, status="done").count()
