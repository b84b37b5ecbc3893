"""Working an alert: claim it, settle it or give it back. Of two who claim at once, one gets it."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from mtm.lib.transitions import TransitionNotAllowed, move
from reviews.models import Alert, AlertTransition

Status = Alert.Status


@transaction.atomic
def claim(*, alert: Alert, by: User) -> Alert:
    """Take an open alert; raises TransitionNotAllowed for whoever comes second."""
    move(
        alert,
        to=Status.CLAIMED,
        allowed=Alert.TRANSITIONS,
        log=AlertTransition,
        by=by,
        claimed_by=by,
        claimed_at=timezone.now(),
    )
    audit.record(audit.Kind.ALERT_CLAIMED, by=by, plan=alert.plan, subject=alert)
    return alert


@transaction.atomic
def release(*, alert: Alert, by: User) -> Alert:
    """Give a claimed alert back to the queue."""
    refuse_others(alert, by, to=Status.OPEN)
    move(
        alert,
        to=Status.OPEN,
        allowed=Alert.TRANSITIONS,
        log=AlertTransition,
        by=by,
        claimed_by=None,
        claimed_at=None,
    )
    audit.record(audit.Kind.ALERT_RELEASED, by=by, plan=alert.plan, subject=alert)
    return alert


@transaction.atomic
def resolve(*, alert: Alert, outcome: str, note: str = "", by: User) -> Alert:
    """Settle a claimed alert with an outcome; the same facts will not raise it again."""
    refuse_others(alert, by, to=Status.RESOLVED)
    move(
        alert,
        to=Status.RESOLVED,
        allowed=Alert.TRANSITIONS,
        log=AlertTransition,
        by=by,
        outcome=Alert.Outcome(outcome),
        note=note,
        resolved_by=by,
        resolved_at=timezone.now(),
    )
    audit.record(audit.Kind.ALERT_RESOLVED, by=by, plan=alert.plan, subject=alert, detail={"outcome": outcome})
    return alert


def refuse_others(alert: Alert, by: User, *, to: str) -> None:
    """Only the person who claimed an alert may go on with it. The row is locked until the step is done."""
    held = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if held.claimed_by_id != by.pk:
        raise TransitionNotAllowed(alert, to=to, found=held.status)
