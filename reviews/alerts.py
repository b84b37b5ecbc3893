"""Working an alert: claim it, settle it or give it back. Of two who claim at once, one gets it."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from eligibility.models import Enrollment
from mtm.lib.transitions import TransitionNotAllowed, move
from reviews.models import Alert, AlertTransition

Status = Alert.Status
# These outcomes say that the rule or its data were wrong; the note says how, so that they can be mended.
NEED_A_NOTE = frozenset({Alert.Outcome.CLAIM_WRONG, Alert.Outcome.NOT_RELEVANT})


def missing_note(outcome: str, note: str) -> str:
    """What to ask for when the outcome alone does not say enough, or nothing."""
    return "Say why, so that the rule can be mended." if outcome in NEED_A_NOTE and not note.strip() else ""


@transaction.atomic
def claim(*, alert: Alert, by: User) -> Alert:
    """Take an open alert; raises TransitionNotAllowed for whoever comes second, and when the member has left."""
    refuse_departed(alert, to=Status.CLAIMED)
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
    if missing := missing_note(outcome, note):
        raise ValueError(missing)
    refuse_departed(alert, to=Status.RESOLVED)
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


def refuse_departed(alert: Alert, *, to: str) -> None:
    """Nothing is done about a member who does not take part in the program now."""
    if not Enrollment.objects.active(alert.plan).filter(member=alert.member_id).exists():
        raise TransitionNotAllowed(alert, to=to, found="an alert of a member who has left the program")


def refuse_others(alert: Alert, by: User, *, to: str) -> None:
    """Only the person who claimed an alert may go on with it. The row is locked until the step is done."""
    held = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if held.claimed_by_id != by.pk:
        raise TransitionNotAllowed(alert, to=to, found=held.status)
