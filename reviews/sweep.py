"""The targeted medication review sweep. What is to be done stands in PostgreSQL; the broker only rings the bell.

A shard is claimed with SKIP LOCKED, and its alerts and its status are committed together: a worker that dies leaves the
shard as it was, and a shard rung twice is done once.
"""

import logging
from datetime import date, timedelta

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import audit
from accounts.models import Plan, User
from claims.models import LoadFile
from mtm.lib import sql
from mtm.lib.dates import quarter_of
from reviews.explain import Finding, evaluate_all, not_computable
from reviews.facts import available_feeds, facts_of, value_sets
from reviews.models import RuleActivation, SweepRun, SweepShard
from reviews.recording import record_findings
from reviews.rules import RULES, Rule, rule_named
from reviews.timeline import Timeline

log = logging.getLogger(__name__)

TRIES = settings.SWEEP_TRIES
EARLIEST = date(2000, 1, 1)  # no Part D claim is older than 2006
Status = SweepShard.Status


class SweepProblem(Exception):
    """Why a sweep cannot start, in words for the administrator."""


@transaction.atomic
def start(*, plan: Plan, as_of: date, by: User | None, shard_members: int | None = None) -> SweepRun:
    """Fix what a run looks at, plan its shards, and ring for each once this is committed."""
    refuse_impossible(as_of)
    lock(plan)
    if SweepRun.objects.filter(plan=plan, status=SweepRun.Status.RUNNING).exists():
        raise SweepProblem("A sweep of this plan is running. Wait until it is done.")
    missing = not_computable(active_rules(plan, as_of), available_feeds(plan))
    run = SweepRun.objects.create(
        plan=plan,
        quarter=str(quarter_of(as_of)),
        as_of=as_of,
        claims_through=LoadFile.objects.filter(plan=plan, kind__contains="fills").aggregate(last=Max("claims_through"))[
            "last"
        ],
        rules={rule.slug: rule.version for rule in active_rules(plan, as_of) if rule.slug not in missing},
        not_computable={slug: [feed.value for feed in feeds] for slug, feeds in missing.items()},
        started_by=by,
    )
    size = shard_members or settings.SWEEP_SHARD_MEMBERS
    sql.run("reviews", "plan_shards", plan=plan.pk, run=run.pk, size=size)
    audit.record(audit.Kind.SWEEP_STARTED, by=by, plan=plan, subject=run)
    transaction.on_commit(advance)
    return run


def refuse_impossible(as_of: date) -> None:
    """A day no claims can be of; tomorrow is let through, for it has begun in other time zones."""
    if not EARLIEST <= as_of <= timezone.localdate() + timedelta(days=1):
        raise SweepProblem(f"Choose a day from {EARLIEST} to today.")


def lock(plan: Plan) -> None:
    """One start at a time for a plan: the second sees the first one's run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('start of sweep'), %s)", [plan.pk])


def active_rules(plan: Plan, day: date) -> list[Rule]:
    """The rules that ship, less those the plan has switched off for that day."""
    off = RuleActivation.objects.filter(plan=plan, effective__contains=day, is_on=False)
    return [rule for rule in RULES if rule.slug not in set(off.values_list("rule", flat=True))]


def advance() -> None:
    """Ring for every shard that waits and was not rung lately; close the runs that have none left."""
    stale = timezone.now() - timedelta(seconds=settings.SWEEP_LEASE_SECONDS)
    with transaction.atomic():
        waiting = SweepShard.objects.select_for_update(skip_locked=True).filter(
            Q(rung_at=None) | Q(rung_at__lt=stale), status=Status.PENDING
        )
        shards = list(waiting.values_list("pk", flat=True))
        SweepShard.objects.filter(pk__in=shards).update(rung_at=timezone.now())
    all(ring(shard) for shard in shards)  # up to the first that nobody hears
    for run in SweepRun.objects.filter(status=SweepRun.Status.RUNNING):
        finish(run)


def ring(shard: int) -> bool:
    """Tell a worker; by name, because the tasks import this module. Without a broker, which takes 6 seconds to find out,
    the next tick tells it."""
    try:
        current_app.send_task("reviews.run_shard", args=[shard], retry=False)
    except OperationalError:
        log.warning("broker away, shard %s and those after it wait for the next tick", shard)
        return False
    return True


def run_shard(shard_id: int) -> bool:
    """Do a shard if nobody else has it; gives whether it was done here. Tells failure by the shard's own row."""
    if not begin(shard_id):
        return False
    try:
        with transaction.atomic():
            shard = claim(shard_id)
            if shard is None:
                return False
            review(shard)
    except Exception as problem:
        note_failure(shard_id, problem)
        raise
    finish(shard.run)
    return True


@transaction.atomic
def begin(shard_id: int) -> bool:
    """Count the try before it is made, so that a shard that kills its worker is parked too and not rung for ever."""
    shard = claim(shard_id)
    if shard is None:
        return False
    if shard.attempts < TRIES:
        shard.attempts += 1
        shard.save(update_fields=["attempts"])
        return True
    shard.status, shard.problem = Status.FAILED, shard.problem or "the worker was lost each time"
    shard.save(update_fields=["status", "problem"])
    finish(shard.run)
    return False


def claim(shard_id: int) -> SweepShard | None:
    waiting = SweepShard.objects.select_for_update(skip_locked=True, of=("self",)).select_related("run__plan")
    return waiting.filter(pk=shard_id, status=Status.PENDING).first()


def review(shard: SweepShard) -> None:
    """Evaluate every enrolled member of the shard and record what is new, in the transaction that holds the shard."""
    run = shard.run
    rules, sets = [rule_named(slug) for slug in run.rules], value_sets()
    found: list[tuple[int, Finding]] = []
    for member, facts in facts_of(run.plan, shard.first_member, shard.last_member, run.as_of):
        shard.members += 1
        found += [(member, finding) for finding in evaluate_all(Timeline(facts, run.as_of, sets), rules)]
    shard.findings, shard.new_alerts = len(found), record_findings(run, found)
    shard.status, shard.finished_at = Status.DONE, timezone.now()
    shard.save()


def note_failure(shard_id: int, problem: Exception) -> None:
    """Say what went wrong; after the last try the shard waits for a person, and holds up no other."""
    with transaction.atomic():
        shard = SweepShard.objects.select_for_update().get(pk=shard_id)
        shard.problem = type(problem).__name__
        if shard.attempts >= TRIES:
            shard.status = Status.FAILED
        shard.save()


@transaction.atomic
def finish(run: SweepRun) -> None:
    """Close the run when no shard waits; whether it is complete is counted from its shards."""
    shards = SweepShard.objects.filter(run=run)
    if shards.filter(status=Status.PENDING).exists():
        return
    failed = shards.filter(status=Status.FAILED).exists()
    status = SweepRun.Status.FAILED if failed else SweepRun.Status.DONE
    closed = SweepRun.objects.filter(pk=run.pk, status=SweepRun.Status.RUNNING).update(
        status=status, finished_at=timezone.now()
    )
    if closed:
        audit.record(audit.Kind.SWEEP_FINISHED, by=None, plan=run.plan, subject=run, detail={"status": status})


@transaction.atomic
def retry_failed(*, run: SweepRun, by: User) -> int:
    """Give the failed shards of a run another three tries."""
    again = SweepShard.objects.filter(run=run, status=Status.FAILED).update(
        status=Status.PENDING, attempts=0, rung_at=None, problem=""
    )
    if again:
        SweepRun.objects.filter(pk=run.pk).update(status=SweepRun.Status.RUNNING, finished_at=None)
        audit.record(audit.Kind.SWEEP_STARTED, by=by, plan=run.plan, subject=run, detail={"retried_shards": again})
        transaction.on_commit(advance)
    return again
