"""All that a decision about a member may look at, as plain values: read for a few members at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from claims.models import Diagnosis, Fill
from members.models import AtRiskSpell, CoverageSpan, Member, MemberSpan


@dataclass(frozen=True)
class Filled:
    """A fill of a covered Part D drug. `supply` in days, 0 also where it was not told; cost in dollars."""

    claim: str
    day: date
    ndc: str
    cost: Decimal
    supply: int
    unsupplied: bool = False


@dataclass(frozen=True)
class Diagnosed:
    claim: str
    day: date
    system: str
    code: str
    inpatient: bool


@dataclass(frozen=True)
class Days:
    """First and last day; None where a period is open."""

    first: date | None
    last: date | None

    def touches(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= last) and (self.last is None or self.last >= first)


@dataclass
class History:
    """Of one member. Claims are in no order and reach as far as they were loaded; who evaluates looks at a window."""

    member: int
    fills: list[Filled] = field(default_factory=list)
    diagnoses: list[Diagnosed] = field(default_factory=list)
    renal: list[Days] = field(default_factory=list)
    at_risk: list[Days] = field(default_factory=list)
    covered: list[Days] = field(default_factory=list)


def histories(members: Sequence[int], until: date) -> dict[int, History]:
    """Of those of the members who live on the day and are not merged into another."""
    living = Member.objects.filter(pk__in=members, merged_into=None).exclude(death_date__lte=until)
    found = {pk: History(pk) for pk in living.values_list("pk", flat=True)}
    of = {"member__in": list(found)}
    fills = Fill.objects.filter(**of, coverage="C", filled_on__lte=until)
    for member, *fill, supply in fills.values_list("member", "claim_id", "filled_on", "ndc", "cost", "days_supply"):
        found[member].fills.append(Filled(*fill, supply or 0, supply is None))
    diagnoses = Diagnosis.objects.filter(**of, diagnosed_on__lte=until)
    columns = ("claim_id", "diagnosed_on", "system", "code", "inpatient")
    for member, *diagnosis in diagnoses.values_list("member", *columns):
        found[member].diagnoses.append(Diagnosed(*diagnosis))
    renal = periods(MemberSpan.objects.filter(**of, kind=MemberSpan.Kind.ESRD))
    spells = periods(AtRiskSpell.objects.filter(**of, status=AtRiskSpell.Status.AT_RISK))
    covered = periods(CoverageSpan.objects.filter(**of))
    for pk, history in found.items():
        history.renal, history.at_risk, history.covered = renal[pk], spells[pk], covered[pk]
    return found


def periods(rows: Any) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    for member, period in rows.values_list("member", "period"):
        found[member].append(
            Days(period.lower, date.fromordinal(period.upper.toordinal() - 1) if period.upper else None)
        )
    return found


def all_ndcs(known: Iterable[History]) -> set[str]:
    return {fill.ndc for history in known for fill in history.fills}
