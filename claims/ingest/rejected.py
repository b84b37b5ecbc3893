"""What was rejected of a file: in memory twelve bytes an item, in the database with the raw text of its record."""

from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import polars as pl
from django.conf import settings

from claims.ingest.stream import CopyStream
from claims.models import LoadFile

COLUMNS = ("plan_id", "file_id", "line", "reason", "raw")
BATCH = 1_000


class Rejected:
    """The items that were rejected, each by its line and with its reason, however many there are."""

    def __init__(self) -> None:
        self.lines, self.codes = array("Q"), array("I")
        self.reasons: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, line: int, reason: str) -> None:
        self.lines.append(line)
        self.codes.append(self.code_of(reason))

    def add_all(self, found: pl.DataFrame) -> None:
        """Every row of a frame of `line` and `reason`."""
        for (reason,), rows in found.group_by("reason", maintain_order=True):
            self.lines.extend(rows["line"])
            self.codes.extend([self.code_of(str(reason))] * rows.height)

    def code_of(self, reason: str) -> int:
        return self.reasons.setdefault(reason, len(self.reasons))

    @property
    def by_reason(self) -> dict[str, int]:
        counts, names = Counter(self.codes), list(self.reasons)
        return {names[code]: counts[code] for code in sorted(counts)}

    def in_order(self) -> Iterator[tuple[int, str]]:
        """Every one in the order of the file; a record of several items may give a line several."""
        rows = pl.DataFrame(
            {"line": pl.Series(self.lines, dtype=pl.UInt64), "code": pl.Series(self.codes, dtype=pl.UInt32)}
        )
        names = list(self.reasons)
        for line, code in rows.sort("line", maintain_order=True).iter_rows():
            yield line, names[code]


def keep(file: LoadFile, rejected: Rejected, raw: Iterator[tuple[int, str]]) -> None:
    """Write them to the table of rejected rows; `raw` gives the text of each line, in the order of the file."""
    with CopyStream("claims_rejectedrow", COLUMNS) as stream:
        found = with_text(rejected.in_order(), raw)
        while batch := list(islice(found, BATCH)):
            rows = pl.DataFrame(batch, schema={"line": pl.Int64, "reason": pl.String, "raw": pl.String}, orient="row")
            ours = rows.with_columns(plan_id=pl.lit(file.plan_id), file_id=pl.lit(file.pk))
            stream.write(ours.select(COLUMNS))


def with_text(rejected: Iterator[tuple[int, str]], raw: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """The text stands with the first of its line: a record is sent again once, and its items are not bounded by its length."""
    number, text = next(raw, (0, ""))
    before = 0
    for line, reason in rejected:
        while 0 < number < line:
            number, text = next(raw, (0, ""))
        # A line is never longer; of a resource or of segments the beginning tells which it is.
        kept = text.replace("\0", "")[: settings.LOAD_LINE_BYTES] if number == line != before else ""
        before = line
        yield line, reason, kept
