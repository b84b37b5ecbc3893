"""Who pays what of each claim, in cents: a standard benefit with an out-of-pocket limit, and the low-income subsidy."""

import numpy as np
import polars as pl

from mtm.generator.calibration import COINSURANCE, OUT_OF_POCKET
from mtm.generator.days import Ints, Period
from mtm.generator.people import People

SUBSIDIZED_SHARE = 15  # percent of their coinsurance that members with subsidy pay
LARGEST_COPAY = 1_120  # cents
DEFAULT_LIMIT = 2_100  # dollars, for years without one of their own


def shared(fills: pl.DataFrame, people: People, period: Period) -> pl.DataFrame:
    """Adds patient, subsidy, plan, not_covered, below and above (the limit), which together make up `cents`."""
    covered = fills["coverage"].to_numpy() == 0
    cents = fills["cents"].to_numpy()
    share = np.where(covered, (cents * COINSURANCE + 50) // 100, 0)
    room = (limits(fills, period) - spent_before(fills, share, period)).clip(0)
    due = np.minimum(share, room)
    low_income = people.low_income(fills["member"].to_numpy(), fills["day"].to_numpy(), period)
    patient = np.where(low_income, np.minimum(due * SUBSIDIZED_SHARE // 100, LARGEST_COPAY), due)
    below = np.where(covered & (share > 0), cents * due // share.clip(1), 0)
    return fills.with_columns(
        patient=pl.Series(patient),
        subsidy=pl.Series(due - patient),
        plan=pl.Series(np.where(covered, cents - due, 0)),
        not_covered=pl.Series(np.where(covered, 0, cents)),
        below=pl.Series(below),
        above=pl.Series(np.where(covered, cents - below, 0)),
    )


def limits(fills: pl.DataFrame, period: Period) -> Ints:
    by_year = np.array([OUT_OF_POCKET.get(year, DEFAULT_LIMIT) * 100 for year in period.years])
    return by_year[year_of(fills, period)]


def year_of(fills: pl.DataFrame, period: Period) -> Ints:
    years: Ints = np.searchsorted(period.year_starts, fills["day"].to_numpy(), side="right") - 1
    return years.clip(0, len(period.years) - 1)


def spent_before(fills: pl.DataFrame, share: Ints, period: Period) -> Ints:
    """Cents of coinsurance in the same year before each row; only first versions count."""
    counts = pl.Series(np.where(fills["version"].to_numpy() == 0, share, 0))
    frame = fills.select("member").with_columns(year=pl.Series(year_of(fills, period)), share=counts)
    before = frame.select((pl.col("share").cum_sum() - pl.col("share")).over("member", "year"))
    return before.to_series().to_numpy()
