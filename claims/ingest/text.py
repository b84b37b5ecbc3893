"""Reading delimited lines one by one, strictly: what is cut off, unbalanced or wrongly encoded is refused with its place."""

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.conf import settings

from claims.ingest.problems import FileProblem
from claims.ingest.source import Source

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
# Of letters that take two or four bytes each nearly all are NUL but one; so many of them are no damage.
WIDE = 0.4


class Lines:
    """The decoded lines of a file, with the number of the last one given."""

    def __init__(self, source: Source, file: BinaryIO, number: int = 0) -> None:
        self.source, self.file, self.number = source, file, number
        self.quote_at: dict[int, int] = {}

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        # One byte more than may be, so that an endless line is noticed without being held in memory.
        raw = self.file.readline(settings.LOAD_LINE_BYTES + 1)
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
            raise self.problem("there is a NUL byte; the file is damaged", at + 1)
        if len(raw) > settings.LOAD_LINE_BYTES:
            raise self.problem(f"the line is longer than {settings.LOAD_LINE_BYTES} bytes", 1)
        if not raw.endswith(b"\n") and not self.source.unended:
            text = "the last line has no line break, so it may be cut off; get the whole file"
            raise self.problem(f"{text}, or say that the line is whole (--unended)", len(raw) + 1)
        if (at := raw.removesuffix(b"\r\n").find(b"\r")) >= 0:
            raise self.problem("there is a carriage return inside the line; lines must end with a line feed", at + 1)

    def decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self.source.codec)
        except UnicodeDecodeError as problem:
            text = f"byte 0x{raw[problem.start]:02X} is not {self.source.codec}"
            windows = "; if the file is from Windows, load it with --encoding cp1252"
            hint = "" if self.source.codec == "cp1252" else windows
            raise self.problem(text + hint, problem.start + 1) from None

    def problem(self, text: str, column: int, line: int | None = None) -> FileProblem:
        return FileProblem(self.source.name, text, line=line or self.number, column=column)


def first_line(source: Source, file: BinaryIO) -> bytes:
    """The header line without a UTF-8 mark; what would be read as damage, and is none, is refused by its name."""
    line = file.readline(settings.LOAD_LINE_BYTES + 1)
    if wide := wide_encoding(line):
        raise FileProblem(source.name, f"the file is {wide}; save it as UTF-8", line=1, column=1)
    if b"\r" in line and b"\n" not in line:
        text = "the lines end with a carriage return alone; save the file with line feeds (as Unix or Windows do)"
        raise FileProblem(source.name, text, line=1, column=line.index(b"\r") + 1)
    return line.removeprefix(BOM)


def wide_encoding(line: bytes) -> str:
    """The encoding of more bytes a letter that the header is written in, with or without a mark; else nothing."""
    if line[:4] in UTF32 or line.count(0) > 0.7 * len(line):
        return "UTF-32"
    return "UTF-16" if line[:2] in UTF16 or line.count(0) > WIDE * len(line) else ""


def records(lines: Lines, delimiter: str, width: int | None, *, may_trail: bool = False) -> Iterator[list[str]]:
    """The fields of each record, which must have that many and be one line long.

    With `may_trail` a line may also end with its delimiter, as if an empty field came after the last.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while (record := next_record(reader, lines)) is not None:
        if may_trail and width is not None and len(record) == width + 1 and not record[-1]:
            record.pop()
        if width is not None and len(record) != width:
            text = f"{len(record)} fields where the header has {width}"
            raise lines.problem(text, min(len(record), width) + 1)
        yield record


def next_record(reader: Iterator[list[str]], lines: Lines) -> list[str] | None:
    """The next record; one that is longer than a line has a quote that is not closed."""
    start = lines.number + 1
    try:
        record = next(reader, None)
    except csv.Error as problem:
        raise unbalanced(lines, start, str(problem)) from None
    if record is not None and lines.number != start:
        raise unbalanced(lines, start, "a field runs over the end of the line")
    return record


def unbalanced(lines: Lines, start: int, why: str) -> FileProblem:
    text = f"a quotation mark is opened and not closed ({why})"
    return lines.problem(text, lines.quote_at.get(start, 0) + 1, line=start)


def check_header(source: Source, header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    """The columns that the layout needs are there, none it reads stands twice, and there are not absurdly many."""
    if len(header) > settings.LOAD_COLUMNS:
        raise FileProblem(source.name, f"the header has more than {settings.LOAD_COLUMNS} columns", line=1, column=1)
    missing = [name for name in required if name not in header]
    if missing:
        text = f"the header has no {missing[0]}; this is not the layout that was asked for, or the file is damaged"
        raise FileProblem(source.name, text, line=1, column=1)
    twice = {name for name in header if header.count(name) > 1 and name in (*required, *optional)}
    if twice:
        raise FileProblem(source.name, f"the header names {min(twice)} twice", line=1, column=1)
