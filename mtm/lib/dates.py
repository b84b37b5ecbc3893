"""Calendar arithmetic of the program. Nothing here reads the clock: today is passed in."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def last_day_of_quarter(day: date) -> date:
    """The day by which each enrollee must have had a targeted review (42 CFR 423.153(d)(1)(vii)(C))."""
    first_of_next = date(day.year + 1, 1, 1) if day.month > 9 else date(day.year, (day.month + 2) // 3 * 3 + 1, 1)
    return first_of_next - timedelta(days=1)


def cmr_offer_due(enrolled_on: date) -> date:
    """60 days from enrollment (CMS yearly MTM memo; guidance, not regulation)."""
    return enrolled_on + timedelta(days=60)


def summary_due(reviewed_on: date) -> date:
    """The written summary goes out within 14 calendar days of the CMR (CMS MTM FAQ 2012, Q2)."""
    return reviewed_on + timedelta(days=14)


def age_on(born: date, day: date) -> int:
    """Age in whole years; someone born on 29 February has a birthday on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
