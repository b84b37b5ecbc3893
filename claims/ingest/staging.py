"""COPY into PostgreSQL: the one place that knows the driver."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from psycopg2 import DatabaseError

BLOCK = 4_000


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stream `rows` into `table`; None becomes NULL, everything else its text."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    command = f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
    text = TextOf(rows)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(command, text)
        except DatabaseError:
            # The driver reports a problem met while reading as its own; the reader's says what is wrong.
            if text.problem:
                raise text.problem from None
            raise


class TextOf:
    """Rows as a file that COPY reads from, a block of lines at a time."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.blocks = self.in_blocks(iter(rows))
        self.left = ""
        self.problem: Exception | None = None

    def read(self, size: int = -1) -> str:
        while len(self.left) < size and (block := self.next_block()):
            self.left += block
        given, self.left = self.left[:size], self.left[size:]
        return given

    def next_block(self) -> str | None:
        try:
            return next(self.blocks, None)
        except Exception as problem:
            self.problem = problem
            raise

    def in_blocks(self, rows: Iterator[Sequence[Any]]) -> Iterator[str]:
        lines = Written()
        writer = csv.writer(lines, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        for number, row in enumerate(rows, 1):
            writer.writerow(["\\N" if value is None else value for value in row])
            if number % BLOCK == 0:
                yield lines.take()
        yield lines.take()


class Written:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)

    def take(self) -> str:
        text, self.parts = "".join(self.parts), []
        return text
