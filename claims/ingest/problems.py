import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileProblem(Exception):
    """A file that cannot be loaded at all: one sentence that names file, line and column and says what to do."""

    def __init__(self, file: str, text: str, *, line: int | None = None, column: int | None = None) -> None:
        place = file
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        super().__init__(printable(f"{place}: {text}"))


def printable(name: str) -> str:
    """The name as it can be kept and shown: a sign stands for each byte that is not UTF-8."""
    return re.sub("[\ud800-\udfff\0]", "\ufffd", name)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What the system refuses (no permission, a broken disk) is a problem of the file as any other."""
    try:
        yield
    except OSError as problem:
        raise FileProblem(str(path), f"it cannot be read ({problem.strerror or problem})") from None
