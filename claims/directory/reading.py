"""Reading the files of a drug directory a line at a time; what is damaged is refused with its place."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from pathlib import Path

from django.conf import settings

from claims.ingest.problems import FileProblem, readable

LONGEST_LINE = settings.LOAD_LINE_BYTES
BYTE_ORDER_MARK = "\ufeff"
UTF8 = ("utf-8",)
# The FDA writes most of its files in the code page of Windows.
UTF8_OR_WINDOWS = ("utf-8", "cp1252")

Record = dict[str, str]


def table_of(
    path: Path, *, required: Sequence[str], delimiter: str, encodings: Sequence[str] = UTF8, quoted: bool = True
) -> Iterator[tuple[int, Record]]:
    """Line number and fields by column of each record, after a header that must have the `required` columns.

    Without `quoted` a quotation mark is a character like any other.
    """
    rows = quoted_rows(path, delimiter, encodings) if quoted else plain_rows(path, delimiter, encodings)
    _, header = next(rows, (1, [""]))
    header[0] = header[0].removeprefix(BYTE_ORDER_MARK)
    if missing := [name for name in required if name not in header]:
        raise FileProblem(path.name, f"the header has no {missing[0]}", line=1, column=1)
    for line, fields in rows:
        check_width(path, line, fields, len(header))
        yield line, dict(zip(header, fields, strict=True))


def rows_of(path: Path, *, width: int) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of an RRF file: no header, each field ended by a bar."""
    for line, fields in plain_rows(path, "|", UTF8):
        check_width(path, line, fields, width + 1)
        yield line, fields


def check_width(path: Path, line: int, fields: Sequence[str], width: int) -> None:
    if len(fields) != width:
        column = min(len(fields), width) + 1
        raise FileProblem(path.name, f"there are {len(fields)} fields instead of {width}", line=line, column=column)


def plain_rows(path: Path, delimiter: str, encodings: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    for line, text in lines_of(path, encodings):
        yield line, text.split(delimiter)


def quoted_rows(path: Path, delimiter: str, encodings: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """A quoted field must end on its line: one that does not would swallow the lines after it."""
    reader = csv.reader((text for _, text in lines_of(path, encodings)), delimiter=delimiter, strict=True)
    line = 0
    try:
        for fields in reader:
            line += 1
            if reader.line_num != line:
                break
            yield line, fields
        else:
            return
    except csv.Error as problem:
        raise FileProblem(path.name, f"a field cannot be read ({problem})", line=line + 1, column=1) from None
    raise FileProblem(path.name, "a quotation mark is opened and not closed", line=line, column=1)


def lines_of(path: Path, encodings: Sequence[str]) -> Iterator[tuple[int, str]]:
    if not path.is_file():
        raise FileProblem(str(path), "there is no such file")
    try:
        with readable(path), opened(path) as file:
            number = 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                yield number, text_of(path, number, raw, encodings)
        if not number:
            raise FileProblem(path.name, "the file is empty; get it again")
    except (EOFError, zlib.error):
        raise FileProblem(path.name, "the compressed file is cut off or damaged; get it again") from None


def opened(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def text_of(path: Path, line: int, raw: bytes, encodings: Sequence[str]) -> str:
    if len(raw) > LONGEST_LINE:
        raise FileProblem(path.name, f"the line is longer than {LONGEST_LINE} bytes", line=line, column=1)
    if (at := raw.find(b"\0")) >= 0:
        raise FileProblem(path.name, "there is a NUL byte; the file is damaged", line=line, column=at + 1)
    for encoding in encodings:
        try:
            return raw.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError as problem:
            at = problem.start
    said = f"byte 0x{raw[at]:02X} is not {' or '.join(encodings)}"
    raise FileProblem(path.name, said, line=line, column=at + 1)
