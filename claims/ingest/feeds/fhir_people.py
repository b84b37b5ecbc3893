"""Patient and Coverage as staged rows: the member and their numbers, and periods of Part D coverage."""

import calendar
import re
from collections.abc import Iterator
from typing import Any

from claims.ingest.fhir import Resource, at, codes, day, day_of_instant, each, extension, last_part, referenced, text
from claims.ingest.layout import Kind

Row = dict[str, str]
Rows = dict[Kind, list[Row]]

SEXES = {"male": "M", "female": "F"}
NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
CONTRACT = re.compile(r"([A-Z]\d{4})(?:-(\d{3}))?")
OTHER_PARTS = re.compile(r"part[- ]?([abc])", re.IGNORECASE)
YEAR = re.compile(r"[0-9]{4}")
PART_D = re.compile(r"part[- ]?d", re.IGNORECASE)
# Values of a Part D contract month that mean no Part D coverage.
NOT_COVERED = {"", "0", "N", "X", "*"}


def patient_rows(patient: Resource) -> Rows:
    told = {"source_id": text(patient.get("id")), "as_of": told_on(patient)}
    name = current(patient.get("name"))
    address = current(patient.get("address"))
    facts = told | {
        "first_name": " ".join(text(part) for part in listed(name.get("given"))),
        "last_name": text(name.get("family")) or " ".join(text(part) for part in listed(name.get("family"))),
        "birth_date": day(patient.get("birthDate")),
        "death_date": day(patient.get("deceasedDateTime")),
        "sex": SEXES.get(text(patient.get("gender")), ""),
        "address": " ".join(text(line) for line in listed(address.get("line"))),
        "city": text(address.get("city")),
        "state": text(address.get("state")),
        "postal_code": text(address.get("postalCode")),
        "phone": reached(patient, "phone"),
        "email": reached(patient, "email"),
        "language": language(patient),
    }
    return {Kind.MEMBERS: [facts], Kind.IDENTIFIERS: [told | row for row in (*numbers(patient), *replaced(patient))]}


def told_on(resource: Resource) -> str:
    return day_of_instant(at(resource, "meta", "lastUpdated"))


def replaced(patient: Resource) -> Iterator[Row]:
    """The patients in whose place this one stands: their numbers are former ones, so that the members become one."""
    for link in each(patient.get("link")):
        number = referenced(link.get("other"))
        if text(link.get("type")) == "replaces" and number != text(patient.get("id")):
            yield {"kind": "former", "value": number}


def died_without_day(patient: Resource) -> bool:
    return patient.get("deceasedBoolean") is True


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def current(value: Any) -> Resource:
    """The first that is not marked as old."""
    return next((found for found in each(value) if text(found.get("use")) != "old"), {})


def reached(patient: Resource, system: str) -> str:
    found = [point for point in each(patient.get("telecom")) if text(point.get("system")) == system]
    return text(current(found).get("value"))


def language(patient: Resource) -> str:
    spoken = each(patient.get("communication"))
    chosen = next((found for found in spoken if found.get("preferred") is True), spoken[0] if spoken else {})
    return next(iter(sorted(codes(chosen.get("language")))), "").split("-")[0].lower()


def numbers(patient: Resource) -> Iterator[Row]:
    """Medicare numbers by their system or type, others as they are; hashes and Social Security numbers are left alone."""
    for found in each(patient.get("identifier")):
        system, kinds, value = text(found.get("system")), codes(found.get("type")), text(found.get("value"))
        if "hash" in system or last_part(system) == "us-ssn" or "SS" in kinds or not NUMBER.fullmatch(value):
            continue
        is_medicare = last_part(system) in ("us-mbi", "mbi_num") or "MC" in kinds
        if is_medicare or value != text(patient.get("id")):
            yield {
                "kind": "mbi" if is_medicare else "other",
                "value": value,
                "starts_on": day(at(found, "period", "start")),
                "ends_on": day(at(found, "period", "end")),
            }


def coverage_rows(coverage: Resource) -> Rows | str:
    """Rows of a Part D coverage, or why it gives none."""
    status = text(coverage.get("status"))
    if status == "draft":
        return "a draft of a coverage"
    if is_of_another_part(coverage):
        return "not Part D coverage"
    told = {"source_id": referenced(coverage.get("beneficiary")), "as_of": told_on(coverage)}
    periods = list(months(coverage)) or list(whole(coverage))
    if not periods:
        return "a coverage without a period"
    action = {"action": "delete"} if status in ("cancelled", "entered-in-error") else {}
    rows: Rows = {Kind.COVERAGE: [told | period | action for period in periods]}
    number = text(coverage.get("subscriberId"))
    if NUMBER.fullmatch(number) and number != told["source_id"]:
        rows[Kind.IDENTIFIERS] = [told | {"kind": "other", "value": number}]
    return rows


def plan_words(coverage: Resource) -> list[str]:
    """What the coverage says of its plan: the classes of R4, the grouping of STU3."""
    named = [text(found.get("value")) for found in each(coverage.get("class"))]
    grouping = next(iter(each(coverage.get("grouping"))), {})
    return [*named, *(text(value) for value in grouping.values())]


def is_of_another_part(coverage: Resource) -> bool:
    words = [*plan_words(coverage), text(coverage.get("id"))]
    return any(map(OTHER_PARTS.search, words)) and not any(map(PART_D.search, words))


def whole(coverage: Resource) -> Iterator[Row]:
    first = day(at(coverage, "period", "start"))
    if first:
        found = next(filter(None, (CONTRACT.fullmatch(word) for word in plan_words(coverage))), None)
        contract = {"contract": found[1], "pbp": found[2] or ""} if found else {}
        yield contract | {"starts_on": first, "ends_on": day(at(coverage, "period", "end"))}


def months(coverage: Resource) -> Iterator[Row]:
    """Months of a year by contract, as CMS's own coverage resources tell them."""
    year = day(extension(coverage, "rfrnc_yr").get("valueDate"))[:4]
    for month in range(1, 13) if YEAR.fullmatch(year) else ():
        contract = text(at(extension(coverage, f"ptdcntrct{month:02}"), "valueCoding", "code"))
        if contract not in NOT_COVERED:
            last = calendar.monthrange(int(year), month)[1]
            yield {
                "contract": contract,
                "pbp": text(at(extension(coverage, f"ptdpbpid{month:02}"), "valueCoding", "code")),
                "starts_on": f"{year}-{month:02}-01",
                "ends_on": f"{year}-{month:02}-{last}",
            }
