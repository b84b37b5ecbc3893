"""Loading which ingredients an NDC holds from RxNorm (Current Prescribable Content), flattened to one line an NDC.

Columns: ndc11, tty, name, in_rxcui, in_name; several ingredients are parted by |. Nothing is ever deleted: old fills keep
their codes. Publicly available data courtesy of the U.S. National Library of Medicine, which does not endorse the product.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection, transaction

from claims.ingest.problems import FileProblem
from claims.ingest.staging import copy_rows
from claims.models import Ingredient
from mtm.lib import sql

COLUMNS = ("ndc", "label", "is_brand", "ingredient", "rxcui")
REQUIRED = {"ndc11", "tty", "name", "in_rxcui", "in_name"}
BRAND = {"SBD", "BPCK"}


@transaction.atomic
def load_directory(path: Path) -> dict[str, int]:
    """Add or refresh the products of the file; gives how many NDCs and ingredients are new."""
    with connection.cursor() as cursor:
        cursor.execute(sql.statement("claims", "stage_directory"))
    copy_rows("stage_directory", COLUMNS, product_rows(path))
    before = Ingredient.objects.count()
    sql.run("claims", "keep_directory_ingredients")
    products = sql.run("claims", "keep_directory_products")
    sql.run("claims", "keep_directory_parts")
    return {"products": products, "new_ingredients": Ingredient.objects.count() - before}


def product_rows(path: Path) -> Iterator[tuple[str, ...]]:
    for record in read(path):
        names, codes = record["in_name"].split("|"), record["in_rxcui"].split("|")
        for name, code in zip(names, codes, strict=False):
            yield record["ndc11"], record["name"][:200], str(record["tty"] in BRAND), name.lower()[:120], code


def read(path: Path) -> Iterable[dict[str, str]]:
    if not path.is_file():
        raise FileProblem(str(path), "there is no such file")
    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not set(reader.fieldnames or ()) >= REQUIRED:
            raise FileProblem(path.name, f"the header needs {', '.join(sorted(REQUIRED))}", line=1, column=1)
        yield from reader
