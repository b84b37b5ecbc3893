"""The files of a run: opened once, written block by block, under their names only when all are whole."""

import weakref
from pathlib import Path
from types import TracebackType
from typing import IO

import polars as pl

UNFINISHED = ".part"
MARK = "synthetic (MTM project)"  # for files whose layout has place for it


class Files:
    """Tables by file name; the first rows of each bring its header. A run that ends early leaves nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[Path, IO[bytes]] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> "Files":
        made = [path for path in (self.folder, *self.folder.parents) if not path.exists()]
        # Polars answers Ctrl-C twice, and the second time can end __exit__ before its first line; a finalizer runs all the same.
        self._take_back = weakref.finalize(self, take_back, self._open, made)
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for path, file in self._open.items():
                file.close()
                unfinished(path).rename(path)
            self._take_back.detach()
        else:
            self._take_back()

    def write(self, name: str, rows: pl.DataFrame, separator: str = "|") -> None:
        new = self.folder / name not in self._open
        rows.write_csv(self._file(name), include_header=new, separator=separator, quote_style="never")
        self.rows[name] = self.rows.get(name, 0) + len(rows)

    def say(self, name: str, text: str) -> None:
        self._file(name).write(text.encode())

    def _file(self, name: str) -> IO[bytes]:
        path = self.folder / name
        if path not in self._open:
            self._open[path] = unfinished(path).open("wb")
        return self._open[path]


def unfinished(path: Path) -> Path:
    return path.with_name(path.name + UNFINISHED)


def take_back(files: dict[Path, IO[bytes]], made: list[Path]) -> None:
    for path, file in files.items():
        file.close()
        for written in (path, unfinished(path)):
            written.unlink(missing_ok=True)
    for folder in made:
        if folder.exists():
            folder.rmdir()
