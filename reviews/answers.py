"""What a rule's expressions amount to for one member: plain Python on day masks.

Each expression of reviews/grammar.py and reviews/expressions.py has one answer here, found by its type.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reviews import expressions as say
from reviews import grammar
from reviews.grammar import Condition, Days, Drugs, Number, Operator, Window
from reviews.timeline import DAYS, Course, Fill, Timeline, runs, union

Value = int | Fraction | None  # None: cannot be known for this member


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads expressions against one member's timeline. `drug` is what THE_DRUG stands for inside SomeDrug."""

    timeline: Timeline
    drug: Course | None = None

    def holds(self, condition: Condition) -> bool:
        return _CONDITIONS[type(condition)](self, condition)

    def number(self, number: Number) -> Value:
        return _NUMBERS[type(number)](self, number)

    def days(self, days: Days) -> int:
        return _DAYS[type(days)](self, days)

    def window(self, window: Window) -> int:
        """The days of a window as a mask."""
        return self.timeline.measurement_year if window.days is None else self.timeline.last(window.days)

    def courses(self, drugs: Drugs) -> tuple[Course, ...]:
        """The member's drugs that an expression speaks of."""
        if drugs is say.THE_DRUG:
            return (self.drug,) if self.drug else ()
        return self.timeline.courses(drugs.value_set)

    def fills(self, drugs: Drugs, within: Window) -> tuple[Fill, ...]:
        """Fills of some drugs in a window, oldest first; a combination of two of them is one fill."""
        window = self.window(within)
        found = {
            fill.claim_id: fill
            for course in self.courses(drugs)
            for fill in course.fills
            if window >> self.timeline.day(fill.filled_on) & 1
        }
        return tuple(sorted(found.values(), key=lambda fill: (fill.filled_on, fill.claim_id)))

    def drugs_where(self, condition: Condition) -> Iterator["Answers"]:
        """One reading for each drug of which a condition is true."""
        for course in self.timeline.drugs:
            about = Answers(self.timeline, course)
            if about.holds(condition):
                yield about


_COMPARE = {
    Operator.AT_LEAST: operator.ge,
    Operator.MORE_THAN: operator.gt,
    Operator.AT_MOST: operator.le,
    Operator.LESS_THAN: operator.lt,
}


def _comparison(answers: Answers, asked: grammar.Comparison) -> bool:
    value = answers.number(asked.number)
    return value is not None and bool(_COMPARE[asked.operator](value, asked.threshold))


def _diagnosed(answers: Answers, asked: say.Diagnosed) -> bool:
    window = answers.window(asked.within)
    return any(answers.timeline.diagnosed(condition) & window for condition in asked.conditions)


def _started(answers: Answers, asked: say.Started) -> bool:
    window = answers.window(asked.within)
    days = sorted(
        {answers.timeline.day(fill.filled_on) for course in answers.courses(asked.drugs) for fill in course.fills}
    )
    earlier = [-asked.days_without - 1, *days]
    return any(
        window >> day & 1 and day - before > asked.days_without for before, day in zip(earlier, days, strict=False)
    )


def _latest(answers: Answers, drugs: Drugs) -> tuple[Fill, ...]:
    """The fills of a drug's latest fill date."""
    fills = [fill for course in answers.courses(drugs) for fill in course.fills]
    newest = max((fill.filled_on for fill in fills), default=None)
    return tuple(fill for fill in fills if fill.filled_on == newest)


def _latest_is_brand(answers: Answers, asked: say.LatestFillIsBrand) -> bool:
    latest = _latest(answers, asked.drugs)
    return bool(latest) and all(fill.is_brand for fill in latest)


def _generic_exists(answers: Answers, asked: say.GenericExists) -> bool:
    return any(fill.generic_unit_cost is not None for fill in _latest(answers, asked.drugs))


def _is_one_of(answers: Answers, asked: say.IsOneOf) -> bool:
    others = answers.timeline.sets[asked.others.value_set]
    return any(name in others for course in answers.courses(asked.drugs) for name in course.fills[0].ingredients)


def _fill_dates(answers: Answers, asked: say.FillDates) -> int:
    fills = answers.fills(asked.drugs, asked.within)
    return len({fill.filled_on for fill in fills if fill.is_brand or not asked.brand_only})


def _supplied_days(answers: Answers, asked: say.SuppliedDays) -> int:
    longest: dict[object, int] = {}
    for fill in answers.fills(asked.drugs, asked.within):
        if fill.is_usable:
            longest[fill.filled_on] = max(fill.days_supply, longest.get(fill.filled_on, 0))
    return sum(longest.values())


def _days_since_supply(answers: Answers, asked: say.DaysSinceSupply) -> Value:
    covered = _covered(answers, say.supply(asked.drugs))
    return DAYS - covered.bit_length() if covered else None


def _longest_gap(answers: Answers, asked: say.LongestGap) -> int:
    without = answers.window(asked.within) & ~_covered(answers, say.supply(asked.drugs))
    return max((last - first + 1 for first, last in runs(without)), default=0)


def _treatment_period(answers: Answers, asked: say.TreatmentPeriod) -> Value:
    covered = answers.timeline.days_covered(asked.drugs.value_set)
    return covered and covered.period


def _proportion_covered(answers: Answers, asked: say.ProportionCovered) -> Value:
    covered = answers.timeline.days_covered(asked.drugs.value_set)
    return covered and Fraction(100 * covered.covered, covered.period)


def _days_to_spare(answers: Answers, asked: say.DaysToSpare) -> Value:
    covered = answers.timeline.days_covered(asked.drugs.value_set)
    if covered is None:
        return None
    return (100 - asked.percent) * covered.year // 100 - (covered.period - covered.covered)


def _age(answers: Answers, asked: say.Age) -> Value:
    timeline = answers.timeline
    return timeline.age_on(timeline.year_start if asked.on_first_day_of_year else timeline.as_of)


def _generic_saving(answers: Answers, asked: say.GenericSaving) -> Value:
    return max(
        (cents for fill in _latest(answers, asked.drugs) if (cents := saving_cents(fill)) is not None), default=None
    )


def saving_cents(fill: Fill) -> int | None:
    """What the cheapest generic would save on a fill, per 30 days, in whole cents rounded down."""
    if fill.generic_unit_cost is None or not fill.is_usable:
        return None
    saved = fill.cost - fill.quantity * fill.generic_unit_cost
    return int(saved * 100 * 30 // fill.days_supply)


def _covered(answers: Answers, asked: say.Covered) -> int:
    mask = 0
    for course in answers.courses(asked.drugs):
        mask |= union(course.spans(asked.coverage))
    return mask


def _day_count(answers: Answers, asked: grammar.DayCount) -> int:
    return (answers.days(asked.of) & answers.window(asked.within)).bit_count()


_CONDITIONS: dict[type[Condition], Callable[[Answers, Any], bool]] = {
    grammar.Comparison: _comparison,
    grammar.Both: lambda answers, asked: answers.holds(asked.left) and answers.holds(asked.right),
    grammar.Either: lambda answers, asked: answers.holds(asked.left) or answers.holds(asked.right),
    grammar.Opposite: lambda answers, asked: not answers.holds(asked.of),
    say.Diagnosed: _diagnosed,
    say.InHospice: lambda answers, asked: bool(answers.timeline.hospice & answers.window(asked.within)),
    say.Started: _started,
    say.LatestFillIsBrand: _latest_is_brand,
    say.GenericExists: _generic_exists,
    say.IsOneOf: _is_one_of,
    say.SomeDrug: lambda answers, asked: any(True for _ in answers.drugs_where(asked.condition)),
}
_NUMBERS: dict[type[Number], Callable[[Answers, Any], Value]] = {
    grammar.Called: lambda answers, asked: answers.number(asked.number),
    grammar.DayCount: _day_count,
    say.FillDates: _fill_dates,
    say.SuppliedDays: _supplied_days,
    say.DaysSinceSupply: _days_since_supply,
    say.LongestGap: _longest_gap,
    say.TreatmentPeriod: _treatment_period,
    say.ProportionCovered: _proportion_covered,
    say.DaysToSpare: _days_to_spare,
    say.Age: _age,
    say.GenericSaving: _generic_saving,
}
_DAYS: dict[type[Days], Callable[[Answers, Any], int]] = {
    say.Covered: _covered,
    grammar.BothDays: lambda answers, asked: answers.days(asked.left) & answers.days(asked.right),
    grammar.EitherDays: lambda answers, asked: answers.days(asked.left) | answers.days(asked.right),
    grammar.OtherDays: lambda answers, asked: ~answers.days(asked.days_left_out),
}
