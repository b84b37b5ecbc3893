"""What happens to claims after they are sent: partial fills, adjustments and deletions; then numbers for all of them."""

import numpy as np
import polars as pl

from mtm.generator.calibration import ADJUSTED, DELETED, PARTIAL
from mtm.generator.fills import ADJUSTMENT

WITHOUT_CHANGE = 1 - ADJUSTED - DELETED


def corrected(rng: np.random.Generator, fills: pl.DataFrame) -> pl.DataFrame:
    """Adds `claim`, which the versions of one claim share, and `sent`, by which rows stand in the file.

    Corrections are paid later than the original.
    """
    whole = fills.with_columns(claim=pl.int_range(pl.len()))
    whole = in_parts(rng, whole)
    fate = pl.Series(rng.choice(3, len(whole), p=[WITHOUT_CHANGE, ADJUSTED, DELETED]))
    later = pl.Series(rng.integers(3, 45, len(whole)))
    wrong = pl.Series(rng.uniform(0.5, 1.8, len(whole)))
    again = whole.filter(fate > 0).with_columns(
        version=fate.filter(fate > 0).cast(pl.Int64), paid=pl.col("paid") + later.filter(fate > 0)
    )
    first = whole.with_columns(
        cents=pl.when(fate == ADJUSTMENT).then((pl.col("cents") * wrong).round().cast(pl.Int64) + 1).otherwise("cents")
    )
    return pl.concat([first, again]).with_columns(sent=pl.col("paid"))


def in_parts(rng: np.random.Generator, fills: pl.DataFrame) -> pl.DataFrame:
    """Some fills are dispensed in two parts on one day, each a claim of its own with the same prescription and refill."""
    chosen = pl.Series(rng.random(len(fills)) < PARTIAL) & (fills["supply"] >= 20)
    halves = fills.filter(chosen)
    half = {name: pl.col(name) // 2 for name in ("quantity", "supply", "cents")}
    first = halves.with_columns(**half, part=pl.lit(1, pl.Int64))
    rest = halves.with_columns(
        **{name: pl.col(name) - amount for name, amount in half.items()},
        part=pl.lit(2, pl.Int64),
        claim=pl.int_range(pl.len()) + len(fills),
    )
    return pl.concat([fills.filter(~chosen), first, rest])


def numbered(fills: pl.DataFrame) -> pl.DataFrame:
    """Each row's number and its claim's, counted within the member by day, in the order the rows were sent."""
    ordered = fills.sort("member", "day", "claim", "version", maintain_order=True)
    counted = ordered.with_columns(event=pl.int_range(pl.len()).over("member"))
    return counted.with_columns(claim=pl.col("event").first().over("member", "claim"))


def known(fills: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Only what was paid by then; `final` marks the last version of each claim among those."""
    paid = fills.filter(pl.col("paid") <= last_day)
    return paid.with_columns(final=pl.col("version") == pl.col("version").max().over("member", "claim"))
