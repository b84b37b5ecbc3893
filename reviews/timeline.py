"""A member's two years of medicines, laid on a line of days.

Day sets are Python integers: bit 0 is the first day of the window, bit 729 the review date, so "both covered" is `&`
and "how many days" is a bit count. Arithmetic follows docs/rules.md ("Counting days"). Pure Python: knows no database.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

DAYS = 2 * 365
USABLE_DAYS_SUPPLY = range(1, 101)  # a fill outside 1-100 days is kept as evidence and never counted as coverage
CLINICAL_CARRY_OVER = 60  # days of earlier supply a clinical rule lets a member still have when a new fill starts


@dataclass(frozen=True, slots=True)
class Fill:
    """One final-action dispensing. `ingredients` is empty when the NDC is not mapped to any."""

    claim_id: str
    filled_on: date
    days_supply: int
    quantity: Decimal
    cost: Decimal
    ndc: str
    drug: str  # the label as dispensed
    ingredients: tuple[str, ...]  # names in lower case, as in drugs.csv
    prescriber: str
    pharmacy: str
    is_brand: bool = False
    generic_unit_cost: Decimal | None = None  # lowest generic price per unit of the same drug; None when there is none

    @property
    def is_usable(self) -> bool:
        """Whether the days supply is believable enough to count as coverage."""
        return self.days_supply in USABLE_DAYS_SUPPLY


@dataclass(frozen=True, slots=True)
class DiagnosisFact:
    """A condition already counted from claims, with its first and last date. Ids as in conditions.csv."""

    condition: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Everything a TMR rule may know about one member."""

    birth_date: date | None
    sex: str
    fills: tuple[Fill, ...]
    diagnoses: tuple[DiagnosisFact, ...]
    hospice: tuple[tuple[date, date], ...] = ()


class Coverage(StrEnum):
    """Three ways of saying which days a medicine covers."""

    DISPENSED = "dispensed"  # date of service + days supply, unshifted: the opioid measures
    SUPPLY = "supply"  # same-ingredient overlaps follow each other, at most 60 days carried over: clinical rules
    ACTIVE = "active"  # SUPPLY plus a grace of 25 % of the last days supply (7 to 30 days) after each run-out


class Span(NamedTuple):
    """The first and last day number that some fills cover; the last may lie beyond the review date."""

    fills: tuple[Fill, ...]
    first: int
    last: int

    @property
    def mask(self) -> int:
        return days_from(self.first, self.last)


class DaysCovered(NamedTuple):
    """Proportion of days covered: `covered` of `period` days since the first fill of the measurement year."""

    covered: int
    period: int
    year: int  # days from the first fill to 31 December


@dataclass(frozen=True)
class Course:
    """One member's fills of one ingredient (or of one combination), oldest first."""

    name: str
    start: date
    fills: tuple[Fill, ...]
    _spans: dict[Coverage, tuple[Span, ...]] = field(default_factory=dict, compare=False)

    def spans(self, coverage: Coverage) -> tuple[Span, ...]:
        """The days each usable fill covers, read in one of the three ways."""
        if coverage not in self._spans:
            self._spans[coverage] = tuple(_READINGS[coverage](self))
        return self._spans[coverage]

    def usable(self) -> Iterator[tuple[int, Fill]]:
        """Usable fills, each with its day number."""
        return (((fill.filled_on - self.start).days, fill) for fill in self.fills if fill.is_usable)

    def same_day(self) -> Iterator[tuple[int, tuple[Fill, ...]]]:
        """Usable fills grouped by day: partial fills of one prescription are one dispensing."""
        days: dict[int, list[Fill]] = defaultdict(list)
        for day, fill in self.usable():
            days[day].append(fill)
        return ((day, tuple(fills)) for day, fills in days.items())


def _dispensed(course: Course) -> Iterator[Span]:
    for day, fill in course.usable():
        yield Span((fill,), day, day + fill.days_supply - 1)


def _supply(course: Course) -> Iterator[Span]:
    free = 0  # first day without earlier supply
    for day, fills in course.same_day():
        first = day + min(max(free - day, 0), CLINICAL_CARRY_OVER)
        last = first + same_day_supply(fills) - 1
        free = max(free, last + 1)
        yield Span(fills, first, last)


def _active(course: Course) -> Iterator[Span]:
    for span in course.spans(Coverage.SUPPLY):
        last_supply = max(fill.days_supply for fill in span.fills)
        yield span._replace(last=span.last + min(max(7, last_supply // 4), 30))


_READINGS = {Coverage.DISPENSED: _dispensed, Coverage.SUPPLY: _supply, Coverage.ACTIVE: _active}


def same_day_supply(fills: Iterable[Fill]) -> int:
    """Days that one day's fills of an ingredient last: partials of one NDC add up, different strengths run together."""
    by_product: dict[str, int] = defaultdict(int)
    for fill in fills:
        by_product[fill.ndc] += fill.days_supply
    return max(by_product.values())


class Timeline:
    """A member's facts up to and including `as_of`, with the value sets the rules speak of."""

    def __init__(self, facts: MemberFacts, as_of: date, sets: Mapping[str, frozenset[str]]) -> None:
        self.facts = facts
        self.as_of = as_of
        self.sets = sets
        self.start = as_of - timedelta(days=DAYS - 1)
        in_window = (fill for fill in facts.fills if self.start <= fill.filled_on <= as_of)
        self.fills = tuple(sorted(in_window, key=lambda fill: (fill.filled_on, fill.claim_id)))
        self._courses: dict[str, tuple[Course, ...]] = {}

    def day(self, on: date) -> int:
        """The day number of a date: 0 on the first day of the window."""
        return (on - self.start).days

    def date_of(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def last(self, days: int) -> int:
        """The days up to and including the review date."""
        return days_from(DAYS - days, DAYS - 1)

    @cached_property
    def measurement_year(self) -> int:
        """The calendar year of the review date, up to and including it."""
        return days_from(self.day(self.year_start), DAYS - 1)

    @property
    def year_start(self) -> date:
        return date(self.as_of.year, 1, 1)

    def flagged(self) -> tuple[Fill, ...]:
        """Fills whose days supply is not believable; never counted as coverage."""
        return tuple(fill for fill in self.fills if not fill.is_usable)

    def courses(self, value_set: str) -> tuple[Course, ...]:
        """This member's ingredients that belong to a value set."""
        if value_set not in self._courses:
            names = sorted(self._by_ingredient.keys() & self.sets[value_set])
            self._courses[value_set] = tuple(self._by_ingredient[name] for name in names)
        return self._courses[value_set]

    @cached_property
    def _by_ingredient(self) -> dict[str, Course]:
        fills: dict[str, list[Fill]] = defaultdict(list)
        for fill in self.fills:
            for name in set(fill.ingredients):
                fills[name].append(fill)
        return {name: Course(name, self.start, tuple(found)) for name, found in fills.items()}

    @cached_property
    def drugs(self) -> tuple[Course, ...]:
        """One course for each distinct ingredient set; a fixed combination is one drug. Unmapped fills are none."""
        fills: dict[tuple[str, ...], list[Fill]] = defaultdict(list)
        for fill in self.fills:
            if fill.ingredients:
                fills[tuple(sorted(set(fill.ingredients)))].append(fill)
        return tuple(Course(" and ".join(names), self.start, tuple(fills[names])) for names in sorted(fills))

    def age_on(self, on: date) -> int | None:
        """Completed years, or None when the birth date is not known."""
        born = self.facts.birth_date
        if born is None:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def diagnosed(self, condition: str) -> int:
        """The days from the first to the last claim with a condition."""
        return self._union(
            (fact.first_on, fact.last_on) for fact in self.facts.diagnoses if fact.condition == condition
        )

    @cached_property
    def hospice(self) -> int:
        """The days of a hospice election."""
        return self._union(self.facts.hospice)

    def _union(self, periods: Iterable[tuple[date, date]]) -> int:
        mask = 0
        for first, last in periods:
            mask |= days_from(self.day(first), self.day(last))
        return mask

    def days_covered(self, value_set: str) -> DaysCovered | None:
        """Proportion of days covered (PQA) over the measurement year up to the review date; None without a usable fill.

        Fills of the same ingredient that overlap follow each other without limit; different ingredients do not shift
        each other; nothing carries over 1 January. Days in hospital or a nursing facility are NOT yet taken out of the
        numerator and denominator (CMS inpatient-stay adjustment): no feed tells us of stays, so a member with a stay
        may read a few points low.
        """
        spans = self.adherence_spans(value_set)
        if not spans:
            return None
        index = min(span.first for span in spans)
        year_days = (date(self.as_of.year, 12, 31) - self.date_of(index)).days + 1
        return DaysCovered(union(spans).bit_count(), DAYS - index, year_days)

    def adherence_spans(self, value_set: str) -> list[Span]:
        """This measurement year's fills of a set, same-ingredient overlaps shifted forward with no cap."""
        opening = self.day(self.year_start)
        spans = []
        for course in self.courses(value_set):
            free = opening
            for day, fill in course.usable():
                if day >= opening:
                    first = max(day, free)
                    free = first + fill.days_supply
                    spans.append(Span((fill,), first, free - 1))
        return spans

    def periods(self, mask: int) -> list[tuple[date, date]]:
        """A day set as unbroken periods, first and last day included."""
        return [(self.date_of(first), self.date_of(last)) for first, last in runs(mask)]


def days_from(first: int, last: int) -> int:
    """The days first..last (both included) that lie inside the window."""
    first, last = max(first, 0), min(last, DAYS - 1)
    return (1 << last + 1) - (1 << first) if first <= last else 0


def union(spans: Iterable[Span]) -> int:
    """Every day that some span covers."""
    mask = 0
    for span in spans:
        mask |= span.mask
    return mask


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """First and last day number of each unbroken run of days."""
    while mask:
        first = (mask & -mask).bit_length() - 1
        length = (~(mask >> first) & (mask >> first) + 1).bit_length() - 1
        yield first, first + length - 1
        mask &= ~days_from(first, first + length - 1)


def nth_day(mask: int, n: int) -> int:
    """The day number of the n-th day of a set (1 is the first)."""
    for _ in range(n - 1):
        mask &= mask - 1
    return (mask & -mask).bit_length() - 1
