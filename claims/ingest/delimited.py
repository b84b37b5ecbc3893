"""Delimited text as blocks of staged rows: whole blocks by Polars where they are plain, line by line where they are not.

Both ways give the same rows; only the second can say in which line and column something is wrong.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

import polars as pl
from django.conf import settings
from polars.exceptions import PolarsError

from claims.ingest.layout import CLAIM_KINDS, STAGED, Block, Kind
from claims.ingest.problems import FileProblem
from claims.ingest.source import Source
from claims.ingest.text import Lines, check_header, first_line, records

BLOCK_BYTES = 4 * 1024 * 1024
# Set behind each line before it is split: where it is not the last field, the line has too many fields or too few.
END = "\x01"
# Of a record of which the layout or the mapping takes nothing.
LEFT_OUT = "left out by the mapping"
# What str.strip takes from the ends of a text; a carriage return never stands inside a line.
BLANKS = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace() and letter not in "\r\n")
ASCII_BLANKS = "".join(filter(str.isascii, BLANKS))
SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")
Expressions = Mapping[str, pl.Expr]


@dataclass(frozen=True)
class Rows:
    """One row a record by expressions over its columns, where the condition holds."""

    columns: Expressions
    when: pl.Expr | None = None

    def of(self, table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
        chosen = table if self.when is None else table.filter(self.when)
        wanted = [self.columns.get(name, pl.lit("")).alias(name) for name in STAGED[kind]]
        return chosen.select(*wanted, pl.col("line"))


def delimited(
    rows: Mapping[Kind, Sequence[Rows]],
    *,
    delimiters: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    may_trail: bool = False,
    odd: Expressions = MappingProxyType({}),
) -> Callable[[Source], Iterator[Block]]:
    """A reader that gives rows of each kind from the named columns; an optional one may be missing ("").

    Of several delimiters the one that the header holds most often is meant; `may_trail`: lines may end with it; `odd`: how
    many of something the records hold that is to be told of.
    """

    def read(source: Source) -> Iterator[Block]:
        for table, blanks in tables(
            source, delimiters=delimiters, required=required, optional=optional, may_trail=may_trail
        ):
            found = {kind: pl.concat(one.of(table, kind) for one in several) for kind, several in rows.items()}
            counts = table.select(pl.lit(0).alias(""), *(number.sum().alias(name) for name, number in odd.items()))
            noticed = counts.row(0, named=True) | {"blanks for empty": blanks}
            left = left_out(table, found)
            yield Block(received(table, found, len(left)), found, left, noticed)

    return read


def received(table: pl.DataFrame, found: Mapping[Kind, pl.DataFrame], left: int) -> int:
    """Facts of a member are counted by their record; of claims each fill counts, and once the diagnoses of a record."""
    if not any(kind in CLAIM_KINDS for kind in found):
        return table.height
    fills, diagnoses = found.get(Kind.FILLS), found.get(Kind.DIAGNOSES)
    return (
        left
        + (fills.height if fills is not None else 0)
        + (diagnoses["line"].n_unique() if diagnoses is not None else 0)
    )


def left_out(table: pl.DataFrame, found: Mapping[Kind, pl.DataFrame]) -> tuple[tuple[int, str], ...]:
    """The records that gave no row at all."""
    if any(rows.height >= table.height and rows["line"].n_unique() == table.height for rows in found.values()):
        return ()
    told_of = pl.concat([rows["line"] for rows in found.values()])
    return tuple((line, LEFT_OUT) for line in table["line"].filter(~table["line"].is_in(told_of.implode())))


def tables(
    source: Source,
    *,
    delimiters: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    may_trail: bool = False,
) -> Iterator[tuple[pl.DataFrame, int]]:
    """The records of the file, a block at a time: the named columns as text without blanks around it, and `line`.

    Beside them, how many of the fields held blanks and nothing else.
    """
    with source.open() as file:
        first = first_line(source, file)
        if not first:
            raise FileProblem(source.name, "the file is empty; it needs a header line", line=1)
        delimiter = max(delimiters, key=first.decode("latin-1").count)
        header = [name.strip() for name in next(records(Lines(source, io.BytesIO(first)), delimiter, None))]
        check_header(source, header, required, optional)
        number = 1
        for block in blocks(file):
            table = table_of(source, block, number, delimiter, header, {*required, *optional}, may_trail)
            found = blanks_in(source, block, delimiter)
            table, blanks = without_blanks(table, found) if found else (table, 0)
            number += table.height
            if number > settings.LOAD_ROWS:
                raise FileProblem(source.name, f"the file has more than {settings.LOAD_ROWS:,} records", line=number)
            yield table.with_columns(pl.lit("").alias(name) for name in optional if name not in header), blanks


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, about as many as fit; a line that does not end is given cut, for its reader to refuse."""
    while block := file.read(BLOCK_BYTES):
        yield block if block.endswith(b"\n") else block + file.readline(settings.LOAD_LINE_BYTES + 1)


def table_of(
    source: Source,
    block: bytes,
    number: int,
    delimiter: str,
    header: list[str],
    wanted: set[str],
    may_trail: bool = False,
) -> pl.DataFrame:
    names = [name for name in header if name in wanted]
    plain = as_plain(source, block, delimiter)
    table = None if plain is None else split(plain, delimiter, header, names)
    if table is None:
        lines = Lines(source, io.BytesIO(block), number)
        table = split_slowly(records(lines, delimiter, len(header), may_trail=may_trail), header, names)
    return table.with_columns(pl.int_range(number + 1, number + 1 + pl.len(), dtype=pl.Int64).alias("line"))


def blanks_in(source: Source, block: bytes, delimiter: str) -> set[str]:
    """The blanks that may stand at the ends of its fields; to look where each stands would take longer than to strip."""
    return {
        blank
        for blank in (ASCII_BLANKS if block.isascii() else BLANKS)
        if (blank != delimiter or b'"' in block) and is_in(blank.encode(source.codec, "ignore"), block)
    }


def is_in(mark: bytes, block: bytes) -> bool:
    # One byte is found many times as fast as several.
    return bool(mark) and mark[:1] in block and mark in block


def without_blanks(table: pl.DataFrame, blanks: set[str]) -> tuple[pl.DataFrame, int]:
    """The table without what str.strip takes; Polars takes the same but for the separators of ASCII, and faster unnamed."""
    named = "".join(blanks) if blanks & SEPARATORS else None
    stripped = table.with_columns(pl.col(pl.String).str.strip_chars(named))
    return stripped, empty(stripped) - empty(table)


def empty(table: pl.DataFrame) -> int:
    """How many fields of the table are."""
    return int(table.select(pl.sum_horizontal((pl.col(pl.String) == "").sum())).item())


def as_plain(source: Source, block: bytes, delimiter: str) -> bytes | None:
    """The block as UTF-8 with line feeds, if splitting it needs no thought."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    if any(byte in block for byte in (b'"', b"\0", b"\r", END.encode())) or not block.endswith(b"\n"):
        return None
    if has_long_line(block):
        return None
    try:
        return block if block.isascii() else block.decode(source.codec).encode()
    except UnicodeDecodeError:
        return None


def has_long_line(block: bytes) -> bool:
    start = 0
    while start < len(block):
        end = block.rfind(b"\n", start, start + settings.LOAD_LINE_BYTES)
        if end < 0:
            return True
        start = end + 1
    return False


def split(block: bytes, delimiter: str, header: list[str], names: list[str]) -> pl.DataFrame | None:
    """The named columns of the block, or nothing if some line has not as many fields as the header."""
    lines = block.count(b"\n")
    marked = block.replace(b"\n", f"{delimiter}{END}\n".encode())
    try:
        table = pl.read_csv(
            marked,
            separator=delimiter,
            has_header=False,
            schema=dict.fromkeys([*numbered(header), "end"], pl.String),
            columns=[*(header.index(name) for name in names), len(header)],
            quote_char=None,
            empty_string_is_null=False,
        )
    except PolarsError:
        return None
    if table.height != lines or not (table["end"] == END).all():
        return None
    return table.drop("end").rename(lambda place: header[int(place)])


def numbered(header: list[str]) -> list[str]:
    """Columns by place: a header may name one twice that nobody asks for."""
    return [str(place) for place in range(len(header))]


def split_slowly(found: Iterator[list[str]], header: list[str], names: list[str]) -> pl.DataFrame:
    places = [header.index(name) for name in names]
    rows = [[record[place] for place in places] for record in found]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
