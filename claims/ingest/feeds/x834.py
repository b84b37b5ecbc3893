"""X12 834 benefit enrollment (005010X220A1): adds, changes, terminations, reinstatements and full files.

The feed's name is 834. A record is one member (INS); it is counted by the number of its INS segment in the file. What its
segments become is in x834_member.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from claims.ingest.feeds.x834_member import Record, staged
from claims.ingest.findings import finding
from claims.ingest.layout import HOSPICE, Block, Feed, FileLayout, Kind, frame, picked
from claims.ingest.source import Source
from claims.ingest.x12 import Segment, segments, wrong

VERSION = "005010X220"
RECORDS = 5_000
KINDS = (Kind.MEMBERS, Kind.IDENTIFIERS, Kind.COVERAGE, Kind.SPANS)
# What may stand between two members without being part of either.
ENVELOPE = {"ISA", "GS", "ST", "SE", "GE", "IEA"}
MISCOUNTED = (
    "Trailers (SE) at segment {places} count another number of segments than there are: a member may be missing."
)
NAMED = 10


@dataclass
class Reading:
    """One pass over a file: the records, and the numbers of trailers that count wrongly."""

    source: Source
    miscounted: list[int] = field(default_factory=list)
    as_of: str = ""

    def records(self) -> Iterator[Record]:
        record = None
        for segment in segments(self.source):
            if segment.name == "INS" or segment.name in ENVELOPE:
                if record:
                    yield record
                record = Record(segment.number, self.as_of, [segment]) if segment.name == "INS" else None
                self.look_at(segment)
            elif record:
                record.segments.append(segment)
            elif segment.name == "BGN":
                self.as_of = segment[3]

    def look_at(self, segment: Segment) -> None:
        if segment.name == "ST" and segment[1] != "834":
            raise wrong(self.source, f"this is a transaction set {segment[1][:3]}, not an 834", segment.number)
        if segment.name == "GS":
            self.as_of = segment[4]
            if not segment[8].startswith(VERSION):
                text = f"the group is of version {segment[8][:12] or '(none)'}, not {VERSION}A1"
                raise wrong(self.source, text, segment.number)
        if segment.miscounted:
            self.miscounted.append(segment.number)


def read(source: Source) -> Iterator[Block]:
    reading = Reading(source)
    records = reading.records()
    received = 0
    while chosen := list(islice(records, RECORDS)):
        received += len(chosen)
        yield block(chosen, reading)
    if not received:
        yield Block(0, {}, noticed={"no member": 1})
    if reading.miscounted:
        yield Block(0, {}, findings=(miscount(reading.miscounted),))


def miscount(numbers: list[int]) -> dict[str, Any]:
    places = ", ".join(str(number) for number in numbers[:NAMED]) + (", ..." if len(numbers) > NAMED else "")
    return finding("wrong count of segments", len(numbers), MISCOUNTED.format(places=places))


def block(records: list[Record], reading: Reading) -> Block:
    rows: dict[Kind, list[dict[str, str]]] = {kind: [] for kind in KINDS}
    lines: dict[Kind, list[int]] = {kind: [] for kind in KINDS}
    rejected: list[tuple[int, str]] = []
    noticed: Counter[str] = Counter()
    for record in records:
        found = staged(record)
        if found.reason:
            rejected.append((record.number, found.reason))
            continue
        for kind, several in found.rows.items():
            rows[kind] += several
            lines[kind] += [record.number] * len(several)
        noticed.update(found.left_out)
    frames = {kind: frame(kind, rows[kind], lines[kind]) for kind in KINDS}
    return Block(len(records), frames, tuple(rejected), noticed)


def raw(source: Source, wanted: Iterator[int]) -> Iterator[tuple[int, str]]:
    """The segments of the records of those numbers."""
    numbered = ((record.number, record) for record in Reading(source).records())
    for number, record in picked(numbered, wanted):
        yield number, "~".join(segment.text for segment in record.segments)


FEED = Feed(
    name="834",
    title="834: X12 enrollment",
    layouts=(
        FileLayout(
            KINDS,
            r".*\.(txt|834|x12|edi)",
            read,
            (
                HOSPICE,
                "fills and diagnoses",
                "representatives (a responsible person is named without what they may be told)",
                "coverage other than health and drugs (dental, vision)",
                "low-income levels (only that a member has Medicaid or Medicare savings, where REF*ABB says so)",
            ),
            raw,
        ),
    ),
)
