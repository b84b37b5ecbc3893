"""Where one checkout keeps what it makes, and how it speaks to the person who started it."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


class CannotGoOn(Exception):
    """The person must do something first; the message says what."""


def say(text: str) -> None:
    """Talk on stderr, so that a command's own output can be piped."""
    print(f"[mtm] {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Checkout:
    root: Path

    @classmethod
    def of_this_file(cls) -> "Checkout":
        return cls(Path(__file__).resolve().parents[2])

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def key(self) -> str:
        """Tells this checkout and this user from every other on the machine, in a few characters."""
        return hashlib.sha256(f"{os.geteuid()}:{self.root}".encode()).hexdigest()[:10]

    def var(self, *parts: str) -> Path:
        """A path under var/, its parent made."""
        path = self.root.joinpath("var", *parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except PermissionError:
            raise CannotGoOn(_not_yours(path.parent)) from None
        return path

    @contextmanager
    def alone(self, name: str, busy: str | None = None) -> Iterator[None]:
        """Hold the lock of this name; the kernel frees it however we end. With `busy`, refuse instead of waiting."""
        with _open_lock(self.var("lock", name)) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
            except BlockingIOError:
                raise CannotGoOn(busy or "") from None
            yield

    @contextmanager
    def first_free(self, name: str) -> Iterator[str]:
        """Hold the first of name, name-2, name-3 … that nobody else holds, so that runs side by side do not meet."""
        handle, slot = _take_first(self, name)
        with handle:
            yield slot


def _take_first(checkout: Checkout, name: str) -> tuple[TextIO, str]:
    number = 1
    while True:
        slot = name if number == 1 else f"{name}-{number}"
        handle = _open_lock(checkout.var("lock", slot))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle, slot
        except BlockingIOError:
            handle.close()
            number += 1


def _open_lock(path: Path) -> TextIO:
    try:
        return path.open("w")
    except PermissionError:
        raise CannotGoOn(_not_yours(path)) from None


def _not_yours(path: Path) -> str:
    return (
        f"{path} belongs to another user (was this started as root before?). "
        "Run as that user, or remove var/ and .venv/ as that user first."
    )
