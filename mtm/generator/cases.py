"""Members written by hand: plain people without claims, to whom an edge (edges.py) adds what it is about."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from mtm.generator import at_risk
from mtm.generator.catalogue import PACKAGES, Catalogue
from mtm.generator.conditions import PLACE, Disease
from mtm.generator.days import Period
from mtm.generator.fills import ADJUSTMENT, DELETION, ORIGINAL
from mtm.generator.people import NEVER, People
from mtm.generator.visits import CARRIER, FIRST_CODES, INPATIENT, SLOTS

FIRST_CLAIM = 1 << 30  # above any number of a drawn claim of a block
A_MEMBER = 1_000
Row = dict[str, Any]


@dataclass
class Case:
    """One member; `year` is the last complete year of the run."""

    place: int
    catalogue: Catalogue
    period: Period
    person: dict[str, int | bool] = field(default_factory=dict)
    fills: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    spells: list[Row] = field(default_factory=list)

    @property
    def year(self) -> int:
        return (self.period.complete_years or self.period.years)[-1]

    def on(self, month: int, day: int, year: int | None = None) -> int:
        return self.period.day(date(year or self.year, month, day))

    def month(self, month: int) -> int:
        """The month of the year as People counts them."""
        return 12 * self.period.years.index(self.year) + month - 1

    def fill(self, drug: str, day: int, cents: int = 2_000, supply: int = 30, **differs: int | bool) -> Row:
        """A dispensing of `drug` (ingredients as in products.csv); `strength`, `brand`, `labeler`, `package` pick the NDC."""
        picked = {name: int(differs.pop(name, 0)) for name in ("strength", "brand", "labeler", "package")}
        item = self._item(drug, **picked)
        number = len(self.fills)
        row: Row = {
            "member": self.place,
            "day": day,
            "item": item,
            "supply": supply,
            "refill": 0,
            "prescription": number * 10,
            "prescriber": 0,
            "pharmacy": 0,
            "paid": day,
            "code": item,
            "quantity": 1_000 * supply,
            "cents": cents,
            "nursing": False,
            "compound": False,
            "coverage": 0,
            "part": 0,
            "version": ORIGINAL,
            "claim": FIRST_CLAIM + self.place * A_MEMBER + number,
            "sent": day,
        }
        self.fills.append(row | differs)
        return self.fills[-1]

    def adjust(self, fill: Row, cents: int, after: int = 20) -> Row:
        return self._again(fill, ADJUSTMENT, after, cents=cents)

    def delete(self, fill: Row, after: int = 9) -> Row:
        return self._again(fill, DELETION, after)

    def _again(self, fill: Row, version: int, after: int, **differs: int) -> Row:
        paid = fill["paid"] + after
        self.fills.append(fill | {"version": version, "paid": paid, "sent": paid} | differs)
        return self.fills[-1]

    def _item(self, drug: str, strength: int, brand: int, labeler: int, package: int) -> int:
        lines = self.catalogue.lines
        line = next(place for place, each in enumerate(lines) if "+".join(each.ingredients) == drug)
        start = int(self.catalogue.line_start[line])
        of_strength = start + strength * int(self.catalogue.stride[start])
        generics = 0 if self.catalogue.item_brand[of_strength] else int(self.catalogue.group_size[of_strength])
        group = of_strength + (generics if brand else 0)
        return group + labeler * len(PACKAGES) + package

    def seen(self, condition: str, day: int, kind: int = CARRIER) -> None:
        """A claim that says the condition."""
        codes = {f"code{slot}": -1 for slot in range(SLOTS)} | {"code0": int(FIRST_CODES[PLACE[condition]])}
        end = day + (3 if kind == INPATIENT else 0)
        row = {"member": self.place, "kind": kind, "day": day, "end": end, "prescriber": 0, "lines": 1}
        self.visits.append(row | codes)

    def ill(self, *names: str, year: int | None = None) -> None:
        """Conditions told on two days of the year, which is enough."""
        for place, name in enumerate(names):
            self.seen(name, self.on(1, 8 + place, year))
            self.seen(name, self.on(2, 8 + place, year))

    def limited(
        self, effective: int, *, status: str = "at_risk", extended: bool = False, source_plan: str = ""
    ) -> None:
        end = effective + at_risk.ONE_YEAR
        self.spells.append(
            {
                "member": self.place,
                "status": status,
                "limitation": at_risk.LIMITATIONS[self.place % len(at_risk.LIMITATIONS)],
                "effective": effective,
                "planned_end": end,
                "extended": end + at_risk.ONE_YEAR if extended else NEVER,
                "source_plan": source_plan,
            }
        )

    @cached_property
    def plain(self) -> dict[str, int | bool]:
        """What makes a member of whom there is nothing to say: covered all the time, alive, at home, without subsidy."""
        return {
            **dict.fromkeys(("died", "low_income_from", "low_income_to", "nursing_from", "new_number_from"), NEVER),
            **dict.fromkeys(("gap_from", "gap_to"), NEVER),
            "first_month": 0,
            "last_month": 12 * len(self.period.years) - 1,
            "pbp": 0,
        }


def put_people(cases: list[Case], people: People, disease: Disease) -> None:
    for case in cases:
        disease.has[case.place] = False
        for name, value in (case.plain | case.person).items():
            getattr(people, name)[case.place] = value


def put_rows(drawn: pl.DataFrame, cases: list[Case], rows: list[Row]) -> pl.DataFrame:
    """The cases' own rows, then those drawn for everyone else."""
    others = drawn.filter(pl.col("member") >= len(cases))
    if not rows:
        return others
    return pl.concat([pl.DataFrame(rows, schema=drawn.schema), others])
