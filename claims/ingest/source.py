"""Opening what a plan sends: a file as it lies, or compressed, never larger than it may be."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.conf import settings

from claims.ingest.problems import FileProblem, readable

# Claims and enrollment text shrinks ten- to twenty-fold; a bomb shrinks a thousandfold.
MOST_EXPANSION = 200
# Below this size no expansion does harm.
HARMLESS = 16 * 1024 * 1024
# What the libraries raise where bytes are not what they should be, or were packed in a way they do not know.
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


@dataclass
class Source:
    """One file of a load. `name` is what people see; `member` is set where the file lies inside a zip archive.

    `unended` says that the last line is whole even where it has no line break.
    """

    path: Path
    name: str
    encoding: str = "utf-8"
    unended: bool = False
    member: str = ""
    handle: IO[Any] | None = field(default=None, compare=False, repr=False)

    @property
    def codec(self) -> str:
        return self.encoding.removesuffix("-sig")

    @property
    def size(self) -> int:
        """Bytes on disk, for telling how far a load has come."""
        return self.path.stat().st_size

    @property
    def bytes_read(self) -> int:
        """How much of the file on disk has been read by who has it open."""
        return self.handle.tell() if self.handle and not self.handle.closed else 0

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes of the file, decompressed. Raises FileProblem where they cannot be had or are too many."""
        with readable(self.path):
            try:
                with self._opened() as file:
                    yield file
            except DAMAGED:
                raise FileProblem(self.name, "the compressed file is cut off or damaged; get it again") from None

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self.path.open("rb") as self.handle:
            if self.member:
                with zipfile.ZipFile(self.handle) as archive, archive.open(self.member) as inner:
                    packed = archive.getinfo(self.member).compress_size
                    with self._without_gz(bounded(inner, self.name, packed, self.handle.tell), packed) as file:
                        yield file
            else:
                with self._without_gz(cast(BinaryIO, self.handle), self.size) as file:
                    yield file

    @contextmanager
    def _without_gz(self, file: BinaryIO, packed: int) -> Iterator[BinaryIO]:
        """The bytes as they are, or unpacked where the name ends with .gz, also inside an archive."""
        if not self.name.lower().endswith(".gz"):
            yield file
            return
        with gzip.open(file) as unpacked:
            yield bounded(unpacked, self.name, packed, cast(IO[Any], self.handle).tell)


def bounded(file: object, name: str, packed: int, consumed: Callable[[], int]) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(Unpacked(cast(BinaryIO, file), name, packed, consumed), 1 << 20))


class Unpacked(io.RawIOBase):
    """A compressed file that stops being read as soon as it has grown beyond all reason.

    `packed`: its size as it lies; `consumed`: how much of that has been read.
    """

    def __init__(self, file: BinaryIO, name: str, packed: int, consumed: Callable[[], int]) -> None:
        self.file, self.name, self.given, self.consumed = file, name, 0, consumed
        self.most = min(settings.LOAD_UNPACKED_BYTES, max(HARMLESS, packed * MOST_EXPANSION))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        found = self.file.read(len(view))
        self.given += len(found)
        most = min(self.most, max(HARMLESS, self.consumed() * MOST_EXPANSION))
        if self.given > most:
            raise FileProblem(self.name, f"it unpacks to more than {most:,} bytes; send it in parts or unpacked")
        view[: len(found)] = found
        return len(found)


def sources_in(path: Path, encoding: str = "utf-8", unended: bool = False) -> list[Source]:
    """The file itself, or the files inside it where it is a zip archive; a nested archive is not opened."""
    if path.suffix.lower() != ".zip":
        return [Source(path, path.name, encoding, unended)]
    with readable(path):
        try:
            with zipfile.ZipFile(path) as archive:
                found = [info for info in archive.infolist() if not info.is_dir() and not is_hidden(info)]
        except UnicodeDecodeError:
            raise FileProblem(path.name, "the archive holds a file whose name is not UTF-8; rename it") from None
        except DAMAGED:
            raise FileProblem(path.name, "it is no zip archive, or a damaged one; get it again") from None
    check_archive(path, found)
    return [Source(path, Path(info.filename).name, encoding, unended, info.filename) for info in found]


def is_hidden(info: zipfile.ZipInfo) -> bool:
    """What a file system keeps for itself, as the ._ files of macOS."""
    return Path(info.filename).name.startswith(".")


def check_archive(path: Path, found: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the directory says; what it conceals is met while reading."""
    unpacked, packed = sum(info.file_size for info in found), sum(info.compress_size for info in found)
    if len(found) > settings.LOAD_ARCHIVE_FILES:
        raise FileProblem(path.name, f"the archive holds more than {settings.LOAD_ARCHIVE_FILES} files")
    if unpacked > settings.LOAD_UNPACKED_BYTES or unpacked > max(HARMLESS, packed * MOST_EXPANSION):
        raise FileProblem(path.name, f"it would unpack to {unpacked:,} bytes; send it in parts or unpacked")
    if any(info.flag_bits & 1 for info in found):
        raise FileProblem(path.name, "the archive is locked with a password; send it without")
    # Only one of them would be unpacked, and programs do not agree which.
    name, count = Counter(info.filename for info in found).most_common(1)[0] if found else ("", 0)
    if count > 1:
        text = f"the archive holds {count} files of the name {name}; pack it again, each under a name of its own"
        raise FileProblem(path.name, text)
