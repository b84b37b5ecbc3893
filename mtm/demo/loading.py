"""Loading the files of a demonstration plan as an administrator does: the drug directory, the claims, then the rest."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from accounts.models import Plan
from accounts.permissions import Role
from claims.directory.flattened import NAME, load_flattened
from claims.directory.keeping import digest
from claims.ingest.load import carry_out, request
from claims.models import DrugProduct, ReferenceTable
from mtm.demo.files import PlanFiles
from mtm.demo.staff import who_is
from mtm.generator.catalogue import Catalogue


def load(plan: Plan, files: PlanFiles, today: date) -> None:
    if not is_loaded(files.directory):
        load_flattened(files.directory, today)
        price_generics()
    for feed, paths in (("rif", files.rif), ("csv", files.csv)):
        carry_out(request(plan=plan, feed=feed, as_of=today, by=who_is(Role.ADMINISTRATOR)), paths)


def is_loaded(directory: Path) -> bool:
    """Directories are for all plans."""
    return ReferenceTable.objects.filter(name=NAME, version=digest([directory])).exists()


def price_generics() -> None:
    """No directory tells prices; the generator knows what it charges."""
    prices = generic_prices(Catalogue())
    brands = list(DrugProduct.objects.filter(ndc__in=prices))
    for brand in brands:
        brand.generic_unit_cost = prices[brand.ndc]
    DrugProduct.objects.bulk_update(brands, ["generic_unit_cost"], batch_size=500)


def generic_prices(catalogue: Catalogue) -> dict[str, Decimal]:
    """Dollars a unit of the cheapest generic, by the NDC of each brand that has one."""
    generics = catalogue.items.filter(~pl.col("brand"))
    cheapest = generics.group_by("line").agg(pl.col("price").min().alias("cents"))
    brands = catalogue.items.filter("brand").join(cheapest, on="line")
    return {ndc: Decimal(f"{cents / 100:.4f}") for ndc, cents in brands.select("ndc", "cents").iter_rows()}
