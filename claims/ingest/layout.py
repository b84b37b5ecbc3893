"""The contract between a feed and the loader: which files a feed knows, and the staged rows its records become.

Every staged value is text, "" where nothing is given; the loader judges and types it. A record gives rows either of the claim
side (diagnoses, fills) or of the member side, never of both, so that it is accepted, a duplicate or rejected as a whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import polars as pl

from claims.ingest.member_kinds import STAGED_MEMBERS
from claims.ingest.source import Source

T = TypeVar("T")
# Enrollment files that are silent about it leave rules that exclude hospice not computable.
HOSPICE = "hospice periods"


class Kind(StrEnum):
    """What a staged row tells of, in the order of loading."""

    PRESCRIBERS = "prescribers"
    PHARMACIES = "pharmacies"
    DRUG_FLAGS = "drug_flags"
    MEMBERS = "members"
    IDENTIFIERS = "identifiers"
    COVERAGE = "coverage"
    SPANS = "spans"
    AT_RISK = "at_risk"
    CONTACTS = "contacts"
    PREFERENCES = "preferences"
    REPRESENTATIVES = "representatives"
    DIAGNOSES = "diagnoses"
    FILLS = "fills"


CLAIM_KINDS = (Kind.DIAGNOSES, Kind.FILLS)
# The column of the day that a claim is of.
DAY = {Kind.FILLS: "filled_on", Kind.DIAGNOSES: "diagnosed_on"}
ORDER = list(Kind)

# The columns of a staged row. One claim has one claim_id through all its versions: as sent, adjusted, deleted.
STAGED: dict[Kind, tuple[str, ...]] = {
    **{Kind(kind): columns for kind, columns in STAGED_MEMBERS.items()},
    Kind.DIAGNOSES: ("source_id", "claim_id", "diagnosed_on", "system", "codes", "inpatient", "action"),
    Kind.FILLS: (
        *("source_id", "claim_id", "filled_on", "ndc", "quantity", "days_supply", "cost", "ingredient_cost"),
        *("dispensing_fee", "sales_tax", "vaccine_fee", "patient_pay", "coverage", "compound", "dispensing", "brand"),
        *("rx_number", "fill_number", "prescriber", "pharmacy", "processed_on", "action", "final"),
    ),
}


@dataclass(frozen=True)
class Block:
    """A run of records of a file: their staged rows by kind, each with the line it came from."""

    # How many of what is counted (docs/feeds.md) the reader saw, whatever is made of them.
    received: int
    rows: dict[Kind, pl.DataFrame]
    # Line and reason of records that give no row at all; each counts once.
    rejected: tuple[tuple[int, str], ...] = ()
    # What is odd about records that are kept, or was left out of them, in words, and how often.
    noticed: Mapping[str, int] = field(default_factory=dict)
    # What is odd about the file as a whole: name, count, text.
    findings: tuple[Mapping[str, Any], ...] = ()


def picked(records: Iterable[tuple[int, T]], wanted: Iterator[int]) -> Iterator[tuple[int, T]]:
    """The numbered records of the wanted numbers; both are in the order of the file."""
    sought = next(wanted, None)
    for number, record in records:
        while sought is not None and sought < number:
            sought = next(wanted, None)
        if sought is None:
            return
        if number == sought:
            yield number, record


def lines_of(source: Source, wanted: Iterator[int]) -> Iterator[tuple[int, str]]:
    """The raw text of those lines."""
    with source.open() as file:
        for number, raw in picked(enumerate(file, 1), wanted):
            yield number, raw.rstrip(b"\r\n").decode(source.codec, "replace")


@dataclass(frozen=True)
class FileLayout:
    """One kind of file of a feed: its names, what it holds, and how it is read (perhaps twice) into blocks."""

    kinds: tuple[Kind, ...]
    pattern: str
    read: Callable[[Source], Iterator[Block]]
    cannot_give: tuple[str, ...] = field(default=())
    # The raw text of the records of those numbers, both in the order of the file.
    raw: Callable[[Source, Iterator[int]], Iterator[tuple[int, str]]] = lines_of
    # Periods of members that claims tell beside what they are kept as; they count as no record of their own.
    periods: Callable[[Source], Iterator[pl.DataFrame]] | None = None
    # Whether the name of a file tells what no record of it does, as its year; then another name is another file.
    reads_name: bool = False
    # Whether its facts are as of the end of a year, and corrections of them as of the day after.
    tells_years: bool = False

    @property
    def notes(self) -> list[str]:
        return [does_not_give(what) for what in self.cannot_give]

    @property
    def has_claims_only(self) -> bool:
        return all(kind in CLAIM_KINDS for kind in self.kinds)

    @property
    def has_claims(self) -> bool:
        return any(kind in CLAIM_KINDS for kind in self.kinds)

    def matches(self, name: str) -> bool:
        return re.fullmatch(self.pattern, name, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Feed:
    name: str
    title: str
    layouts: tuple[FileLayout, ...]

    def layout_of(self, name: str) -> FileLayout | None:
        return next(
            (layout for layout in self.layouts if layout.matches(re.sub(r"\.gz$", "", name, flags=re.IGNORECASE))), None
        )


def does_not_give(what: str) -> str:
    return f"does not give {what}"


def frame(kind: Kind, rows: list[dict[str, str]], lines: list[int]) -> pl.DataFrame:
    """Staged rows from records read one by one; what a row does not name is not given."""
    columns = {name: [row.get(name, "") for row in rows] for name in STAGED[kind]}
    schema = dict.fromkeys(STAGED[kind], pl.String) | {"line": pl.Int64}
    return pl.DataFrame(columns | {"line": lines}, schema=schema)


def code(value: str) -> str:
    """A diagnosis code without dots and blanks."""
    return value.replace(".", "").strip().upper()


def joined(values: Iterable[str]) -> str:
    """Diagnosis codes of a record as one text: distinct, parted by blanks."""
    return " ".join(dict.fromkeys(found for value in values if (found := code(value))))
