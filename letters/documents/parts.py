"""What every letter has: who sends it, who gets it, what its pages are called."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Letterhead:
    plan_name: str
    phone: str
    hours: str
    tty: str = "711"
    website: str = ""

    @property
    def line(self) -> str:
        return f"{self.phone} (TTY: {self.tty})" if self.tty else self.phone

    @property
    def contact(self) -> str:
        hours = f" Hours: {self.hours.removesuffix('.')}." if self.hours else ""
        return f"Call {self.line}.{hours}"


@dataclass(frozen=True)
class Recipient:
    """The member; in_care_of names the person who spoke for the member, when someone did."""

    name: str
    address: tuple[str, ...]
    birth_date: date | None = None
    in_care_of: str = ""

    @property
    def address_lines(self) -> tuple[str, ...]:
        care_of = (f"In care of {self.in_care_of}",) if self.in_care_of else ()
        return (self.name, *care_of, *self.address)


@dataclass(frozen=True)
class PageNames:
    """Plans name the same two pages differently from year to year."""

    action_plan: str = "Recommended To-Do List"
    medication_list: str = "Medication List"


STANDARD_NAMES = PageNames()
# What plans' public pages call the list that anyone may download.
PERSONAL_LIST = "Personal Medication List"


@dataclass(frozen=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
