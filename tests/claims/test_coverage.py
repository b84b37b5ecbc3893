"""The public drug tables load, and what they know of the NDCs of a real month is measured."""

import csv
from datetime import date
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.directory.flattened import load_flattened
from claims.directory.names import load_names
from claims.drugs import drugs_of
from claims.models import DrugListing, DrugProduct

DATA = Path(__file__).parents[3] / "shared" / "data"
TABLES = DATA / "drug-reference"
MIX = DATA / "ndc-mix-2015" / "real_ndc_mix_2015_counts.csv"

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason=f"the public drug tables are not at {TABLES}")


def test_the_public_tables_know_95_percent_of_real_fills(plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    """Substances in A are missing from this copy of RxNorm; the names of combinations bring theirs back."""
    rxnorm = load_flattened(TABLES / "ndc_rxcui_ingredient_B_to_Z.csv.gz", date(2025, 10, 6))
    names = load_names(TABLES / "ndc_names_from_fda.csv.gz", date(2018, 4, 1))
    fills = {row["ndc11"]: int(row["rows"]) for row in csv.DictReader(MIX.read_text().splitlines())}
    known = drugs_of(plan, fills)
    share = {
        how: sum(fills[ndc] for ndc, drug in known.items() if drug.how == how) / sum(fills.values())
        for how in ("exact", "product", "unmapped")
    }
    with capsys.disabled():
        print(f"\nRxNorm: {rxnorm}\nFDA names: {names}")
        print(f"{len(fills)} NDCs, {sum(fills.values())} fills: " + ", ".join(f"{h} {s:.1%}" for h, s in share.items()))
    assert share["exact"] + share["product"] >= 0.95
    assert rxnorm.products == 221_960
    assert names.products == 147_554
    assert DrugListing.objects.count() == rxnorm.products + names.products
    assert DrugProduct.objects.get(ndc="00406012301").ingredients.count() == 2  # hydrocodone and acetaminophen
