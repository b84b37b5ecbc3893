"""The grammar of TMR rules: frozen dataclasses and the operators that join them, so that a rule is data.

Three kinds of expression: `Days` (a set of days), `Number` (a count, age, percentage or amount) and `Condition` (yes or
no). Days and conditions join with `&`, `|`, `~`; a number beside a threshold is a condition. `words()` renders any of
them for people; reviews/answers.py answers them for one member. The words rules use are in reviews/expressions.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Drugs:
    """The medicines of a value set, the part they play in a rule ("opioid") and their plural in plain words."""

    value_set: str
    role: str
    plural: str


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days up to and including the review date; `days` is None for its calendar year."""

    days: int | None
    words: str


class Term:
    """Anything that can be said in plain words."""

    __slots__ = ()

    def words(self) -> str:
        raise NotImplementedError


class Days(Term):
    """A set of days."""

    __slots__ = ()

    def __and__(self, other: "Days") -> "Days":
        return BothDays(self, other)

    def __or__(self, other: "Days") -> "Days":
        return EitherDays(self, other)

    def __invert__(self) -> "Days":
        return OtherDays(self)

    def days(self, within: Window) -> "DayCount":
        return DayCount(self, within)


@dataclass(frozen=True, slots=True)
class BothDays(Days):
    left: Days
    right: Days

    def words(self) -> str:
        return f"both {self.left.words()} and {self.right.words()}"


@dataclass(frozen=True, slots=True)
class EitherDays(Days):
    left: Days
    right: Days

    def words(self) -> str:
        return f"either {self.left.words()} or {self.right.words()}"


@dataclass(frozen=True, slots=True)
class OtherDays(Days):
    days_left_out: Days

    def words(self) -> str:
        return f"no {self.days_left_out.words()}"


class Unit(StrEnum):
    DAYS = "days"
    DATES = "dates"
    YEARS = "years"
    PERCENT = "percent"
    CENTS = "cents"

    def amount(self, value: int) -> str:
        """A threshold as a person writes it: `7 days`, `80 %`, `$25.00`."""
        if self is Unit.CENTS:
            return f"${value // 100}.{value % 100:02d}"
        return f"{value} %" if self is Unit.PERCENT else f"{value} {self.value if value != 1 else self.value[:-1]}"


class Number(Term):
    """A number about the member: by default a count, said as `<unit> <of_what>`."""

    __slots__ = ()

    @property
    def unit(self) -> Unit:
        return Unit.DAYS

    def of_what(self) -> str:
        raise NotImplementedError

    def words(self) -> str:
        return f"{self.unit} {self.of_what()}"

    def compared(self, limit: str) -> str:
        """The number beside a limit such as `at least 7 days`."""
        return f"there are {limit} {self.of_what()}"

    def __ge__(self, threshold: int) -> "Comparison":
        return Comparison(self, Operator.AT_LEAST, threshold)

    def __gt__(self, threshold: int) -> "Comparison":
        return Comparison(self, Operator.MORE_THAN, threshold)

    def __le__(self, threshold: int) -> "Comparison":
        return Comparison(self, Operator.AT_MOST, threshold)

    def __lt__(self, threshold: int) -> "Comparison":
        return Comparison(self, Operator.LESS_THAN, threshold)

    def called(self, name: str) -> "Called":
        return Called(self, name)


@dataclass(frozen=True, slots=True)
class Called(Number):
    """A number with the name by which the evidence and the rule's texts speak of it."""

    number: Number
    name: str

    @property
    def unit(self) -> Unit:
        return self.number.unit

    def words(self) -> str:
        return self.number.words()

    def compared(self, limit: str) -> str:
        return self.number.compared(limit)


@dataclass(frozen=True, slots=True)
class DayCount(Number):
    """How many days of a day set fall in a window."""

    of: Days
    within: Window

    def of_what(self) -> str:
        return f"with {self.of.words()} {self.within.words}"


class Condition(Term):
    """Yes or no about the member."""

    __slots__ = ()

    def denied(self) -> str:
        """The words for its opposite."""
        return f"it is not the case that {self.words()}"

    def __and__(self, other: "Condition") -> "Condition":
        return Both(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return Either(self, other)

    def __invert__(self) -> "Condition":
        return Opposite(self)


class Operator(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    @property
    def words(self) -> str:
        return {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}[self.value]


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """A number beside a threshold; never true of a number that is not known."""

    number: Number
    operator: Operator
    threshold: int

    def words(self) -> str:
        if self == Comparison(self.number, Operator.LESS_THAN, 1):
            return self.number.compared(f"no {self.number.unit}")
        return self.number.compared(f"{self.operator.words} {self.number.unit.amount(self.threshold)}")

    def denied(self) -> str:
        """Says "not less than", not "at least": also true of a number that is not known."""
        return self.number.compared(f"not {self.operator.words} {self.number.unit.amount(self.threshold)}")


@dataclass(frozen=True, slots=True)
class Both(Condition):
    left: Condition
    right: Condition

    def words(self) -> str:
        return f"{self.left.words()}, and {self.right.words()}"


@dataclass(frozen=True, slots=True)
class Either(Condition):
    left: Condition
    right: Condition

    def words(self) -> str:
        return f"({self.left.words()}, or {self.right.words()})"

    def denied(self) -> str:
        return f"neither {self.left.words()} nor {self.right.words()}"


@dataclass(frozen=True, slots=True)
class Opposite(Condition):
    of: Condition

    def words(self) -> str:
        return self.of.denied()


def terms(term: Term) -> Iterator[Term]:
    """An expression and every expression inside it, the outermost first."""
    yield term
    for part in fields(term):  # type: ignore[arg-type]  # every Term is a dataclass
        inner = getattr(term, part.name)
        if isinstance(inner, Term):
            yield from terms(inner)
