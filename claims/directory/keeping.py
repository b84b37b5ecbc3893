"""What a directory says of NDCs, kept: history stays, and a better source is not overruled."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from claims.ingest.problems import readable
from claims.ingest.staging import copy_rows
from claims.models import Ingredient, ReferenceTable
from mtm.lib import sql

RXNORM = "RxNorm Current Prescribable Content"
FDA = "FDA National Drug Code Directory"
NAMES = "FDA National Drug Code Directory, names only"
# Whose ingredients are taken where several name an NDC, the best first.
SOURCES = (RXNORM, FDA, NAMES)


class Staged(NamedTuple):
    """An NDC with one of its ingredients; `acts` is the text that tells where the product acts."""

    ndc: str
    label: str
    acts: str
    ingredient: str | None
    rxcui: str = ""
    is_brand: bool = False
    strength: str = ""
    form: str = ""
    route: str = ""
    package: str = ""
    package_size: str | None = None
    epc: str = ""
    marketed_until: str = ""


@dataclass(frozen=True)
class Kept:
    """How many NDCs were named, how many of them without a known ingredient, codes that are no NDC, ends that are no day."""

    products: int
    new_ingredients: int
    without_ingredients: int
    skipped: int
    bad_ends: int = 0

    def __str__(self) -> str:
        return (
            f"{self.products} products, {self.new_ingredients} new ingredients, "
            f"{self.without_ingredients} without known ingredients, {self.skipped} codes that are no NDC"
            + (f", {self.bad_ends} with an end of marketing that is no day" if self.bad_ends else "")
        )


def prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.statement("claims", "stage_directory"))


def stage(rows: Iterable[Staged]) -> None:
    copy_rows("stage_directory", Staged._fields, rows)


def keep(source: str, as_of: date) -> Kept:
    """Take over what is staged. Needs a transaction, which `prepare` began with."""
    before = Ingredient.objects.count()
    better = list(SOURCES[: SOURCES.index(source)])
    sql.run("claims", "keep_directory_ingredients", source=source)
    sql.run("claims", "judge_directory", source=source, as_of=as_of, better=better)
    sql.run("claims", "keep_directory_products", source=source)
    sql.run("claims", "keep_directory_parts")
    sql.run("claims", "keep_directory_listings", source=source, as_of=as_of)
    [counted] = sql.rows("claims", "count_directory")
    return Kept(new_ingredients=Ingredient.objects.count() - before, **counted)


def remember(name: str, paths: Sequence[Path], products: int) -> None:
    found = {"version": digest(paths), "rows": products}
    ReferenceTable.objects.update_or_create(name=name, defaults=found)


def digest(paths: Sequence[Path]) -> str:
    """The hash of a file, or of the hashes of several."""
    hashes = [hash_of(path) for path in paths]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def hash_of(path: Path) -> str:
    with readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
