"""The FDA's National Drug Code Directory: product.txt and package.txt, parted by tabs, without quoting.

It adds the NDCs that RxNorm does not name, and to all of them route, package, classes and the end of marketing.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from claims.directory import keeping
from claims.directory.codes import eleven_digits
from claims.directory.keeping import FDA, Kept
from claims.directory.packages import units_in
from claims.directory.reading import UTF8_OR_WINDOWS, Record, table_of
from claims.directory.substances import Substances, distinct
from claims.ingest.staging import copy_rows
from mtm.lib import sql

FILES = ("product.txt", "package.txt")
NAME = "fda directory"
PRODUCT = (
    *("PRODUCTID", "PROPRIETARYNAME", "NONPROPRIETARYNAME", "DOSAGEFORMNAME", "ROUTENAME", "ENDMARKETINGDATE"),
    *("MARKETINGCATEGORYNAME", "SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT", "PHARM_CLASSES"),
)
PACKAGE = ("PRODUCTID", "NDCPACKAGECODE", "PACKAGEDESCRIPTION")
EPC = re.compile(r"(?:^|\][,;]?)\s*([^\[\]]+?)\s*\[EPC\]")


class Product(NamedTuple):
    """A product with one of its ingredients."""

    product_id: str
    label: str
    acts: str
    ingredient: str | None
    is_brand: bool
    strength: str
    form: str
    route: str
    epc: str
    marketed_until: str


@transaction.atomic
def load_fda(folder: Path, as_of: date) -> Kept:
    paths = [folder / name for name in FILES]
    keeping.prepare()
    sql.run("claims", "stage_fda")
    copy_rows("stage_fda_product", Product._fields, products(paths[0], Substances()))
    copy_rows(
        "stage_fda_package", ("product_id", "ndc", "package", "package_size", "marketed_until"), packages(paths[1])
    )
    sql.run("claims", "join_fda")
    kept = keeping.keep(FDA, as_of)
    keeping.remember(NAME, paths, kept.products)
    return kept


def products(path: Path, substances: Substances) -> Iterator[Product]:
    for _, record in read(path, PRODUCT):
        names = (substances.named_or_new(name) for name in listed(record["SUBSTANCENAME"]))
        known: list[str | None] = [*distinct(names)]
        for ingredient in known or [None]:
            yield product(record, ingredient)


def product(record: Record, ingredient: str | None) -> Product:
    strength, form, route = strength_of(record), record["DOSAGEFORMNAME"].lower(), record["ROUTENAME"].lower()
    name, brand = record["NONPROPRIETARYNAME"].strip(), brand_of(record)
    return Product(
        product_id=record["PRODUCTID"],
        label=" ".join(filter(None, (name, strength, form, f"[{brand}]" if brand else "")))[:200],
        acts=f"{name} {route} {form}",
        ingredient=ingredient,
        is_brand=bool(brand) and is_innovator(record["MARKETINGCATEGORYNAME"]),
        strength=strength[:200],
        form=form[:120],
        route=route[:120],
        epc="; ".join(distinct(EPC.findall(record["PHARM_CLASSES"])))[:300],
        marketed_until=record["ENDMARKETINGDATE"],
    )


def brand_of(record: Record) -> str:
    """The proprietary name, unless it only says again what the product holds."""
    name, other = record["PROPRIETARYNAME"].strip(), record["NONPROPRIETARYNAME"].strip()
    return "" if name.lower() in other.lower() or other.lower() in name.lower() else name


def is_innovator(category: str) -> bool:
    """Approved by an application of its own; an authorized generic is sold under another's."""
    return category.startswith(("NDA", "BLA")) and "AUTHORIZED GENERIC" not in category


def strength_of(record: Record) -> str:
    """5 mg / 325 mg: the amounts with their units, without the '/1' that stands for one tablet."""
    amounts, units = listed(record["ACTIVE_NUMERATOR_STRENGTH"]), listed(record["ACTIVE_INGRED_UNIT"])
    if len(amounts) != len(units):
        return ""
    return " / ".join(f"{amount} {unit.removesuffix('/1')}" for amount, unit in zip(amounts, units, strict=True))


def packages(path: Path) -> Iterator[tuple[str, str, str, str | None, str]]:
    for _, record in read(path, PACKAGE):
        code, described = record["NDCPACKAGECODE"].strip(), " ".join(record["PACKAGEDESCRIPTION"].split())
        ended = record.get("ENDMARKETINGDATE", "")
        yield record["PRODUCTID"], eleven_digits(code) or code, described[:300], units_in(described), ended


def read(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, Record]]:
    return table_of(path, required=required, delimiter="\t", encodings=UTF8_OR_WINDOWS, quoted=False)


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
