"""Loading which ingredients an NDC holds from RxNorm (Current Prescribable Content), flattened to one line an NDC.

Columns: ndc11, tty, name, in_rxcui, in_name; several ingredients are parted by |. No product is ever deleted, for old fills
keep their codes; but of an NDC that the file names, the file says which ingredients it holds.
Publicly available data courtesy of the U.S. National Library of Medicine, which does not endorse the product.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.db import connection, transaction

from claims.ingest.load import digest
from claims.ingest.problems import FileProblem, readable
from claims.ingest.staging import copy_rows
from claims.models import Ingredient, ReferenceTable
from mtm.lib import sql

COLUMNS = ("ndc", "label", "is_brand", "ingredient", "rxcui")
REQUIRED = {"ndc11", "tty", "name", "in_rxcui", "in_name"}
BRAND = {"SBD", "BPCK"}
NAME = "ndc directory"
LONGEST_CODE = 12


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
    remember(path, products)
    return {"products": products, "new_ingredients": Ingredient.objects.count() - before}


def remember(path: Path, products: int) -> None:
    with readable(path):
        found = {"version": digest(path), "rows": products}
    ReferenceTable.objects.update_or_create(name=NAME, defaults=found)


def product_rows(path: Path) -> Iterator[tuple[str, ...]]:
    for line, record in read(path):
        names, codes = record["in_name"].split("|"), record["in_rxcui"].split("|")
        if problem := problem_of(record, names, codes):
            raise FileProblem(path.name, problem, line=line)
        for name, code in zip(names, codes, strict=True):
            yield record["ndc11"], record["name"][:200], str(record["tty"] in BRAND), name.lower()[:120], code


def problem_of(record: dict[str, str], names: list[str], codes: list[str]) -> str:
    if len(names) != len(codes):
        return f"{len(codes)} codes in in_rxcui where in_name has {len(names)} names"
    if any(len(code) > LONGEST_CODE for code in codes):
        return "a code in in_rxcui is too long"
    return "there is a NUL byte; the file is damaged" if any("\0" in value for value in record.values()) else ""


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of each record; whatever is wrong with the file is said in one sentence."""
    if not path.is_file():
        raise FileProblem(str(path), "there is no such file")
    try:
        with readable(path), opened(path) as file:
            yield from records_of(path, file)
    except (EOFError, zlib.error):
        raise FileProblem(path.name, "the compressed file is cut off or damaged; get it again") from None
    except UnicodeDecodeError as problem:
        raise FileProblem(path.name, f"byte 0x{problem.object[problem.start]:02X} is not utf-8") from None
    except csv.Error as problem:
        raise FileProblem(path.name, f"it is no table of comma-separated values ({problem})") from None


def opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def records_of(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(file)
    if not set(reader.fieldnames or ()) >= REQUIRED:
        raise FileProblem(path.name, f"the header needs {', '.join(sorted(REQUIRED))}", line=1, column=1)
    for record in reader:
        # The reader gives None for a field that is not there, and keeps those too many under None.
        if None in record or None in record.values():
            raise FileProblem(path.name, "the line has not as many fields as the header", line=reader.line_num)
        yield reader.line_num, record
