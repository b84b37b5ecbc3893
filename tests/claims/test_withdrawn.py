"""What enrollment files take back or write oddly: a death that did not happen, a benefit package with a sign."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.merging import merge
from members.models import CoverageSpan, Member
from tests.claims.loading import load_text

HEADER = "member_number,last_name,death_date,as_of"
DIED = "A,Maple,2026-01-02,2026-01-10"
LIVES = "A,Maple,none,2026-02-10"
SILENT = "A,Maple,,2026-03-10"


@pytest.mark.parametrize("order", list(permutations((DIED, LIVES, SILENT))))
def test_a_death_is_withdrawn_by_none_in_any_order(plan: Plan, tmp_path: Path, order: tuple[str, ...]) -> None:
    for place, row in enumerate(order):
        load_text(plan, "csv", tmp_path / str(place), {"members.csv": f"{HEADER}\n{row}"})
    assert Member.objects.get().death_date is None


def test_an_empty_field_withdraws_no_death_and_a_later_death_holds(plan: Plan, tmp_path: Path) -> None:
    for place, row in enumerate((DIED, SILENT)):
        load_text(plan, "csv", tmp_path / str(place), {"members.csv": f"{HEADER}\n{row}"})
    assert Member.objects.get().death_date == date(2026, 1, 2)
    later = {"members.csv": f"{HEADER}\n{LIVES}\nA,Maple,2026-04-01,2026-04-10"}
    load_text(plan, "csv", tmp_path / "later", later)
    assert Member.objects.get().death_date == date(2026, 4, 1)


def test_the_same_withdrawal_again_is_a_duplicate_and_counts_in_a_merge(plan: Plan, tmp_path: Path) -> None:
    text = f"{HEADER}\n{LIVES}\nB,Maple,2026-01-02,2026-01-10"
    load_text(plan, "csv", tmp_path / "1", {"members.csv": text})
    [again] = load_text(plan, "csv", tmp_path / "2", {"members.csv": text + "\n" + LIVES}).values()
    assert (again.accepted, again.duplicate) == (0, 3)
    two = {member.source_id: member for member in Member.objects.all()}
    assert merge(current=two["B"], former=two["A"], by=None).death_date is None


def test_a_benefit_package_with_a_sign_is_kept_as_it_came_and_told_of(plan: Plan, tmp_path: Path) -> None:
    files = {
        "members.csv": "member_number\nA",
        "coverage.csv": "member_number,contract,pbp,starts_on\nA,H0001,-05,2026-01-01",
    }
    loaded = load_text(plan, "csv", tmp_path, files)
    span = CoverageSpan.objects.get()
    assert (span.contract, span.pbp) == ("H0001", "-05")
    assert {found["name"]: found["count"] for found in loaded["coverage.csv"].findings} == {"odd benefit packages": 1}
