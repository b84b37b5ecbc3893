"""What is odd about a file without being a reason to refuse its rows. Each finding has a name, a count and a sentence.

The oddities are those met in public claim files: placeholder prices, empty columns, one drug code a fill.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import mean
from typing import Any, cast

import polars as pl

from claims.ingest.layout import DAY, Kind

# Fewer rows than this prove nothing about a file as a whole.
ENOUGH = 100
# Years of fewer months are not compared, and a year below this share of the year before is told of.
MONTHS = 6
DROP = 0.75
# Of real fills about three quarters are for one month or three (CMS, 2015: 56 % for 30 days, 21 % for 90).
UNUSUAL = 0.4
# So many fills at exactly the highest cost of a file are no price: DE-SynPUF has nine in a thousand at $570, nine at $560.
CAPPED = 20
CAPPED_SHARE = 0.005


@dataclass(frozen=True)
class Check:
    """Rows that are odd, told of when they are at least this share of the file (0: when there is one)."""

    name: str
    rows: pl.Expr
    text: str
    share: float = 0.0


def is_zero(name: str) -> pl.Expr:
    return pl.col(name) == 0


SPEED = pl.col("quantity").cast(pl.Float64) / pl.col("days_supply")
FILLS = (
    Check("zero cost", is_zero("cost"), "Their cost is 0; sums of cost are too low."),
    Check("zero quantity", is_zero("quantity"), "Doses cannot be told from them."),
    Check(
        "zero days' supply", is_zero("days_supply"), "They cover no day; gaps and adherence cannot be told from them."
    ),
    Check("no days' supply", pl.col("days_supply").is_null(), "They cover no day until the plan gives it."),
    Check("no quantity", pl.col("quantity").is_null(), "Doses cannot be told from them."),
    Check("patient pays more than the cost", pl.col("patient_pay") > pl.col("cost"), "One of the two is wrong."),
    Check("rounded costs", pl.col("cost") % 10 == 0, "Every cost is a multiple of $10: not real prices.", 1.0),
    Check(
        "placeholder costs",
        pl.col("cost").is_between(0, Decimal("0.01"), closed="right"),
        "Costs of a cent or less look like placeholders.",
        0.05,
    ),
    Check("costs finer than cents", pl.col("cost_is_rounded"), "More than two decimals: they were rounded to cents."),
    Check("fine quantities", pl.col("quantity_is_rounded"), "More than three decimals: they were rounded to three."),
    Check("cost differs from its parts", pl.col("cost_differs"), "Both were given; the sum of the parts counts."),
    Check("implausible costs", pl.col("cost") > 50_000, "Costs above $50,000: perhaps not in dollars."),
    Check("no prescriber", pl.col("prescriber") == "", "Nobody can be written to about them.", 0.01),
    Check("no pharmacy", pl.col("pharmacy") == "", "Pharmacies cannot be counted.", 0.01),
    Check("quantity against days' supply", ~SPEED.is_between(0.05, 50), "The daily amount is hardly possible.", 0.01),
    Check("not covered by Part D", pl.col("coverage") != "C", "Enhanced or over the counter: kept, but not counted."),
    Check("compounds", pl.col("compound"), "Counted once; doses and interactions are not judged."),
    Check("partial fills", pl.col("dispensing") == "P", "Grouped with what completes them on the same day."),
    Check("adjustments", pl.col("action") == 1, "The final action of each claim counts."),
    Check("deletions", pl.col("action") == 2, "What they delete does not count; one without its original is held."),
    Check("not final", ~pl.col("final"), "Kept as versions; they do not count."),
)
DIAGNOSES = (
    Check("ICD-9-CM", pl.col("system") == "9", "Codes of before October 2015; matched by their own prefixes."),
)
CHECKS = {Kind.FILLS: FILLS, Kind.DIAGNOSES: DIAGNOSES}

# What readers notice of single records, by name. What has no sentence of its own was left out of its record.
NOTICED = {
    "blanks for empty": "Fields that hold blanks only; they were read as empty.",
    "claims in segments": "Further parts of claims; their codes count with the first part's, but not where they give no day.",
    "claims without a group": (
        "CLM_GRP_ID is empty: what shares day, prescription, fill number, dispensing status and pharmacy is one claim."
    ),
    "corrections of no known claim": (
        "Neither CLM_GRP_ID nor day, prescription, fill number and pharmacy say what they correct: it may count beside them."
    ),
    "updates of medical claims": "Their codes are added; codes that an earlier version had and the update has not, stay.",
    "deletions of hospice claims": (
        "Days in hospice that such a claim told of before stay; spans.csv takes them back (action delete)."
    ),
    "deaths without a day": "The members are kept as living until a day of death is told, as by members.csv.",
    "replaced claims without a number": (
        "They are named by the id of their resource: found only where that is the number of their claim."
    ),
    "claims taken back without their drugs": (
        "They do not say what was dispensed: if one held several drugs, only the first does not count any more."
    ),
    "days to come": 'Claims of days after the day of the load; "claims through" leaves them out.',
    "days long past": "Claims of before 1990: perhaps typing errors.",
    "no Part D months": "Members with no month of Part D in the year; fills of that year are outside coverage.",
    "no member": "The file has no segment that begins a member (INS).",
    "two statements of one day differ": "Records that say of one day something else than another does; which of them "
    "holds does not depend on which came first. Send the correction with a later as_of.",
    "odd benefit packages": "Periods whose plan benefit package is no number of three digits; it was kept as it came.",
    "no readable cost": "So many rejected records had no readable cost; the dollars received and rejected are without them.",
    "odd dual codes": "Months whose dual eligibility code is none of CMS's; the code is not used.",
    "diagnosis codes that are none": "No code of their system looks so; they were left out, the others of their records kept.",
    "no birth date": "These members have no age; they can be written to, but rules about age cannot judge them.",
}
LEFT_OUT = "It was left out; the rest of the record was kept."


def told(noticed: Mapping[str, int]) -> list[dict[str, Any]]:
    return [finding(name, count, NOTICED.get(name, LEFT_OUT)) for name, count in sorted(noticed.items()) if count]


class Findings:
    """Counts over the blocks of one file."""

    def __init__(self, kind: Kind) -> None:
        self.kind, self.rows = kind, 0
        self.counts: Counter[str] = Counter()
        self.own: Counter[str] = Counter()
        self.by_month: Counter[date] = Counter()
        self.highest = Decimal(0)

    def look_at(self, rows: pl.DataFrame) -> None:
        if not rows.height:
            return
        self.rows += rows.height
        found = rows.select(check.rows.fill_null(False).sum().alias(check.name) for check in CHECKS[self.kind])
        self.counts.update(found.row(0, named=True))
        self.look_at_months(rows[DAY[self.kind]].drop_nulls())
        if self.kind == Kind.FILLS:
            self.look_at_codes(rows)
            self.look_at_costs(rows["cost"])
            supplied = rows["days_supply"].drop_nulls()
            self.own["supplied"] += supplied.len()
            self.own["usual"] += int((supplied.is_between(28, 31) | supplied.is_between(84, 93)).sum())

    def look_at_costs(self, costs: pl.Series) -> None:
        """The highest cost so far, and how many fills cost exactly that."""
        highest = cast("Decimal | None", costs.max())
        if highest is None or highest < self.highest:
            return
        if highest > self.highest:
            self.highest, self.own["highest"] = highest, 0
        self.own["highest"] += int((costs == highest).sum())

    def look_at_months(self, days: pl.Series) -> None:
        months = days.dt.month_start().value_counts(name="rows")
        self.by_month.update(dict(months.iter_rows()))

    def look_at_codes(self, rows: pl.DataFrame) -> None:
        """How many NDCs a block has, and how many of them are called brand here and generic there."""
        by_code = rows.group_by("ndc").agg(pl.col("brand").filter(pl.col("brand") != "").n_unique().alias("called"))
        self.own["codes"] += by_code.height
        self.own["both"] += by_code.filter(pl.col("called") > 1).height

    def found(self) -> list[dict[str, Any]]:
        told = [
            finding(check.name, self.counts[check.name], check.text)
            for check in CHECKS[self.kind]
            if self.counts[check.name] and self.counts[check.name] >= check.share * self.rows
        ]
        told += self.of_codes() if self.kind == Kind.FILLS and self.rows >= ENOUGH else []
        return told + self.of_years()

    def of_years(self) -> list[dict[str, Any]]:
        """Years with far fewer rows a month than the year before."""
        years: dict[int, list[int]] = {}
        for month, rows in self.by_month.items():
            years.setdefault(month.year, []).append(rows)
        long = {year: rows for year, rows in years.items() if len(rows) >= MONTHS and sum(rows) >= ENOUGH}
        found = []
        for year in sorted(long):
            share = mean(long[year]) / mean(long[year - 1]) if year - 1 in long else 1
            if share < DROP:
                text = f"{year} has {1 - share:.0%} fewer a month than {year - 1}: part of that year may be missing."
                found.append(finding("fewer claims than the year before", sum(long[year]), text))
        return found

    def of_codes(self) -> list[dict[str, Any]]:
        codes, both, supplied = self.own["codes"], self.own["both"], self.own["supplied"]
        unusual = supplied - self.own["usual"]
        capped = self.own["highest"]
        odd = [
            (
                self.rows > capped >= max(CAPPED, CAPPED_SHARE * self.rows),
                "capped costs",
                capped,
                f"So many cost exactly the highest amount, ${self.highest:,.2f}: perhaps a cap; sums of cost are too low.",
            ),
            (codes > 0.5 * self.rows, "an NDC a fill", codes, "Nearly every fill has an NDC of its own: no refills."),
            (codes * 100 < self.rows, "few NDCs", codes, "Far fewer different drugs than a real plan has."),
            (
                both > 0.1 * codes,
                "brand and generic",
                both,
                "These NDCs are called brand in one fill, generic in another.",
            ),
            (
                unusual > UNUSUAL * supplied,
                "unusual days' supplies",
                unusual,
                "Far fewer fills than in a real plan are for about one month or three.",
            ),
        ]
        return [finding(name, count, text) for holds, name, count, text in odd if holds]


def finding(name: str, count: int, text: str) -> dict[str, Any]:
    return {"name": name, "count": count, "text": text}
