"""RxNorm as a table of one line an NDC: ndc11, tty, name, in_rxcui, in_name; several ingredients are parted by |.

Of an NDC that the file names, the file says which ingredients it holds. Whoever flattened it may have lost some: a
combination whose name speaks of more substances than are listed gets them from its name, or counts as not known.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from claims.directory import keeping
from claims.directory.keeping import RXNORM, Kept, Staged
from claims.directory.reading import Record, table_of
from claims.directory.substances import Substances, distinct
from claims.ingest.problems import FileProblem

COLUMNS = ("ndc11", "tty", "name", "in_rxcui", "in_name")
BRAND = {"SBD", "BPCK"}
NAME = "ndc directory"
LONGEST_CODE = 12
LONGEST_NAME = 120


@transaction.atomic
def load_flattened(path: Path, as_of: date) -> Kept:
    """Add or refresh the products of the file, as it was on that day."""
    keeping.prepare()
    keeping.stage(staged(path, codes_of(path), Substances()))
    kept = keeping.keep(RXNORM, as_of)
    keeping.remember(NAME, [path], kept.products)
    return kept


def codes_of(path: Path) -> dict[str, str]:
    """The RxCUI of each ingredient that is alone on a line: names and codes of several need not be in one order."""
    alone = (record for _, record in records_of(path) if "|" not in record["in_name"])
    return {record["in_name"].lower()[:LONGEST_NAME]: record["in_rxcui"] for record in alone}


def staged(path: Path, codes: dict[str, str], substances: Substances) -> Iterator[Staged]:
    for _, record in records_of(path):
        names = [name.lower()[:LONGEST_NAME] for name in record["in_name"].split("|")]
        for ingredient in completed(record["name"], names, substances):
            yield Staged(
                ndc=record["ndc11"],
                label=record["name"][:200],
                acts=record["name"],
                ingredient=ingredient or None,
                rxcui=codes.get(ingredient, ""),
                is_brand=record["tty"] in BRAND,
            )


def records_of(path: Path) -> Iterator[tuple[int, Record]]:
    for line, record in table_of(path, required=COLUMNS, delimiter=","):
        names, codes = record["in_name"].split("|"), record["in_rxcui"].split("|")
        column = list(record).index("in_rxcui") + 1
        if len(names) != len(codes):
            said = f"{len(codes)} codes in in_rxcui where in_name has {len(names)} names"
            raise FileProblem(path.name, said, line=line, column=column)
        if any(len(code) > LONGEST_CODE for code in codes):
            raise FileProblem(path.name, "a code in in_rxcui is too long", line=line, column=column)
        yield line, record


def completed(label: str, names: list[str], substances: Substances) -> list[str]:
    """The ingredients with those that the label names beside them; one without a name where nobody knows one of them."""
    named = substances_in(label)
    if len(named) <= len(names):
        return names
    listed = [re.compile(rf"\b{re.escape(name.partition(',')[0])}\b") for name in names]
    missing = [name for name in named if not any(one.search(name) for one in listed)]
    found = [substances.named(name) for name in missing]
    return distinct([*names, *(name for name in found if name)]) if all(found) else [""]


# What may stand before the first substance: an amount, a duration, a way of release.
BEFORE = re.compile(r"^((\d[\d.]* (ML|HR|ACTUAT|MG|DAY|MEQ)|Abuse-Deterrent|Osmotic|\d-Bead) )+", re.IGNORECASE)
STRENGTH = re.compile(r" [\d.,]+ ")


def substances_in(label: str) -> list[str]:
    """The substances that the name of a combination speaks of; packs and single substances give none."""
    if "{" in label or " / " not in label:
        return []
    parts = label.partition(" [")[0].split(" / ")
    parts[0] = BEFORE.sub("", parts[0])
    return [STRENGTH.split(part)[0].lower() for part in parts]
