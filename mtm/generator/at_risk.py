"""Members potentially at risk or at risk: what limits their drugs, from when, and until when (42 CFR 423.153(f))."""

import numpy as np
import polars as pl

from mtm.generator.days import Ints, Period
from mtm.generator.files import MARK
from mtm.generator.people import NEVER, People
from mtm.generator.rif_fills import beneficiary

A_YEAR = 0.0025  # share of members, of those who have not had one
POTENTIAL, EXTENDED, ELSEWHERE = 0.15, 0.20, 0.10
LIMITATIONS = ("pos_edit", "prescriber", "pharmacy")
OTHER_PLAN = "Z9002"
ONE_YEAR = 365
COLUMNS = {
    "member": pl.Int64,
    "status": pl.String,
    "limitation": pl.String,
    "effective": pl.Int64,
    "planned_end": pl.Int64,
    "extended": pl.Int64,
    "source_plan": pl.String,
}


def draw(rng: np.random.Generator, people: People, period: Period) -> pl.DataFrame:
    """One row a limitation; days as in days.py, NEVER for no extension."""
    chosen = np.flatnonzero(rng.random(len(people)) < A_YEAR * (len(period.years) + 1))
    size = len(chosen)
    effective = rng.integers(-ONE_YEAR, period.length, size)
    extended = np.where(rng.random(size) < EXTENDED, effective + 2 * ONE_YEAR, NEVER)
    columns = {
        "member": chosen,
        "status": np.where(rng.random(size) < POTENTIAL, "potential", "at_risk"),
        "limitation": np.array(LIMITATIONS)[rng.integers(0, len(LIMITATIONS), size)],
        "effective": effective,
        "planned_end": effective + ONE_YEAR,
        "extended": extended,
        "source_plan": np.where(rng.random(size) < ELSEWHERE, OTHER_PLAN, ""),
    }
    return pl.DataFrame(columns, schema=COLUMNS)


def with_limitation(spells: pl.DataFrame, first: int, after: int) -> Ints:
    """Members determined at risk whose limitation holds on some day from `first` to before `after`."""
    end = pl.when(pl.col("extended") < NEVER).then("extended").otherwise("planned_end")
    holds = (pl.col("status") == "at_risk") & (pl.col("effective") < after) & (end > first)
    return spells.filter(holds)["member"].unique().sort().to_numpy()


def rows(spells: pl.DataFrame, people: People, period: Period) -> pl.DataFrame:
    """Those in effect by the last known day; dates are ISO."""
    known = spells.filter(pl.col("effective") <= period.last_known)
    return pl.DataFrame(
        {
            "member_number": beneficiary(people).gather(known["member"]),
            "status": known["status"],
            "limitation": known["limitation"],
            **{f"{name}_on": iso(known[name].to_list(), period) for name in ("effective", "planned_end")},
            "extended_to": iso(known["extended"].to_list(), period),
            "source_plan": known["source_plan"],
            "note": pl.repeat(MARK, len(known), eager=True),
        }
    )


def iso(days: list[int], period: Period) -> pl.Series:
    return pl.Series([period.date(day).isoformat() if day < NEVER else "" for day in days], dtype=pl.String)
