"""Run a sweep: sweep --plan H0001 --as-of 2026-09-30 [--leave]"""

import logging
import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum
from django.utils import timezone

from accounts.plans import plan_or_error
from reviews import sweep
from reviews.models import SweepRun, SweepShard

log = logging.getLogger(__name__)

LONGEST_WAIT = settings.SWEEP_WAIT_SECONDS


class Command(BaseCommand):
    help = "Sweep the plan's enrollees. Workers that run share the shards with this command; it ends when all are done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)
        parser.add_argument("--as-of", type=date.fromisoformat, help="look at claims up to this day; else today")
        parser.add_argument("--leave", action="store_true", help="only plan it; the workers do the rest")

    def handle(self, *, plan: str, as_of: date | None, leave: bool, **options: Any) -> None:
        try:
            run = sweep.start(plan=plan_or_error(plan), as_of=as_of or timezone.localdate(), by=None)
        except sweep.SweepProblem as problem:
            raise CommandError(str(problem), returncode=2) from None
        if not leave:
            take_part(run)
        self.stdout.write(report(run))


def take_part(run: SweepRun) -> None:
    """Do every shard nobody else has, a failing one until it is parked; wait for those that a worker has."""
    until = time.monotonic() + LONGEST_WAIT
    while still_running(run) and time.monotonic() < until:
        for shard in SweepShard.objects.filter(run=run, status=SweepShard.Status.PENDING):
            try:
                sweep.run_shard(shard.pk)
            except Exception:
                log.exception("shard %s failed", shard.pk)
        sweep.finish(run)
        time.sleep(0.1)


def still_running(run: SweepRun) -> bool:
    run.refresh_from_db()
    return run.status == SweepRun.Status.RUNNING


def report(run: SweepRun) -> str:
    run.refresh_from_db()
    total = run.shards.aggregate(members=Sum("members"), findings=Sum("findings"), alerts=Sum("new_alerts"))
    return (
        f"sweep as of {run.as_of}, {run.get_status_display().lower()}: {run.shards.count()} shards,"
        f" {total['members'] or 0} members reviewed, {total['findings'] or 0} findings, {total['alerts'] or 0} new alerts"
    )
