"""The FDA's directory as names only: NDC_CODE and NDC_NAME, parted by tabs.

A name reads BRAND (substances) package, such as: SOMA (Carisoprodol) 100 TABLET in 1 BOTTLE (0037-2250-10). It gives
ingredients only where all of its substances are known; a name tells no salt from a substance nobody has heard of.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from claims.directory import keeping
from claims.directory.codes import eleven_digits
from claims.directory.keeping import NAMES, Kept, Staged
from claims.directory.packages import form_in, units_in
from claims.directory.reading import UTF8_OR_WINDOWS, table_of
from claims.directory.substances import Substances

COLUMNS = ("NDC_CODE", "NDC_NAME")
NAME = "fda names"
# The package begins with an amount after the bracket that closes the substances.
PARTS = re.compile(r"^(?P<brand>.*?) \((?P<substances>.*?)\) (?P<package>[\d.]+ .*)$")


@transaction.atomic
def load_names(path: Path, as_of: date) -> Kept:
    keeping.prepare()
    keeping.stage(staged(path, Substances()))
    kept = keeping.keep(NAMES, as_of)
    keeping.remember(NAME, [path], kept.products)
    return kept


def staged(path: Path, substances: Substances) -> Iterator[Staged]:
    for _, record in table_of(path, required=COLUMNS, delimiter="\t", encodings=UTF8_OR_WINDOWS):
        code = record["NDC_CODE"].removeprefix("NDC:")
        ndc = eleven_digits(code) or code
        yield from product(ndc, " ".join(record["NDC_NAME"].split()), substances)


def product(ndc: str, name: str, substances: Substances) -> Iterator[Staged]:
    parts = PARTS.match(name)
    if parts is None:
        yield Staged(ndc=ndc, label=name[:200], acts=name, ingredient=None)
        return
    form = form_in(parts["package"])
    known: list[str | None] = [*substances.listed(parts["substances"])]
    for ingredient in known or [None]:
        yield Staged(
            ndc=ndc,
            label=f"{parts['substances']} {form} [{parts['brand']}]"[:200],
            acts=f"{parts['brand']} {parts['substances']} {form}",
            ingredient=ingredient,
            form=form[:120],
            package=parts["package"][:300],
            package_size=units_in(parts["package"]),
        )
