"""COPY into PostgreSQL beside our own work: the server stores one run of rows while we read and judge the next."""

import io
from collections.abc import Iterable
from queue import Empty, Full, Queue
from threading import Thread

import polars as pl
from django.db import connection
from psycopg2 import DatabaseError

# Runs that may wait for the server; more would only hold memory.
WAITING = 1
LOOK_SECONDS = 0.5


class CopyStream:
    """A COPY that is fed frames until it is left. Leaving by an exception ends it without keeping a row."""

    def __init__(self, table: str, columns: Iterable[str], *, freeze: bool = False) -> None:
        names = ", ".join(connection.ops.quote_name(name) for name in columns)
        options = "FORMAT csv, FREEZE" if freeze else "FORMAT csv"
        self.command = f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN WITH ({options})"
        self.waiting: Queue[memoryview | None] = Queue(WAITING)
        self.left = memoryview(b"")
        self.ended = self.abandoned = False
        self.problem: BaseException | None = None
        self.server = Thread(target=self.copy)

    def __enter__(self) -> "CopyStream":
        connection.ensure_connection()
        self.driver = connection.connection
        self.server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *told: object) -> None:
        self.abandoned = kind is not None
        if not self.abandoned:
            self.put(None)
        self.server.join()
        if self.problem and not self.abandoned:
            raise self.problem

    def write(self, rows: pl.DataFrame) -> None:
        if rows.height:
            text = io.BytesIO()
            rows.write_csv(text, include_header=False)
            self.put(text.getbuffer())

    def put(self, text: memoryview | None) -> None:
        while self.server.is_alive():
            try:
                return self.waiting.put(text, timeout=LOOK_SECONDS)
            except Full:
                continue
        if self.problem:
            raise self.problem

    def copy(self) -> None:
        """What the other thread does; our own leaves the connection alone meanwhile."""
        try:
            with self.driver.cursor() as cursor:
                cursor.copy_expert(self.command, self, 1 << 20)
        except BaseException as problem:
            self.problem = problem

    def read(self, size: int) -> bytes:
        """For the driver: the next bytes, none at the end."""
        while not self.left and not self.ended:
            self.take()
        given, self.left = self.left[:size], self.left[size:]
        return bytes(given)

    def take(self) -> None:
        if self.abandoned:
            raise DatabaseError("the load was given up")
        try:
            found = self.waiting.get(timeout=LOOK_SECONDS)
        except Empty:
            return
        self.ended = found is None
        self.left = memoryview(b"") if found is None else found
