"""Whether a run looks as calibration.py says it must: figures of each complete year, counted block by block."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from mtm.generator import eligible
from mtm.generator.at_risk import with_limitation
from mtm.generator.calibration import COST_QUANTILES, TARGETS, TOP_TEN, Target
from mtm.generator.catalogue import Catalogue
from mtm.generator.days import Flags, Ints, Period
from mtm.generator.fills import DELETION, ORIGINAL
from mtm.generator.people import People

FEW_FILLS = 5  # with fewer, a main prescriber means little
OBSERVED, STOPPED = 91, 60  # days a course must be seen; days without drug that mean it was stopped
KEPT = 0.8  # proportion of days covered
SHARES = {
    "eligible, rules of 2024": ("eligible 2024", "members"),
    "eligible, rules of 2025": ("eligible 2025", "members"),
    "fills a user and year": ("fills", "users"),
    "member and NDC-9 pairs filled again": ("refilled", "pairs"),
    "courses kept to (PDC 80 % or more)": ("kept", "courses"),
    "courses stopped early": ("stopped", "courses"),
    "fills of an NDC in the directory": ("listed", "fills"),
    "fills of 30 days": ("thirty", "fills"),
    "fills of 90 days": ("ninety", "fills"),
    "fills of a brand": ("brand", "fills"),
    "fills with low-income subsidy": ("subsidized", "fills"),
    "fills in a nursing facility": ("nursing", "fills"),
    "fills by the member's main prescriber": ("main prescriber", "all prescriber"),
    "fills at the member's main pharmacy": ("main pharmacy", "all pharmacy"),
    "claims adjusted or deleted": ("corrections", "originals"),
    "members at risk with a limitation": ("at risk", "members"),
    "members who died in the year": ("died", "members"),
    "members who joined in mid-year": ("joined", "members"),
}


@dataclass(frozen=True)
class Seen:
    """What was written of a block."""

    people: People
    esrd: Flags  # by the enrollment file
    sent: pl.DataFrame  # pde.csv
    visits: pl.DataFrame  # carrier.csv, outpatient.csv, inpatient.csv
    spells: pl.DataFrame  # at_risk.csv


@dataclass(frozen=True)
class Figures:
    """What one year of a run looks like, by the names of the targets."""

    year: int
    members: int
    values: dict[str, float]

    def enough_for(self, target: Target) -> bool:
        return self.members >= target.least_members

    def miss(self, target: Target) -> bool:
        """Outside the range, and not by chance."""
        return self.enough_for(target) and not target.met(self.values[target.name])


@dataclass
class Tally:
    """Sums over blocks, and the figures that follow from them."""

    catalogue: Catalogue
    period: Period
    year: int
    sums: Counter[str] = field(default_factory=Counter)
    drugs: Counter[str] = field(default_factory=Counter)
    cents: list[Ints] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = self.period.years.index(self.year)
        self.first_month = 12 * place
        self.first_day, self.next_year = (int(day) for day in self.period.year_starts[place : place + 2])

    def add(self, seen: Seen) -> None:
        rows = seen.sent.filter(pl.col("day").is_between(self.first_day, self.next_year - 1))
        fills = self.final(rows)
        self.cents.append(fills["cents"].to_numpy())
        self.drugs.update(dict(fills["drug"].value_counts().iter_rows()))
        self.sums.update(
            self.counts_of_members(seen, fills)
            | counts_of_fills(fills, self.catalogue)
            | counts_of_claims(rows)
            | counts_of_pairs(fills)
            | self.counts_of_courses(fills, seen.people)
            | counts_of_main(fills, "prescriber")
            | counts_of_main(fills, "pharmacy")
        )

    def final(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The last version of each claim, without the deleted, and what its NDC means: drug, maintenance, listed, ndc9."""
        fills = rows.filter(pl.col("final") & (pl.col("version") != DELETION))
        line = self.catalogue.item_line[fills["item"].to_numpy()]
        drug = pl.Series(["|".join(each.ingredients) for each in self.catalogue.lines]).gather(line)
        flag = pl.Series([each.maintenance for each in self.catalogue.lines]).gather(line)
        ndc9 = self.catalogue.codes.gather(fills["code"]).str.slice(0, 9)
        listed = fills["code"] < self.catalogue.unlisted[0]
        return fills.with_columns(
            listed=listed,
            ndc9=ndc9,
            drug=pl.when(listed).then(drug).otherwise("NDC " + ndc9),
            # A drug nobody knows counts rather than being lost.
            maintenance=pl.when(listed).then(flag).otherwise(pl.lit("Y")),
        )

    def counts_of_members(self, seen: Seen, fills: pl.DataFrame) -> dict[str, int]:
        people, last_month = seen.people, self.first_month + 11
        here = (
            (people.first_month <= last_month)
            & (people.last_month >= self.first_month)
            & (people.died >= self.first_day)
        )
        limited = with_limitation(seen.spells, self.next_year - 1, self.next_year)
        visits = seen.visits.filter(pl.col("day").is_between(self.next_year - eligible.LOOK_BACK, self.next_year - 1))
        chosen = eligible.by_rules(len(people), fills, visits, seen.esrd, limited)
        return {
            "members": int(here.sum()),
            "users": fills["member"].n_unique(),
            "died": int((here & (people.died < self.next_year)).sum()),
            "joined": int((here & (people.first_month > self.first_month)).sum()),
            "at risk": len(limited),
            **{f"eligible {year}": int((flags & here).sum()) for year, flags in chosen.items()},
        }

    def counts_of_courses(self, fills: pl.DataFrame, people: People) -> dict[str, int]:
        """Lasting drugs seen for three months: stopped early, kept to, or taken with gaps."""
        ends = np.minimum(self.period.month_starts[people.last_month + 1], people.died + 1).clip(max=self.next_year)
        lasting = fills.filter(pl.col("listed") & (pl.col("maintenance") == "Y"))
        out = pl.col("day") + pl.col("supply")
        courses = lasting.group_by("member", "drug").agg(pl.col("day").min(), pl.col("supply").sum(), out=out.max())
        courses = courses.with_columns(end=pl.Series(ends).gather(courses["member"]))
        courses = courses.filter(pl.col("end") - pl.col("day") >= OBSERVED)
        stopped = courses["out"] + STOPPED < courses["end"]
        supplied = courses["supply"] - (courses["out"] - courses["end"]).clip(0)
        kept = ~stopped & (supplied / (courses["end"] - courses["day"]) >= KEPT)
        return {"courses": len(courses), "stopped": int(stopped.sum()), "kept": int(kept.sum())}

    def figures(self) -> Figures:
        return Figures(self.year, self.sums["members"], self._values())

    def _values(self) -> dict[str, float]:
        amounts = np.concatenate(self.cents)
        most = {name for name, _ in self.drugs.most_common(15)}
        return {
            **{name: self.sums[part] / max(self.sums[whole], 1) for name, (part, whole) in SHARES.items()},
            **{f"cost of a claim, p{share * 100:.0f}": quantile(amounts, share) for share, _ in COST_QUANTILES},
            "top ten drugs found among our top fifteen": len({name.replace("+", "|") for name in TOP_TEN} & most),
        }


def quantile(cents: Ints, share: float) -> float:
    """In dollars."""
    return float(np.quantile(cents, share)) / 100 if len(cents) else 0.0


def counts_of_fills(fills: pl.DataFrame, catalogue: Catalogue) -> dict[str, int]:
    tests = {
        "thirty": fills["supply"] == 30,
        "ninety": fills["supply"] == 90,
        "brand": pl.Series(catalogue.item_brand[fills["item"].to_numpy()]),
        "subsidized": fills["subsidy"] > 0,
        "nursing": fills["nursing"],
        "listed": fills["listed"],
    }
    return {"fills": len(fills), **{name: int(test.sum()) for name, test in tests.items()}}


def counts_of_claims(rows: pl.DataFrame) -> dict[str, int]:
    originals = int((rows["version"] == ORIGINAL).sum())
    return {"originals": originals, "corrections": len(rows) - originals}


def counts_of_pairs(fills: pl.DataFrame) -> dict[str, int]:
    days = fills.group_by("member", "ndc9").agg(pl.col("day").n_unique())["day"]
    return {"pairs": len(days), "refilled": int((days > 1).sum())}


def counts_of_main(fills: pl.DataFrame, who: str) -> dict[str, int]:
    """Fills by the prescriber, or at the pharmacy, that each member has most from."""
    each = fills.group_by("member", who).agg(pl.len().alias("fills"))
    totals = each.group_by("member").agg(most=pl.col("fills").max(), fills=pl.col("fills").sum())
    totals = totals.filter(pl.col("fills") >= FEW_FILLS)
    return {f"main {who}": int(totals["most"].sum()), f"all {who}": int(totals["fills"].sum())}


def table(years: Sequence[Figures]) -> str:
    """A line a target: its range, what each year measures, and whether that is right."""
    head = f"{'figure':44} {'from':>9} {'to':>9}" + "".join(f"{each.year:>10}" for each in years) + "  ok"
    members = f"{'members':64}" + "".join(f"{each.members:10,}" for each in years)
    return "\n".join([head, members, *(line(target, years) for target in TARGETS)])


def line(target: Target, years: Sequence[Figures]) -> str:
    measured = "".join(f"{each.values[target.name]:10.4g}" for each in years)
    return f"{target.name:44} {target.low:9.4g} {target.high:9.4g}{measured}  {verdict(target, years)}"


def verdict(target: Target, years: Sequence[Figures]) -> str:
    wrong = [str(each.year) for each in years if each.miss(target)]
    if wrong:
        return f"NO ({', '.join(wrong)})"
    return "yes" if all(each.enough_for(target) for each in years) else "too few members"


def misses(years: Sequence[Figures]) -> Iterator[str]:
    """Each figure that is outside its range, in words."""
    for each in years:
        for target in (target for target in TARGETS if each.miss(target)):
            measured = f"{target.name}: {each.values[target.name]:.4g} in {each.year}"
            yield f"{measured}, not from {target.low:.4g} to {target.high:.4g}"
