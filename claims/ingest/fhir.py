"""Reading FHIR resources of STU3 and R4, one a line or in bundles, and looking into them without trusting their shape.

Numbers are Decimal: a cost never passes through a float.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import timezone

from claims.ingest.problems import FileProblem
from claims.ingest.source import Source
from claims.ingest.text import BOM, wide_encoding

Resource = dict[str, Any]

LONGEST_NUMBER = 40
LONGEST_LINE = 4 * 1024 * 1024
# A bundle is one JSON document, which is held in memory as a whole.
LARGEST_DOCUMENT = 64 * 1024 * 1024


def resources(source: Source) -> Iterator[tuple[int, Resource]]:
    """Each resource with its number in the file, counted from 1. Raises FileProblem where the file is no JSON."""
    number = 0
    for document in documents(source):
        for resource in of_bundle(document):
            number += 1
            yield number, resource


def documents(source: Source) -> Iterator[Resource]:
    """A document a line, or the whole file as one where its first line is only a part of it."""
    with source.open() as file:
        first = file.readline(LONGEST_LINE + 1)
        if wide := wide_encoding(first):
            raise FileProblem(source.name, f"the file is {wide}; save it as UTF-8", line=1, column=1)
        first = first.removeprefix(BOM)
        if not first.strip() or not is_document(first):
            yield parsed(source, first + rest(source, file, len(first)), 1)
            return
        line = 1
        while first:
            if len(first) > LONGEST_LINE:
                raise FileProblem(source.name, f"the line is longer than {LONGEST_LINE:,} bytes", line=line)
            if first.strip():
                yield parsed(source, first, line)
            first, line = file.readline(LONGEST_LINE + 1), line + 1


def is_document(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def rest(source: Source, file: BinaryIO, read: int) -> bytes:
    found = file.read(LARGEST_DOCUMENT + 1)
    if read + len(found) > LARGEST_DOCUMENT:
        text = f"a JSON document of more than {LARGEST_DOCUMENT:,} bytes; send one resource a line (ndjson)"
        raise FileProblem(source.name, text)
    return found


def parsed(source: Source, raw: bytes, line: int) -> Resource:
    try:
        found = json.loads(raw.decode(source.codec), parse_float=Decimal, parse_constant=refuse_constant)
    except UnicodeDecodeError as problem:
        text = f"byte 0x{raw[problem.start]:02X} is not {source.codec}"
        raise FileProblem(source.name, text, line=line + raw[: problem.start].count(b"\n")) from None
    except json.JSONDecodeError as problem:
        text = f"this is not JSON ({problem.msg}); the file is cut off or damaged"
        raise FileProblem(source.name, text, line=line + problem.lineno - 1, column=problem.colno) from None
    except (ValueError, RecursionError):
        raise FileProblem(source.name, "this is not JSON that can be read; the file is damaged", line=line) from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise FileProblem(source.name, "this is no FHIR resource: it has no resourceType", line=line)
    return found


def refuse_constant(name: str) -> None:
    raise ValueError(name)


def of_bundle(resource: Resource) -> Iterator[Resource]:
    if resource["resourceType"] != "Bundle":
        yield resource
        return
    for entry in entries_of(resource.get("entry")):
        inner = at(entry, "resource")
        yield inner if isinstance(inner, dict) else {"resourceType": "", "entry": entry}


def entries_of(value: Any) -> list[Any]:
    """What a list holds, whatever that is; what is no list stands for itself, and what is not there for none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def each(value: Any) -> list[Resource]:
    """The objects of a list, or the one object; whatever else it is, none."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)]


def at(value: Any, *names: str) -> Any:
    """What is found under the names one after the other; None where it is not there. Of a list the first is taken."""
    for name in names:
        value = next(iter(each(value)), {}).get(name)
    return value


def text(value: Any) -> str:
    """A text or a number as text; "" for anything else."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode().strip()
    if isinstance(value, Decimal):
        # A number of a few characters may have a billion digits; as it stands it is no amount, and is rejected as such.
        return format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else str(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def day(value: Any) -> str:
    """The date as it is written. Days of service and birth are often given as midnight of UTC, and mean that day."""
    return text(value)[:10]


def day_of_instant(value: Any) -> str:
    """The day of an instant where we are: late in the evening that of UTC is tomorrow, which has not come."""
    try:
        instant = datetime.fromisoformat(text(value))
        return timezone.localdate(instant).isoformat() if timezone.is_aware(instant) else day(value)
    except (ValueError, OverflowError):
        return day(value)


def codings(value: Any) -> Iterator[tuple[str, str]]:
    """System and code of each coding of a concept, or of each of several."""
    for concept in each(value):
        for coding in each(concept.get("coding")):
            yield text(coding.get("system")), text(coding.get("code"))


def codes(value: Any) -> set[str]:
    return {code for _, code in codings(value)}


def last_part(address: str) -> str:
    """What a URL or a reference ends with: the name of a variable, the id of a patient."""
    return address.removeprefix("urn:uuid:").rstrip("/").rpartition("/")[2].removeprefix("#")


def referenced(value: Any) -> str:
    """The id of the resource that is referred to, or the identifier that stands in its place."""
    return last_part(text(at(value, "reference"))) or text(at(value, "identifier", "value"))


def extension(value: Any, name: str) -> Resource:
    """The extension whose URL ends with the name; empty where there is none."""
    return next((found for found in each(at(value, "extension")) if last_part(text(found.get("url"))) == name), {})
