"""Reading X12 interchanges: the envelope checked strictly, the segments between as plain lists of elements.

The parser is pyx12's. Its checks against the implementation guides are not used: real senders fill the guides' segments in
ways of their own, and what matters of a record is judged by what it says.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from pyx12.errors import X12Error
from pyx12.x12file import X12Reader

from claims.ingest.problems import FileProblem
from claims.ingest.source import Source

# What pyx12 reports of an envelope, by level and code, in our words. A trailing empty element (SEG1) harms nobody.
WRONG = {
    ("isa", "001"): "the interchange ends (IEA02) under another control number than it began (ISA13)",
    ("isa", "021"): "the interchange (IEA01) counts another number of groups than there are",
    ("isa", "023"): "the interchange has no end (IEA); the file is cut off, get the whole file",
    ("isa", "024"): "the interchange ends (IEA) before what is in it does",
    ("isa", "025"): "two interchanges have the same control number (ISA13)",
    ("gs", "3"): "a group has no end (GE); the file is cut off, get the whole file",
    ("gs", "4"): "the group ends (GE02) under another control number than it began (GS06)",
    ("gs", "5"): "the group (GE01) counts another number of transaction sets than there are",
    ("gs", "6"): "two groups have the same control number (GS06)",
    ("st", "2"): "a transaction set has no end (SE); the file is cut off, get the whole file",
    ("st", "3"): "the transaction set ends (SE02) under another control number than it began (ST02)",
    ("st", "23"): "two transaction sets have the same control number (ST02)",
    ("seg", "1"): "this is no segment: its name is not two or three capitals and digits, or there is a blank before it",
    ("seg", "8"): "the segment is empty",
}
HARMLESS = {("seg", "SEG1")}
MISCOUNTED = ("st", "4")


@dataclass(frozen=True)
class Segment:
    """A segment by its place in the file, counted from 1. `miscounted` says that SE01 does not count what is there."""

    number: int
    name: str
    elements: tuple[str, ...]
    miscounted: bool = False

    def __getitem__(self, place: int) -> str:
        """The element of that place, counted from 1 as the guides do; "" where it is not given."""
        return self.elements[place - 1].strip() if place <= len(self.elements) else ""

    @property
    def text(self) -> str:
        return "*".join((self.name, *self.elements))


def segments(source: Source) -> Iterator[Segment]:
    """The segments of the file. Raises FileProblem with the segment at which it is not right."""
    with source.open() as file:
        # A mark at the start of UTF-8 is passed over; the load says that there was one.
        text = io.TextIOWrapper(file, encoding="utf-8-sig" if source.codec == "utf-8" else source.codec, newline="")
        number = 0
        try:
            reader = X12Reader(text)
            for found in reader:
                number = reader.get_cur_line()
                miscounted = checked(source, reader, number)
                elements = tuple(element.format(":") for element in found.elements)
                if any("\0" in element for element in elements):
                    raise wrong(source, "there is a NUL byte; the file is damaged", number)
                yield Segment(number, found.get_seg_id() or "", elements, miscounted)
            ended(source, reader, number)
        except UnicodeDecodeError as problem:
            raise wrong(source, f"a byte is not {source.codec} ({problem.reason})", number + 1) from None
        except X12Error:
            raise wrong(
                source, "the file does not begin with a whole ISA segment of version 00401 or 00501", 1
            ) from None
        except IndexError:
            raise wrong(source, "an end (SE, GE or IEA) without its beginning", number + 1) from None
        finally:
            text.detach()


def checked(source: Source, reader: X12Reader, number: int) -> bool:
    """Whether a transaction set counts its segments wrongly; anything worse is a FileProblem."""
    found = {(level, code) for level, code, *_ in reader.pop_errors()} - HARMLESS
    for one in sorted(found - {MISCOUNTED}):
        raise wrong(source, WRONG.get(one, "it is not right"), number)
    return MISCOUNTED in found


def ended(source: Source, reader: X12Reader, number: int) -> None:
    """Nothing is left open, and nothing stands behind the last segment."""
    if reader.raw.buffer.strip("\0\r\n \t\x1a"):
        raise wrong(source, "the segment is cut off, or an empty one stands before it", number + 1)
    reader.cleanup()
    checked(source, reader, number)


def wrong(source: Source, text: str, number: int) -> FileProblem:
    return FileProblem(f"{source.name}, segment {number}", text)
