"""The audit trail. Reads of member data are written down too (45 CFR 164.312(b)); if that fails, so does the read."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import models

from accounts.models import AuditEvent, Plan, User
from mtm.lib.logging import request_id

SYSTEM = "system"


class Kind(StrEnum):
    SIGNED_IN = "signed in"
    MEMBER_READ = "member read"
    MEMBER_LISTED = "member listed"
    MEMBERS_SEARCHED = "members searched"
    LETTER_READ = "letter read"
    AUDIT_READ = "audit read"
    ENROLLED = "enrolled"
    OPTED_OUT = "opted out"
    OPTED_BACK_IN = "opted back in"
    ENROLLMENT_ENDED = "enrollment ended"
    ALERT_CLAIMED = "alert claimed"
    ALERT_RELEASED = "alert released"
    ALERT_RESOLVED = "alert resolved"
    APPOINTMENT_BOOKED = "appointment booked"
    APPOINTMENT_CANCELLED = "appointment cancelled"
    APPOINTMENT_NO_SHOW = "appointment no-show"
    CMR_STARTED = "CMR started"
    CMR_CHANGED = "CMR changed"
    CMR_COMPLETED = "CMR completed"
    LETTER_RENDERED = "letter rendered"
    LETTER_MAILED = "letter mailed"
    LETTER_VOIDED = "letter voided"
    CRITERIA_DRAFTED = "criteria drafted"
    CRITERIA_CHANGED = "criteria changed"
    PROGRAM_CHANGED = "program page changed"
    CRITERIA_SIMULATED = "criteria simulated"
    CRITERIA_SENT = "criteria sent for review"
    CRITERIA_GIVEN_BACK = "criteria given back"
    CRITERIA_PUBLISHED = "criteria published"
    DETERMINED = "members determined"
    SWEEP_STARTED = "sweep started"
    SWEEP_FINISHED = "sweep finished"
    LOAD_REQUESTED = "load requested"
    LOAD_REFUSED = "load refused"
    FILES_LOADED = "files loaded"
    MEMBERS_MERGED = "members merged"
    REJECTED_READ = "rejected rows read"
    DRUG_MAPPED = "drug mapped"
    DRUG_MAPPING_WITHDRAWN = "drug mapping withdrawn"
    SESSIONS_ENDED = "sessions ended"


def record(
    kind: Kind,
    *,
    by: User | None,
    plan: Plan | None,
    subject: models.Model | None = None,
    member_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event. `by` None means the system itself; `detail` holds no names, only numbers and codes."""
    event = build(kind, by=by, plan=plan, subject=subject, member_id=member_id, detail=detail)
    event.save(force_insert=True)
    return event


def record_listed(member_ids: Iterable[int], *, by: User, plan: Plan, where: str) -> AuditEvent:
    """One event for a list, with the members it showed."""
    shown = list(dict.fromkeys(member_ids))
    return record(Kind.MEMBER_LISTED, by=by, plan=plan, detail={"where": where, "members": shown})


def build(
    kind: Kind,
    *,
    by: User | None,
    plan: Plan | None,
    subject: models.Model | None = None,
    member_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    return AuditEvent(
        kind=kind,
        actor=by.pk if by else None,
        actor_label=str(by) if by else SYSTEM,
        plan_code=plan.code if plan else "",
        subject=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        member_id=member_id if member_id is not None else getattr(subject, "member_id", None),
        request_id=request_id.get(),
        detail=dict(detail or {}),
    )
