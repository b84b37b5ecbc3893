"""What is known of a member beside the row itself, as a page and the API show it: periods, wishes, representatives, numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from members.models import AtRiskSpell, ContactPreference, Member, Representative


@dataclass(frozen=True)
class Period:
    """Something that holds from a first to a last day; None is open."""

    what: str
    first_on: date | None
    last_on: date | None
    note: str = ""


def coverage(member: Member) -> list[Period]:
    """Part D coverage by contract and benefit package, the oldest first."""
    return [period(span, f"{span.contract} {span.pbp}".strip()) for span in member.coverage.order_by("period")]


def spans(member: Member) -> list[Period]:
    """Hospice, end-stage renal disease, long-term institution, low-income subsidy; each kind's newest first."""
    found = member.spans.order_by("kind", "-period")
    return [period(span, span.get_kind_display(), f"level {span.level}" if span.level else "") for span in found]


def at_risk(member: Member) -> list[Period]:
    return [
        period(spell, spell.get_status_display(), limitation(spell))
        for spell in member.at_risk_spells.order_by("-period")
    ]


def limitation(spell: AtRiskSpell) -> str:
    """The kind of limitation, what became of its end, and who gave notice."""
    said = [spell.get_limitation_display().lower()] if spell.limitation else []
    said += ["ended early"] if spell.ended_on else ["extended"] if spell.extended_to else []
    said += [f"notice from {spell.source_plan}"] if spell.source_plan else []
    return ", ".join(said)


def numbers(member: Member) -> list[Period]:
    """Numbers the member is or was known by beside those of the row itself, masked."""
    found = member.identifiers.filter(leads=True).exclude(value__in=[member.source_id, member.mbi])
    return [Period(f"{n.get_kind_display()} {n.masked}", n.starts_on, n.ends_on) for n in found]


def wishes(member: Member, day: date) -> Iterable[ContactPreference]:
    """What the member wants of each way of contact on that day."""
    return member.contact_preferences.in_force(day)


def representatives(member: Member, day: date) -> Iterable[Representative]:
    return member.representatives.authorised(day)


def period(row: Any, what: str, note: str = "") -> Period:
    last = row.period.upper - timedelta(days=1) if row.period.upper else None
    return Period(what, row.period.lower, last, note)
