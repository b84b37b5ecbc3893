"""What a feed module says about its files."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Enrollment files that are silent about it leave rules that exclude hospice not computable.
HOSPICE = "hospice periods"

Record = Mapping[str, str]
Row = tuple[str | bool | None, ...]


class Kind(StrEnum):
    MEMBERS = "members"
    DIAGNOSES = "diagnoses"
    FILLS = "fills"


# The columns of a staged row, in the order in which a feed gives them.
STAGED: dict[Kind, tuple[str, ...]] = {
    Kind.MEMBERS: (
        *("source_id", "mbi", "first_name", "last_name", "birth_date", "death_date", "sex", "address", "city"),
        *("state", "postal_code", "esrd", "facts_as_of", "coverage", "action"),
    ),
    Kind.DIAGNOSES: ("source_id", "claim_id", "diagnosed_on", "system", "codes", "inpatient", "action"),
    Kind.FILLS: (
        *("source_id", "claim_id", "filled_on", "ndc", "quantity", "days_supply", "cost", "covered"),
        *("prescriber", "pharmacy", "action"),
    ),
}


@dataclass(frozen=True)
class FileLayout:
    """One kind of file: which names it has, its columns, and how a record (and the name of its file) becomes a staged row."""

    kind: Kind
    pattern: str
    required: tuple[str, ...]
    row: Callable[[Record, str], Row]
    cannot_give: tuple[str, ...] = field(default=())

    @property
    def notes(self) -> list[str]:
        return [does_not_give(what) for what in self.cannot_give]

    def matches(self, name: str) -> bool:
        return re.fullmatch(self.pattern, name) is not None


@dataclass(frozen=True)
class Feed:
    name: str
    delimiter: str
    layouts: tuple[FileLayout, ...]

    def layout_of(self, name: str) -> FileLayout | None:
        return next((layout for layout in self.layouts if layout.matches(name)), None)


def does_not_give(what: str) -> str:
    return f"does not give {what}"


def joined(values: Iterable[str]) -> str:
    """Diagnosis codes of a record as one text: distinct, without dots or spaces, parted by blanks."""
    codes = (value.replace(".", "").strip().upper() for value in values)
    return " ".join(dict.fromkeys(code for code in codes if code))
