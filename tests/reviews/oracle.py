"""A slow, obvious second reader of rule expressions: sets of dates, no masks, nothing shared with reviews/timeline.py.

Agreement between this and the evaluator is what lets us trust the masks (tests/reviews/test_expressions.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from reviews import expressions as say
from reviews import grammar

WINDOW = 730


def day(n):
    return timedelta(days=n)


def dates(first, count):
    return {first + day(n) for n in range(count)}


@dataclass
class Oracle:
    facts: object
    as_of: date
    sets: dict
    drug: tuple | None = None  # the ingredients THE_DRUG stands for

    # What the member has

    def known_days(self):
        return dates(self.as_of - day(WINDOW - 1), WINDOW)

    def window(self, window):
        if window.days is None:
            return {one for one in self.known_days() if one.year == self.as_of.year}
        return dates(self.as_of - day(window.days - 1), window.days)

    def fills(self, drugs):
        """Fills of the two years that contain a wanted ingredient, oldest first."""
        known = self.known_days()
        fills = [fill for fill in self.facts.fills if fill.filled_on in known and self.is_wanted(fill, drugs)]
        return sorted(fills, key=lambda fill: (fill.filled_on, fill.claim_id))

    def is_wanted(self, fill, drugs):
        if drugs is say.THE_DRUG:
            return self.drug is not None and set(fill.ingredients) == set(self.drug)
        return any(name in self.sets[drugs.value_set] for name in fill.ingredients)

    def by_ingredient(self, drugs):
        """The usable fills of each wanted ingredient."""
        fills = [fill for fill in self.fills(drugs) if 1 <= fill.days_supply <= 100]
        names = {name for fill in fills for name in fill.ingredients if name in self.sets[drugs.value_set]}
        return [[fill for fill in fills if name in fill.ingredients] for name in names]

    # Days

    def days(self, term):
        match term:
            case say.Covered(drugs, coverage):
                read = {"dispensed": self.dispensed, "supply": self.supply, "active": self.active}[coverage]
                return set().union(*(read(fills) for fills in self.by_ingredient(drugs))) & self.known_days()
            case grammar.BothDays(left, right):
                return self.days(left) & self.days(right)
            case grammar.EitherDays(left, right):
                return self.days(left) | self.days(right)
            case grammar.OtherDays(of):
                return self.known_days() - self.days(of)
        raise AssertionError(term)

    def dispensed(self, fills):
        return set().union(*(dates(fill.filled_on, fill.days_supply) for fill in fills))

    def dispensings(self, fills):
        """One (first day of supply, days, last days supply) per fill date: carried over, at most 60 days."""
        free = date.min
        for on in sorted({fill.filled_on for fill in fills}):
            today = [fill for fill in fills if fill.filled_on == on]
            of_product = {ndc: sum(f.days_supply for f in today if f.ndc == ndc) for ndc in {f.ndc for f in today}}
            first = min(max(on, free), on + day(60))
            yield first, max(of_product.values()), max(fill.days_supply for fill in today)
            free = max(free, first + day(max(of_product.values())))

    def supply(self, fills):
        return set().union(*(dates(first, count) for first, count, _ in self.dispensings(fills)))

    def active(self, fills):
        covered = set()
        for first, count, last_supply in self.dispensings(fills):
            covered |= dates(first, count + int(min(max(7, last_supply * 0.25), 30)))
        return covered

    # Numbers

    def number(self, term):
        match term:
            case grammar.Called(number, _):
                return self.number(number)
            case grammar.DayCount(of, within):
                return len(self.days(of) & self.window(within))
            case say.FillDates(drugs, within, brand_only):
                window = self.window(within)
                wanted = [fill for fill in self.fills(drugs) if fill.is_brand or not brand_only]
                return len({fill.filled_on for fill in wanted} & window)
            case say.SuppliedDays(drugs, within):
                return self.supplied(drugs, self.window(within))
            case say.DaysSinceSupply(drugs):
                covered = self.days(say.supply(drugs))
                return (self.as_of - max(covered)).days if covered else None
            case say.LongestGap(drugs, within):
                return self.longest_gap(self.window(within) - self.days(say.supply(drugs)))
            case say.Age(on_first_day_of_year):
                return self.age(date(self.as_of.year, 1, 1) if on_first_day_of_year else self.as_of)
            case say.GenericSaving(drugs):
                return self.saving(drugs)
            case say.TreatmentPeriod(drugs):
                return len(self.treatment(drugs)) or None
            case say.ProportionCovered(drugs):
                period = self.treatment(drugs)
                return Fraction(len(self.taken(drugs) & period) * 100, len(period)) if period else None
            case say.DaysToSpare(drugs, percent):
                return self.to_spare(drugs, percent)
        raise AssertionError(term)

    def supplied(self, drugs, window):
        fills = [fill for fill in self.fills(drugs) if fill.filled_on in window and 1 <= fill.days_supply <= 100]
        return sum(max(f.days_supply for f in fills if f.filled_on == on) for on in {f.filled_on for f in fills})

    def longest_gap(self, without):
        longest = 0
        for first in without:
            length = 0
            while first + day(length) in without:
                length += 1
            longest = max(longest, length)
        return longest

    def age(self, on):
        born = self.facts.birth_date
        if born is None:
            return None
        birthdays = [
            year
            for year in range(born.year + 1, on.year + 1)
            if (on.year, on.month, on.day) >= (year, born.month, born.day)
        ]
        return len(birthdays)

    def saving(self, drugs):
        latest = [
            fill for fill in self.latest(drugs) if fill.generic_unit_cost is not None and 1 <= fill.days_supply <= 100
        ]
        savings = [
            int(Fraction(fill.cost - fill.quantity * fill.generic_unit_cost) * 3000 / fill.days_supply)
            for fill in latest
        ]
        return max(savings, default=None)

    def latest(self, drugs):
        fills = self.fills(drugs)
        return [fill for fill in fills if fill.filled_on == fills[-1].filled_on]

    # Proportion of days covered, by the worked examples of PQA

    def year_fills(self, drugs):
        return [[f for f in fills if f.filled_on.year == self.as_of.year] for fills in self.by_ingredient(drugs)]

    def treatment(self, drugs):
        firsts = [fill.filled_on for fills in self.year_fills(drugs) for fill in fills]
        return {one for one in self.known_days() if one >= min(firsts)} if firsts else set()

    def taken(self, drugs):
        """Each dose goes to the first day that has none of its ingredient yet."""
        covered = set()
        for fills in self.year_fills(drugs):
            of_ingredient = set()
            for fill in fills:
                free = fill.filled_on
                while free in of_ingredient:
                    free += day(1)
                of_ingredient |= dates(free, fill.days_supply)
            covered |= of_ingredient
        return covered

    def to_spare(self, drugs, percent):
        period = self.treatment(drugs)
        if not period:
            return None
        year = (date(self.as_of.year, 12, 31) - min(period)).days + 1
        return year * (100 - percent) // 100 - len(period - self.taken(drugs))

    # Conditions

    def holds(self, term):
        match term:
            case grammar.Comparison(number, operator, threshold):
                return self.compare(self.number(number), operator, threshold)
            case grammar.Both(left, right):
                return self.holds(left) and self.holds(right)
            case grammar.Either(left, right):
                return self.holds(left) or self.holds(right)
            case grammar.Opposite(of):
                return not self.holds(of)
            case say.Diagnosed(conditions, within):
                window = self.window(within)
                return any(
                    fact.condition in conditions and any(fact.first_on <= one <= fact.last_on for one in window)
                    for fact in self.facts.diagnoses
                )
            case say.InHospice(within):
                window = self.window(within)
                return any(first <= one <= last for first, last in self.facts.hospice for one in window)
            case say.Started(drugs, within, days_without):
                return self.started(drugs, self.window(within), days_without)
            case say.LatestFillIsBrand(drugs):
                latest = self.latest(drugs)
                return latest != [] and all(fill.is_brand for fill in latest)
            case say.GenericExists(drugs):
                return any(fill.generic_unit_cost is not None for fill in self.latest(drugs))
            case say.IsOneOf(_, others):
                return any(name in self.sets[others.value_set] for name in self.drug or ())
            case say.SomeDrug(inner):
                return any(
                    Oracle(self.facts, self.as_of, self.sets, names).holds(inner) for names in self.combinations()
                )
        raise AssertionError(term)

    def compare(self, value, operator, threshold):
        if value is None:
            return False
        return {
            ">=": value >= threshold,
            ">": value > threshold,
            "<=": value <= threshold,
            "<": value < threshold,
        }[operator]

    def combinations(self):
        known = self.known_days()
        return {fill.ingredients for fill in self.facts.fills if fill.ingredients and fill.filled_on in known}

    def started(self, drugs, window, days_without):
        filled_on = {fill.filled_on for fill in self.fills(drugs)}
        return any(not filled_on & dates(one - day(days_without), days_without) for one in filled_on & window)
