"""Every rejected row is kept with its line, reason and text, however many there are."""

from pathlib import Path

import polars as pl

from accounts.models import Plan
from claims.ingest.rejected import Rejected
from tests.claims.loading import load_text

HEADER = "npi,name"


def test_every_rejected_row_of_a_large_file_is_kept(plan: Plan, tmp_path: Path) -> None:
    rows = [f"{number},Dr. Alder" for number in range(12_000)]
    [file] = load_text(plan, "csv", tmp_path, {"prescribers.csv": "\n".join([HEADER, *rows])}).values()
    assert (file.received, file.rejected, file.rejected_rows.count()) == (12_000, 12_000, 12_000)
    last = file.rejected_rows.last()
    assert (last.line, last.raw) == (12_001, rows[-1])
    again = load_text(plan, "csv", tmp_path, {"prescribers.csv": "\n".join([HEADER, *rows])})["prescribers.csv"]
    assert (again.rejected, again.rejected_rows.count()) == (12_000, 12_000)


def test_a_rejected_row_is_kept_whole(plan: Plan, tmp_path: Path) -> None:
    long = f"1,{'x' * 20_000}"
    [file] = load_text(plan, "csv", tmp_path, {"prescribers.csv": f"{HEADER}\n{long}"}).values()
    assert file.rejected_rows.get().raw == long


def test_a_row_that_looks_like_nothing_to_the_database_is_kept_as_it_is(plan: Plan, tmp_path: Path) -> None:
    [file] = load_text(plan, "csv", tmp_path, {"prescribers.csv": 'npi\n\\N\n""'}).values()
    assert list(file.rejected_rows.values_list("line", "raw")) == [(2, "\\N"), (3, '""')]


def test_every_rejected_item_of_a_line_is_given_in_the_order_of_the_file() -> None:
    rejected = Rejected()
    rejected.add(9, "no NDC")
    rejected.add_all(pl.DataFrame({"line": [7, 9], "reason": ["no cost", "no cost"]}))
    assert list(rejected.in_order()) == [(7, "no cost"), (9, "no NDC"), (9, "no cost")]
    assert (len(rejected), rejected.by_reason) == (3, {"no NDC": 1, "no cost": 2})
