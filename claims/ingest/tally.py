"""Counting what becomes of the records of a file, in rows and in gross drug cost."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

import polars as pl

from claims.ingest.ahead import ahead
from claims.ingest.findings import told
from claims.ingest.layout import Block, FileLayout, Kind
from claims.ingest.problems import FileProblem
from claims.ingest.progress import Progress
from claims.ingest.rejected import Rejected, keep
from claims.ingest.source import Source
from claims.ingest.values import TOO_LARGE
from claims.models import LoadFile

OLDEST = date(1990, 1, 1)


@dataclass
class Tally:
    """One file of a load: its row, its layout, and its records so far."""

    file: LoadFile
    source: Source
    layout: FileLayout
    accepted: int = 0
    duplicate: int = 0
    accepted_cost: Decimal = Decimal(0)
    duplicate_cost: Decimal = Decimal(0)
    rejected_cost: Decimal = Decimal(0)
    rejected: Rejected = field(default_factory=Rejected)
    # By the last reading of the file, and by nothing that was judged: what the sum of the others is held against.
    read_of_it: int = 0
    # Whether there were fills, and the rejected records of which nobody can say what they cost.
    has_fills: bool = False
    without_cost: int = 0
    through: date | None = None
    # By the last reading of the file: one that holds several kinds is read again for each side of them.
    noticed: Counter[str] = field(default_factory=Counter)
    findings: list[Mapping[str, Any]] = field(default_factory=list)

    def blocks(self, progress: Progress) -> Iterator[Block]:
        """The file from its start; what was noticed in an earlier reading is noticed anew."""
        self.noticed, self.findings, self.read_of_it = Counter(), [], 0
        for bytes_read, block in ahead(self.read()):
            progress.reading(self.source, bytes_read)
            self.read_of_it += block.received
            self.noticed.update(block.noticed)
            self.findings += block.findings
            yield block

    def read(self) -> Iterator[tuple[int, Block]]:
        for block in self.layout.read(self.source):
            yield self.source.bytes_read, block

    def accept(self, records: int, cost: Decimal = Decimal(0)) -> None:
        self.accepted += records
        self.accepted_cost += cost

    def repeat(self, records: int, cost: Decimal = Decimal(0)) -> None:
        self.duplicate += records
        self.duplicate_cost += cost

    def reject(self, line: int, reason: str) -> None:
        self.rejected.add(line, reason)

    def is_first_side(self, kind: Kind) -> bool:
        """Whether the reading of that kind of claims is the first of the file, in which it is told what gives no row."""
        return self.layout.kinds[0] == kind

    def reject_each(self, block: Block) -> None:
        """The records of the block that give no row at all."""
        for line, reason in block.rejected:
            self.reject(line, reason)
        self.without_cost += len(block.rejected)

    def reject_all(self, judged: pl.DataFrame) -> None:
        """The rows of a judged frame that have a reason."""
        bad = judged.filter(pl.col("reason").is_not_null())
        self.rejected.add_all(bad)
        if "cost" in judged.columns:
            # What is too large to be an amount is none; it would also be too large for the sum.
            is_readable = (pl.col("cost").abs() < TOO_LARGE).fill_null(False)
            self.rejected_cost += total(bad.filter(is_readable)["cost"])
            self.has_fills = self.has_fills or judged.height > 0
            # Of a deletion no cost is asked.
            self.without_cost += bad.filter(~is_readable & pl.col("action").ne_missing(2)).height

    def reach(self, days: pl.Series, as_of: date) -> None:
        """How far the claims go. A day after the file was made, or before there were such claims, is told of instead."""
        self.noticed["days to come"] += int((days > as_of).sum())
        self.noticed["days long past"] += int((days < OLDEST).sum())
        latest = cast("date | None", days.filter(days <= as_of).max())
        if latest is not None:
            self.through = max(filter(None, (self.through, latest)))

    def check(self) -> None:
        """Refuse a load that lost a record, or made one: no file can bring that about."""
        told_of = self.accepted + self.duplicate + len(self.rejected)
        if told_of != self.read_of_it:
            text = (
                f"{self.read_of_it:,} records were read and {told_of:,} accounted for; this is a fault of the program"
            )
            raise FileProblem(self.file.name, f"{text}, not of the file. Ask for help")

    def save(self) -> None:
        self.check()
        file = self.file
        file.received, file.accepted, file.duplicate = self.read_of_it, self.accepted, self.duplicate
        file.rejected, file.rejected_by_reason = len(self.rejected), self.rejected.by_reason
        file.accepted_cost, file.duplicate_cost = self.accepted_cost, self.duplicate_cost
        file.rejected_cost = self.rejected_cost
        file.received_cost = self.accepted_cost + self.duplicate_cost + self.rejected_cost
        if self.has_fills:
            self.noticed["no readable cost"] += self.without_cost
        file.findings += [*told(self.noticed), *self.findings]
        file.notes, file.claims_through = self.layout.notes, self.through
        file.save()
        if self.rejected:
            wanted = (line for line, _ in self.rejected.in_order())
            keep(file, self.rejected, self.layout.raw(self.source, wanted))


def total(costs: pl.Series) -> Decimal:
    return Decimal(costs.sum() or 0)


def kinds_in_words(layout: FileLayout) -> str:
    return ", ".join(str(Kind(kind)).replace("_", " ") for kind in layout.kinds)
