"""The days a generated plan covers, as numbers, and as RIF text.

A day is the number of days since 1 January of the first year; days before it are negative.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
# Nobody is born earlier; written dates are looked up in a table that begins here.
EARLIEST = date(1890, 1, 1)
LATE_PAYMENTS = 90


@dataclass(frozen=True)
class Period:
    """Consecutive calendar years, and the last day whose payments are known."""

    years: tuple[int, ...]
    through: date

    @property
    def first(self) -> date:
        return date(self.years[0], 1, 1)

    @cached_property
    def length(self) -> int:
        """Days from the first of January of the first year to the end of the last."""
        return self.day(date(self.years[-1] + 1, 1, 1))

    @property
    def last_known(self) -> int:
        return self.day(self.through)

    @property
    def known_years(self) -> tuple[int, ...]:
        return tuple(year for year in self.years if year <= self.through.year)

    @property
    def complete_years(self) -> tuple[int, ...]:
        return tuple(year for year in self.years if date(year, 12, 31) <= self.through)

    def day(self, on: date) -> int:
        return (on - self.first).days

    def date(self, day: int) -> date:
        return self.first + timedelta(days=day)

    @cached_property
    def year_starts(self) -> Ints:
        """The first day of each year, and of the year after the last."""
        return np.array([self.day(date(year, 1, 1)) for year in (*self.years, self.years[-1] + 1)], np.int64)

    @cached_property
    def month_starts(self) -> Ints:
        """The first day of each month, and of the month after the last."""
        starts = [self.day(date(year, month, 1)) for year in self.years for month in range(1, 13)]
        return np.array([*starts, self.length], np.int64)

    @cached_property
    def _written(self) -> pl.Series:
        end = self.date(self.length + LATE_PAYMENTS)
        return pl.date_range(EARLIEST, end, eager=True).dt.strftime("%d-%b-%Y")

    def written(self, days: Ints) -> pl.Series:
        """DD-Mon-YYYY, as RIF files have it."""
        return self._written.gather(days + (self.first - EARLIEST).days)
