"""The files of a run: opened once, written block by block."""

from pathlib import Path
from types import TracebackType
from typing import IO

import polars as pl


class Files:
    """Tables by file name; the first rows of each bring its header."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, IO[bytes]] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> "Files":
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._open.values():
            file.close()

    def write(self, name: str, rows: pl.DataFrame, separator: str = "|") -> None:
        new = name not in self._open
        if new:
            self._open[name] = (self.folder / name).open("wb")
        rows.write_csv(self._open[name], include_header=new, separator=separator, quote_style="never")
        self.rows[name] = self.rows.get(name, 0) + len(rows)
