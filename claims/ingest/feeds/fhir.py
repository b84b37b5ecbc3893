"""FHIR R4 and STU3: ExplanationOfBenefit (fills, diagnoses), Patient (members), Coverage; one a line, or in bundles."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from claims.ingest.feeds.fhir_claims import claim_rows, has_prior_by_id, is_withdrawn_without_drugs
from claims.ingest.feeds.fhir_people import coverage_rows, died_without_day, patient_rows
from claims.ingest.fhir import Resource, resources, text
from claims.ingest.layout import Block, Feed, FileLayout, Kind, frame, picked
from claims.ingest.source import Source

KINDS = (Kind.MEMBERS, Kind.IDENTIFIERS, Kind.COVERAGE, Kind.DIAGNOSES, Kind.FILLS)
RECORDS = 2_000


def read(source: Source) -> Iterator[Block]:
    found = resources(source)
    while chosen := list(islice(found, RECORDS)):
        yield block(chosen)


def block(chosen: list[tuple[int, Resource]]) -> Block:
    rows: dict[Kind, list[dict[str, str]]] = {kind: [] for kind in KINDS}
    lines: dict[Kind, list[int]] = {kind: [] for kind in KINDS}
    rejected: list[tuple[int, str]] = []
    received = 0
    noticed: Counter[str] = Counter()
    for number, resource in chosen:
        given = rows_of(resource)
        if isinstance(given, str):
            rejected.append((number, given))
            received += 1
            continue
        noticed.update(odd(resource))
        # A pharmacy claim counts by its drugs, anything else once.
        received += len(given.get(Kind.FILLS, ())) or 1
        for kind, several in given.items():
            rows[kind] += several
            lines[kind] += [number] * len(several)
    frames = {kind: frame(kind, rows[kind], lines[kind]) for kind in KINDS}
    return Block(received, frames, tuple(rejected), noticed)


def odd(resource: Resource) -> dict[str, int]:
    name = text(resource.get("resourceType"))
    is_claim = name == "ExplanationOfBenefit"
    return {
        "deaths without a day": name == "Patient" and died_without_day(resource),
        "replaced claims without a number": is_claim and has_prior_by_id(resource),
        "claims taken back without their drugs": is_claim and is_withdrawn_without_drugs(resource),
    }


def rows_of(resource: Resource) -> dict[Kind, list[dict[str, str]]] | str:
    """The rows of a resource by kind, or why it gives none."""
    name = text(resource.get("resourceType"))
    if name == "Patient":
        return patient_rows(resource)
    if name == "Coverage":
        return coverage_rows(resource)
    if name == "ExplanationOfBenefit":
        found = claim_rows(resource)
        return found if isinstance(found, str) else {found[0]: found[1]}
    return f"a resource that is not used ({name[:40]})" if name else "an entry without a resource"


def raw(source: Source, wanted: Iterator[int]) -> Iterator[tuple[int, str]]:
    """The resources of those numbers as JSON."""
    return ((number, json.dumps(found, default=str)) for number, found in picked(resources(source), wanted))


NAMES = r"\.(ndjson|jsonl|json)"
CANNOT_GIVE = (
    "low-income levels, at-risk status and contact preferences",
    "how a cost is made up (ingredient, fee, tax)",
    "members, where it holds claims only: load them first, or ask for members from claims",
)
FEED = Feed(
    name="fhir",
    title="fhir: ExplanationOfBenefit, Patient, Coverage",
    layouts=(
        # A bulk export has a file a type of resource. Files of coverage come after those that may hold its members.
        FileLayout(
            (Kind.COVERAGE, *(kind for kind in KINDS if kind != Kind.COVERAGE)),
            f".*coverage.*{NAMES}",
            read,
            CANNOT_GIVE,
            raw,
        ),
        FileLayout(KINDS, f".*{NAMES}", read, CANNOT_GIVE, raw),
    ),
)
