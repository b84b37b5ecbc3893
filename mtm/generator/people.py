"""Members: who they are, when they are covered, how ill, and where they get their drugs."""

from dataclasses import dataclass, fields
from functools import cache
from statistics import NormalDist

import numpy as np

from mtm.generator.days import Flags, Floats, Ints, Period

NEVER = 1 << 20  # a day that does not come
NAMES_APART = 1_009  # so that the same member of another seed has another name

UNDER_65 = 0.12  # entitled by disability
MEN = 0.44
# A year: share who come in January, who come in another month, who leave at the end, who leave before.
JOIN_JANUARY, JOIN_LATER, LEAVE_DECEMBER, LEAVE_EARLIER = 0.04, 0.022, 0.035, 0.008
DEATH_RATE = 0.034  # a year at 75 with the mean burden
TAKES_NOTHING = 0.05
NURSED, NURSED_NEW_A_YEAR = 0.020, 0.08
MAIL, NEW_NUMBER, LOW_INCOME_CHANGE, GAP = 0.30, 0.006, 0.02, 0.004
# RIF codes of the low-income cost-share group and of dual eligibility.
NO_SUBSIDY, INSTITUTION, DEEMED, DEEMED_HIGH, PARTIAL = "09", "01", "02", "03", "05"


@dataclass
class People:
    """A block of members, one place each; days as in days.py, months counted from the first January."""

    number: Ints  # of the member in the whole plan, from 1
    named: Ints  # which of the names in names.py
    burden: Floats  # of illness; mean 0, variance 1
    men: Flags
    born: Ints
    died: Ints  # NEVER for those alive
    first_month: Ints
    last_month: Ints
    gap_from: Ints  # month in which the member is away; back in `gap_to`
    gap_to: Ints
    low_income_from: Ints  # month
    low_income_to: Ints  # month after the last
    nursing_from: Ints  # day from which in a nursing facility
    takes_nothing: Flags
    mail: Flags
    new_number_from: Ints  # month from which the second Medicare number holds
    pbp: Ints  # 0-2: plan benefit package
    choice: Floats  # 0-1: which of the block's doctors, pharmacies, names

    def __len__(self) -> int:
        return len(self.number)

    def first(self, wanted: int) -> "People":
        return People(**{field.name: getattr(self, field.name)[:wanted] for field in fields(self)})

    def covered(self, at: Ints, day: Ints, period: Period) -> Flags:
        """Whether the member at each place is covered and alive on that day."""
        month = month_of(day, period)
        flags: Flags = self.in_plan(at, month) & (day <= self.died[at])
        return flags

    def in_plan(self, at: Ints | slice, month: Ints) -> Flags:
        """Whether enrolled in that month, were they alive."""
        away = (month >= self.gap_from[at]) & (month < self.gap_to[at])
        flags: Flags = (month >= self.first_month[at]) & (month <= self.last_month[at]) & ~away
        return flags

    def low_income(self, at: Ints, day: Ints, period: Period) -> Flags:
        month = month_of(day, period)
        flags: Flags = (month >= self.low_income_from[at]) & (month < self.low_income_to[at])
        return flags


def month_of(day: Ints, period: Period) -> Ints:
    months: Ints = np.searchsorted(period.month_starts, day, side="right") - 1
    return months


def draw(rng: np.random.Generator, numbers: Ints, seed: int, period: Period) -> People:
    size, months = len(numbers), 12 * len(period.years)
    burden = rng.permutation(burdens(size))
    disabled = rng.random(size) < UNDER_65
    older = np.minimum(65 + rng.gamma(2.0, 4.6, size) + 1.2 * burden.clip(-1, 3), 104)
    age = np.where(disabled, rng.uniform(30, 64, size), older)
    first_month, last_month = coverage(rng, size, period)
    died = deaths(rng, age, burden, first_month, period)
    gap_from = np.where(rng.random(size) < GAP * months / 12, rng.integers(1, months, size), NEVER)
    poor_from, poor_to = low_income(rng, burden, disabled, months)
    return People(
        number=numbers,
        named=numbers + seed * NAMES_APART,
        burden=burden,
        men=rng.random(size) < MEN,
        born=(-365.25 * age).astype(np.int64) - rng.integers(0, 365, size),
        died=died,
        first_month=first_month,
        last_month=last_month,
        gap_from=gap_from,
        gap_to=gap_from + rng.integers(1, 5, size),
        low_income_from=poor_from,
        low_income_to=poor_to,
        nursing_from=nursing(rng, age, burden, period),
        takes_nothing=rng.random(size) < TAKES_NOTHING,
        mail=rng.random(size) < MAIL,
        new_number_from=np.where(
            rng.random(size) < NEW_NUMBER * len(period.years), rng.integers(1, months, size), NEVER
        ),
        pbp=rng.choice(3, size, p=[0.55, 0.30, 0.15]),
        choice=rng.random(size),
    )


@cache
def burdens(size: int) -> Floats:
    """The quantiles of a normal distribution: each block is a small population, so that plans differ less by chance."""
    return np.array([NormalDist().inv_cdf((place + 0.5) / size) for place in range(size)])


def coverage(rng: np.random.Generator, size: int, period: Period) -> tuple[Ints, Ints]:
    """First and last month of each member; some come later, some leave before the end."""
    months, years = 12 * len(period.years), len(period.years)
    first = np.zeros(size, np.int64)
    in_january = rng.random(size) < JOIN_JANUARY * (years - 1)
    first = np.where(in_january, 12 * rng.integers(1, max(years, 2), size), first)
    later = rng.random(size) < JOIN_LATER * years
    first = np.where(later, 12 * rng.integers(0, years, size) + rng.integers(1, 12, size), first)
    last = np.full(size, months - 1)
    in_december = rng.random(size) < LEAVE_DECEMBER * (years - 1)
    last = np.where(in_december, 12 * rng.integers(1, max(years, 2), size) - 1, last)
    earlier = rng.random(size) < LEAVE_EARLIER * years
    last = np.where(earlier, rng.integers(0, months, size), last)
    return np.minimum(first, months - 1), np.where(last >= first, last, months - 1)


def deaths(rng: np.random.Generator, age: Floats, burden: Floats, first_month: Ints, period: Period) -> Ints:
    """Hazard doubles every nine years of age and with every 1.4 of burden."""
    rate = DEATH_RATE * np.exp(0.077 * (age.clip(40) - 75) + 0.5 * burden)
    begins = period.month_starts[first_month]
    day = begins + (rng.exponential(1.0, len(age)) / rate * 365.25).clip(0, NEVER - period.length).astype(np.int64)
    return np.where(day < period.length, day, NEVER)


def low_income(rng: np.random.Generator, burden: Floats, disabled: Flags, months: int) -> tuple[Ints, Ints]:
    """Months with the low-income subsidy; some get it later, some lose it."""
    size = len(burden)
    poor = rng.random(size) < 1 / (1 + np.exp(0.77 - 0.50 * burden - 1.6 * disabled))
    changes = rng.random(size) < LOW_INCOME_CHANGE * months / 12
    gains = rng.random(size) < 0.5
    month = rng.integers(1, months, size)
    start = np.where(poor, np.where(changes & gains, month, 0), NEVER)
    end = np.where(poor & changes & ~gains, month, NEVER)
    return start, end


def nursing(rng: np.random.Generator, age: Floats, burden: Floats, period: Period) -> Ints:
    """As many come in as leave by death, so that every year has the same share."""
    years = len(period.years)
    chance = NURSED * np.exp(0.075 * (age - 75) + 0.75 * burden) * (1 + NURSED_NEW_A_YEAR * years)
    here = rng.random(len(age)) < chance.clip(0, 0.6)
    already = rng.random(len(age)) < 1 / (1 + NURSED_NEW_A_YEAR * years)
    return np.where(here, np.where(already, -400, rng.integers(0, period.length, len(age))), NEVER)
