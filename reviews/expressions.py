"""The vocabulary of TMR rules: what a rule may say about a member's medicines, diagnoses, age and costs.

Every word is a frozen dataclass of reviews/grammar.py. To add one: its class here, its answer in reviews/answers.py.
"""

from dataclasses import dataclass

from reviews.grammar import Condition, Days, Drugs, Number, Unit, Window
from reviews.timeline import Coverage

THE_DRUG = Drugs("", "drug", "that drug")  # inside SomeDrug(...): the drug being looked at
MEASUREMENT_YEAR = Window(None, "in this calendar year")
TODAY = Window(1, "on the review date")


def last(days: int) -> Window:
    """The days up to and including the review date."""
    return Window(days, f"in the last {days} days")


@dataclass(frozen=True, slots=True)
class Covered(Days):
    """Days a value set covers, read in one of the three ways of `Coverage`."""

    drugs: Drugs
    coverage: Coverage

    def words(self) -> str:
        return f"{self.drugs.plural} {_COVERAGE_WORDS[self.coverage]}"


_COVERAGE_WORDS = {Coverage.DISPENSED: "as dispensed", Coverage.SUPPLY: "in supply", Coverage.ACTIVE: "in use"}


def dispensed(drugs: Drugs) -> Covered:
    """Days covered from the date of service, unshifted."""
    return Covered(drugs, Coverage.DISPENSED)


def supply(drugs: Drugs) -> Covered:
    """Days covered when overlapping fills of one ingredient follow each other (at most 60 days carried over)."""
    return Covered(drugs, Coverage.SUPPLY)


def active(drugs: Drugs) -> Covered:
    """Days in supply, or within the grace period after it ran out."""
    return Covered(drugs, Coverage.ACTIVE)


@dataclass(frozen=True, slots=True)
class FillDates(Number):
    """On how many different dates a medicine was filled in a window."""

    drugs: Drugs
    within: Window
    brand_only: bool = False

    @property
    def unit(self) -> Unit:
        return Unit.DATES

    def of_what(self) -> str:
        kind = "a brand fill" if self.brand_only else "a fill"
        return f"with {kind} of {self.drugs.plural} {self.within.words}"


@dataclass(frozen=True, slots=True)
class SuppliedDays(Number):
    """Days supply dispensed in a window, added over dates; fills of one date count once, by the longest (PQA COB)."""

    drugs: Drugs
    within: Window

    def of_what(self) -> str:
        return f"of {self.drugs.plural} dispensed {self.within.words}"


@dataclass(frozen=True, slots=True)
class DaysSinceSupply(Number):
    """Days from the last day in supply to the review date (GAP); not known without any supply."""

    drugs: Drugs

    def of_what(self) -> str:
        return f"since {self.drugs.plural} ran out"


@dataclass(frozen=True, slots=True)
class LongestGap(Number):
    """The longest unbroken run of days in a window without supply."""

    drugs: Drugs
    within: Window

    def of_what(self) -> str:
        return f"in a row without {self.drugs.plural} {self.within.words}"


@dataclass(frozen=True, slots=True)
class TreatmentPeriod(Number):
    """Days from the first fill in the measurement year to the review date, both included."""

    drugs: Drugs

    def of_what(self) -> str:
        return f"since the first fill of {self.drugs.plural} in this calendar year"


@dataclass(frozen=True, slots=True)
class ProportionCovered(Number):
    """Proportion of days covered (PQA PDC) in the measurement year up to the review date, in percent."""

    drugs: Drugs

    @property
    def unit(self) -> Unit:
        return Unit.PERCENT

    def words(self) -> str:
        return f"proportion of days covered by {self.drugs.plural} in this calendar year"

    def compared(self, limit: str) -> str:
        return f"the {self.words()} is {limit}"


@dataclass(frozen=True, slots=True)
class DaysToSpare(Number):
    """Days the member may still miss and end the year at `percent` of days covered; negative: out of reach."""

    drugs: Drugs
    percent: int

    def of_what(self) -> str:
        return f"without {self.drugs.plural} still allowed this year to end it at {self.percent} % of days covered"


@dataclass(frozen=True, slots=True)
class Age(Number):
    """Completed years of age on the review date, or on 1 January of the measurement year."""

    on_first_day_of_year: bool = False

    @property
    def unit(self) -> Unit:
        return Unit.YEARS

    def words(self) -> str:
        return f"age on {'the first day of the calendar year' if self.on_first_day_of_year else 'the review date'}"

    def compared(self, limit: str) -> str:
        return f"{self.words()} is {limit}"


@dataclass(frozen=True, slots=True)
class GenericSaving(Number):
    """What the generic would save per 30 days on the latest fill of a drug, in whole cents rounded down.

    Not known when no generic price is known or the latest fill's days supply is not usable.
    """

    drugs: Drugs

    @property
    def unit(self) -> Unit:
        return Unit.CENTS

    def words(self) -> str:
        return f"saving per 30 days with a generic of {self.drugs.plural}"

    def compared(self, limit: str) -> str:
        return f"the {self.words()} is {limit}"


def dollars(amount: int) -> int:
    """An amount in the cents in which savings are compared."""
    return amount * 100


@dataclass(frozen=True, slots=True)
class Diagnosed(Condition):
    """A claim with any of the conditions (ids of conditions.csv) in a window."""

    conditions: tuple[str, ...]
    within: Window

    def words(self) -> str:
        return f"a diagnosis of {self._listed()} {self.within.words}"

    def denied(self) -> str:
        return f"no diagnosis of {self._listed()} {self.within.words}"

    def _listed(self) -> str:
        return " or ".join(_CONDITION_WORDS.get(name, name.lower()) for name in self.conditions)


_CONDITION_WORDS = {
    "ESRD": "end-stage renal disease",
    "LIVER": "liver disease",
    "PALLIATIVE": "palliative care",
    "PREDIABETES_PCOS": "prediabetes or polycystic ovary syndrome",
    "RHABDO_MYOPATHY": "rhabdomyolysis or myopathy",
    "SICKLE": "sickle cell disease",
}


def diagnosed(*conditions: str, within: Window) -> Diagnosed:
    return Diagnosed(conditions, within)


@dataclass(frozen=True, slots=True)
class InHospice(Condition):
    """A hospice election on any day of a window."""

    within: Window

    def words(self) -> str:
        return f"hospice care {self.within.words}"

    def denied(self) -> str:
        return f"no hospice care {self.within.words}"


@dataclass(frozen=True, slots=True)
class Started(Condition):
    """A fill in the window with no fill of the same value set in the 180 days before it (NEW)."""

    drugs: Drugs
    within: Window
    days_without: int = 180

    def words(self) -> str:
        return f"{self.drugs.plural} started {self.within.words} (none filled for {self.days_without} days before)"


@dataclass(frozen=True, slots=True)
class LatestFillIsBrand(Condition):
    """Every fill of the drug on its latest fill date is a brand."""

    drugs: Drugs

    def words(self) -> str:
        return f"the latest fill of {self.drugs.plural} is a brand"


@dataclass(frozen=True, slots=True)
class GenericExists(Condition):
    """The drug file knows the price of a generic of the drug last filled."""

    drugs: Drugs

    def words(self) -> str:
        return f"a generic of {self.drugs.plural} exists"


@dataclass(frozen=True, slots=True)
class IsOneOf(Condition):
    """Any ingredient of the drug belongs to another value set."""

    drugs: Drugs
    others: Drugs

    def words(self) -> str:
        return f"{self.drugs.plural} is one of the {self.others.plural}"

    def denied(self) -> str:
        return f"{self.drugs.plural} is not one of the {self.others.plural}"


@dataclass(frozen=True, slots=True)
class SomeDrug(Condition):
    """The condition holds for at least one drug the member filled; inside it, THE_DRUG is that drug."""

    condition: Condition

    def words(self) -> str:
        return f"for at least one drug, {self.condition.words()}"

    def denied(self) -> str:
        return f"for no drug, {self.condition.words()}"
