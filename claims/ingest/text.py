"""Reading delimited files strictly: what is cut off, unbalanced or wrongly encoded is refused with its place, never guessed."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from claims.ingest.problems import FileProblem

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = settings.LOAD_LINE_BYTES


def read_records(
    path: Path, *, delimiter: str, required: Sequence[str], encoding: str = "utf-8"
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of each record, header first checked for the `required` columns."""
    with path.open("rb") as file:
        yield from records_of(Lines(path, file, encoding), delimiter, required)


def records_of(lines: "Lines", delimiter: str, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = next_record(reader, lines)
    if header is None:
        raise FileProblem(lines.path.name, "the file is empty; it needs a header line", line=1)
    check_header(lines.path, header, required)
    while (record := next_record(reader, lines)) is not None:
        if len(record) != len(header):
            text = f"{len(record)} fields where the header has {len(header)}"
            raise FileProblem(lines.path.name, text, line=lines.number, column=min(len(record), len(header)) + 1)
        yield lines.number, dict(zip(header, record, strict=True))


def next_record(reader: Iterator[list[str]], lines: "Lines") -> list[str] | None:
    """The next record, which must be one line long: a longer one has a quote that is not closed."""
    start = lines.number + 1
    try:
        record = next(reader, None)
    except csv.Error as problem:
        raise unbalanced(lines, start, str(problem)) from None
    if record is not None and lines.number != start:
        raise unbalanced(lines, start, "a field runs over the end of the line")
    return record


def unbalanced(lines: "Lines", start: int, why: str) -> FileProblem:
    column = lines.quote_at.get(start, 0) + 1
    return FileProblem(lines.path.name, f"a quotation mark is opened and not closed ({why})", line=start, column=column)


def check_header(path: Path, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        text = f"the header has no {missing[0]}; this is not the layout that was asked for, or the file is damaged"
        raise FileProblem(path.name, text, line=1, column=1)


class Lines:
    """The decoded lines of a file, with the number of the last one given."""

    def __init__(self, path: Path, file: BinaryIO, encoding: str) -> None:
        self.path, self.file, self.encoding, self.number = path, file, encoding, 0
        self.quote_at: dict[int, int] = {}
        self.refuse_byte_order_mark()

    def refuse_byte_order_mark(self) -> None:
        start = self.file.read(3)
        if start == BOM and self.encoding == "utf-8-sig":
            return
        if start == BOM or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            name = "utf-8-sig" if start == BOM else "utf-16"
            text = f"the file starts with a byte order mark; if that is meant, load it with --encoding {name}"
            if name == "utf-16":
                text = "the file is UTF-16; save it as UTF-8"
            raise FileProblem(self.path.name, text, line=1, column=1)
        self.file.seek(0)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self.file.readline()
        if not raw:
            raise StopIteration
        self.number += 1
        self.check(raw)
        text = self.decoded(raw)
        if '"' in text:
            self.quote_at[self.number] = text.index('"')
        return text

    def check(self, raw: bytes) -> None:
        if (at := raw.find(b"\0")) >= 0:
            raise FileProblem(
                self.path.name, "there is a NUL byte; the file is damaged", line=self.number, column=at + 1
            )
        if not raw.endswith(b"\n"):
            text = "the last line has no line break, so it may be cut off; get the whole file, or end the line if it is whole"
            raise FileProblem(self.path.name, text, line=self.number, column=len(raw) + 1)
        if len(raw) > LONGEST_LINE:
            raise FileProblem(
                self.path.name, f"the line is longer than {LONGEST_LINE} bytes", line=self.number, column=1
            )

    def decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self.encoding.removesuffix("-sig"))
        except UnicodeDecodeError as problem:
            text = f"byte 0x{raw[problem.start]:02X} is not {self.encoding}"
            hint = "" if self.encoding == "cp1252" else "; if the file is from Windows, load it with --encoding cp1252"
            raise FileProblem(self.path.name, text + hint, line=self.number, column=problem.start + 1) from None
