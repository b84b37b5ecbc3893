"""Which NDCs of a plan's fills have no known ingredients, and how the others are known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Plan
from claims.directory.codes import eleven_digits
from claims.drugs import BY_HAND, EXACT, PRODUCT, UNMAPPED
from claims.models import Fill, PlanDrugMapping
from mtm.lib import sql

PAGE_SIZE = 50
LONGEST_CODE = 11
HOW = {
    EXACT: "Named by a directory",
    PRODUCT: "Another package of a named product",
    BY_HAND: "Mapped by hand",
    UNMAPPED: "Unknown",
}


@dataclass(frozen=True)
class Total:
    """Codes that are known in one way, and the plan's fills of them with their gross cost."""

    how: str
    ndcs: int
    fills: int
    cost: Decimal

    @property
    def label(self) -> str:
        return HOW[self.how]


@dataclass(frozen=True)
class Unmapped:
    ndc: str
    label: str
    fills: int
    members: int
    cost: Decimal
    last_filled_on: date

    @property
    def printed(self) -> str:
        return printed(self.ndc)


@dataclass(frozen=True)
class Listing:
    """A page of unknown codes, most fills first; `matching` of them have the digits that were looked for."""

    totals: list[Total]
    rows: list[Unmapped]
    matching: int
    after: str | None

    @property
    def fills(self) -> int:
        return sum(total.fills for total in self.totals)

    @property
    def ndcs(self) -> int:
        return sum(total.ndcs for total in self.totals)

    @property
    def cost(self) -> Decimal:
        return sum((total.cost for total in self.totals), Decimal(0))

    @property
    def unmapped(self) -> Total:
        return next((total for total in self.totals if total.how == UNMAPPED), Total(UNMAPPED, 0, 0, Decimal(0)))

    @property
    def share(self) -> float | None:
        """The share of fills whose drug nobody knows; None where there are no fills."""
        return self.unmapped.fills / self.fills if self.fills else None


def of_plan(plan: Plan, *, digits: str = "", after: str | None = None, size: int = PAGE_SIZE) -> Listing:
    last = after or ""
    [found] = sql.rows("claims", "unmapped_ndcs", plan=plan.pk, digits=digits, after=last, size=size + 1)
    totals = {row["how"]: Total(**row | {"cost": Decimal(row["cost"])}) for row in found["totals"]}
    rows = [unmapped(row) for row in found["rows"]]
    return Listing(
        totals=[totals[how] for how in HOW if how in totals],
        rows=rows[:size],
        matching=found["matching"],
        after=rows[size - 1].ndc if len(rows) > size else None,
    )


def unmapped(row: dict[str, Any]) -> Unmapped:
    last = date.fromisoformat(row["last_filled_on"])
    return Unmapped(**row | {"cost": Decimal(row["cost"]), "last_filled_on": last})


def digits_of(text: str) -> str:
    """What to look for: the 11 digits of a code as labels print it, or the digits that were typed."""
    return eleven_digits(text.strip()) or "".join(c for c in text if c in "0123456789")[:LONGEST_CODE]


def printed(ndc: str) -> str:
    """Labeler, product and package."""
    return f"{ndc[:5]}-{ndc[5:9]}-{ndc[9:]}"


def is_of_plan(plan: Plan, ndc: str) -> bool:
    """Whether the plan has fills of the code, or has spoken of it."""
    fills, mappings = Fill.objects.filter(plan=plan, ndc=ndc), PlanDrugMapping.objects.filter(plan=plan, ndc=ndc)
    return mappings.exists() or fills.exists()
