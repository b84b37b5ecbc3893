"""The shape of a TMR rule: one declaration, read by the evaluator, the catalogue page, the queue and the letters."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

from reviews.grammar import Condition
from reviews.timeline import DiagnosisFact, Fill, MemberFacts


class Category(StrEnum):
    """The four kinds of TMR alert, by the program's own names."""

    COST = "cost savings"
    GUIDELINE = "adherence to national consensus treatment guidelines"
    ADHERENCE = "adherence to prescribed medication regimens"
    SAFETY = "safety concerns"


class Severity(IntEnum):
    """Who works an alert, and how soon."""

    URGENT = 1  # a pharmacist, the same business day, by phone
    SOON = 2  # within 7 days
    ROUTINE = 3  # within 30 days, bundled by fax or letter
    AGENDA = 4  # only for the next CMR or a letter insert


class Feed(StrEnum):
    """Data a rule cannot do without; where one is missing the rule is reported as not computable."""

    FILLS = "Part D fills"
    DIAGNOSES = "medical diagnoses"
    HOSPICE = "hospice periods"
    PRICES = "brand flags and generic prices"


class Contact(StrEnum):
    PRESCRIBER = "prescriber"
    MEMBER = "member"
    PHARMACY = "pharmacy"


class Channel(StrEnum):
    PHONE = "phone"
    TEXT = "text"
    MAIL = "mail"
    EMAIL = "e-mail"
    EXCHANGE = "electronic exchange"
    FAX = "fax"
    IN_PERSON = "in person"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: its id in the source register and its address ("" for general knowledge)."""

    id: str
    title: str
    url: str


GENERAL_KNOWLEDGE = Source("GK", "General professional knowledge, not verified against a publication", "")


@dataclass(frozen=True, slots=True)
class State:
    """Something an alert also tells, kept apart from the alert: a quality measure hit, an overlap still going on."""

    name: str
    condition: Condition
    words: str


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up member on a made-up review date, and whether the rule alerts."""

    words: str
    alerts: bool
    fills: tuple[Fill, ...] = ()
    as_of: date = date(2026, 9, 30)
    born: date | None = date(1956, 6, 15)
    diagnoses: tuple[DiagnosisFact, ...] = ()
    hospice: tuple[tuple[date, date], ...] = ()
    states: tuple[str, ...] = ()  # the states that hold when it alerts
    severity: Severity | None = None  # when it differs from the rule's own

    def facts(self) -> MemberFacts:
        return MemberFacts(self.born, "F", self.fills, self.diagnoses, self.hospice)


@dataclass(frozen=True, slots=True)
class Rule:
    """One targeted medication review rule.

    A member gets an alert when `applies` and `fires` both hold; `closes` is the catalogue's closing test, meaningful
    from `closes_after` days after the alert. Texts may name {role}, {role_prescribers}, {role_last}, {role_last_days},
    a called number, or {number_reached} (the day a count of days reached its threshold).
    """

    slug: str
    catalogue_id: str  # row of the clinical rule catalogue
    version: int
    category: Category
    title: str
    severity: Severity
    severity_reason: str
    sources: tuple[Source, ...]
    reviewed_on: date
    review_due: date
    needs: tuple[Feed, ...]
    applies: Condition
    fires: Condition
    closes: Condition
    closes_after: int
    headline: str
    why_now: str
    recommendation: str
    prescriber_text: str
    member_text: str
    contacts: tuple[Contact, ...]
    channels: tuple[Channel, ...]
    examples: tuple[Example, ...]
    states: tuple[State, ...] = ()
    less_severe: Condition | None = None  # lowers the severity by one step

    @property
    def general_knowledge_only(self) -> bool:
        """Whether no publication was read for this rule: the P&T committee reviews it first."""
        return all(source == GENERAL_KNOWLEDGE for source in self.sources)

    def is_overdue(self, on: date) -> bool:
        """Whether the clinical content is due for another look."""
        return on > self.review_due


def filled(
    drug: str,
    month: int,
    day: int,
    days: int = 30,
    *,
    year: int = 2026,
    ingredients: tuple[str, ...] = (),
    cost: str = "10.00",
    generic_price: str | None = None,
    brand: bool = False,
) -> Fill:
    """A fill for an example: one unit a day of an ingredient (or of a named brand with its `ingredients`)."""
    on = date(year, month, day)
    return Fill(
        claim_id=f"{drug} {on.isoformat()} {days}",
        filled_on=on,
        days_supply=days,
        quantity=Decimal(days),
        cost=Decimal(cost),
        ndc=drug,
        drug=drug,
        ingredients=ingredients or (drug,),
        prescriber="Dr. A",
        pharmacy="Main Street",
        is_brand=brand,
        generic_unit_cost=None if generic_price is None else Decimal(generic_price),
    )


def refilled(drug: str, month: int, day: int, days: int, times: int, *, every: int | None = None) -> tuple[Fill, ...]:
    """The same fill several times, `every` so many days (default: as each runs out)."""
    first = date(2026, month, day)
    dates = [first + timedelta(days=n * (every or days)) for n in range(times)]
    return tuple(filled(drug, on.month, on.day, days, year=on.year) for on in dates)


def coded(condition: str, month: int, day: int, *, year: int = 2026) -> DiagnosisFact:
    """A diagnosis for an example, seen on one date."""
    on = date(year, month, day)
    return DiagnosisFact(condition, on, on)
