"""Days of hospice claims are days in hospice, beside what enrollment files tell and held to the same rules."""

from itertools import permutations
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.models import Diagnosis, LoadFile
from members.models import MemberSpan
from tests.claims.loading import DATA, load, load_text, real_files
from tests.conftest import make_member

HEADER = "DML_IND|BENE_ID|CLM_ID|NCH_CLM_TYPE_CD|CLM_FROM_DT|CLM_THRU_DT|PRNCPAL_DGNS_CD|FINAL_ACTION"
MAY = "INSERT|M1|1|50|01-May-2026|31-May-2026|C61|F"
JUNE = "INSERT|M1|2|50|01-Jun-2026|20-Jun-2026|C61|F"
AUGUST = "INSERT|M1|3|50|03-Aug-2026|09-Aug-2026|C61|F"
OVERLAPPING = "INSERT|M1|4|50|15-May-2026|25-Jun-2026|C61|F"
SPANS = "member_number,kind,starts_on,ends_on,as_of,action\n"


def load_hospice(plan: Plan, folder: Path, *rows: str) -> LoadFile:
    return load_text(plan, "rif", folder, {"hospice.csv": "\n".join([HEADER, *rows])})["hospice.csv"]


def in_hospice(plan: Plan) -> list[str]:
    found = MemberSpan.objects.filter(plan=plan, kind=MemberSpan.Kind.HOSPICE).order_by("period")
    return [f"{span.period.lower} {span.period.upper}" for span in found]


def told(file: LoadFile) -> dict[str, int]:
    return {found["name"]: found["count"] for found in file.findings if "hospice" in found["name"]}


@pytest.mark.parametrize("order", list(permutations((MAY, JUNE, AUGUST, OVERLAPPING)))[::5])
def test_days_that_touch_or_overlap_are_one_period_in_any_order(
    plan: Plan, tmp_path: Path, order: tuple[str, ...]
) -> None:
    make_member(plan, "M1")
    for place, row in enumerate(order):
        load_hospice(plan, tmp_path / str(place), row)
    assert in_hospice(plan) == ["2026-05-01 2026-06-26", "2026-08-03 2026-08-10"]


def test_the_claims_are_counted_once_and_the_periods_told_of(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    file = load_hospice(plan, tmp_path / "1", MAY, MAY, JUNE)
    assert (file.received, file.accepted, file.duplicate, file.rejected) == (3, 2, 1, 0)
    assert told(file) == {"hospice periods from claims": 2}
    assert Diagnosis.objects.filter(inpatient=True).count() == 0
    again = load_hospice(plan, tmp_path / "2", MAY, JUNE)
    assert told(again) == {}


@pytest.mark.parametrize(
    "row",
    [
        MAY.replace("INSERT", "DELETE"),
        MAY.replace("|F", "|N"),
        MAY.replace("|50|", "|40|"),
        MAY.replace("M1", "M2"),
    ],
)
def test_a_claim_that_does_not_hold_tells_of_no_period(plan: Plan, tmp_path: Path, row: str) -> None:
    make_member(plan, "M1")
    assert "hospice periods from claims" not in told(load_hospice(plan, tmp_path, row))
    assert in_hospice(plan) == []


def test_days_of_a_claim_that_is_deleted_later_are_told_of_and_taken_back_by_a_file(plan: Plan, tmp_path: Path) -> None:
    """Another claim may begin on the same day, so a deletion alone does not tell which days are none."""
    make_member(plan, "M1")
    load_hospice(plan, tmp_path / "1", MAY)
    assert told(load_hospice(plan, tmp_path / "2", MAY.replace("INSERT", "DELETE"))) == {
        "deletions of hospice claims": 1
    }
    assert in_hospice(plan) == ["2026-05-01 2026-06-01"]
    load_text(plan, "csv", tmp_path / "s", {"spans.csv": SPANS + "M1,hospice,2026-05-01,,2026-07-01,delete"})
    assert in_hospice(plan) == []


@pytest.mark.parametrize("last", ["", "31-Apr-2026", "30-Apr-2026"])
def test_days_that_are_no_period_are_counted(plan: Plan, tmp_path: Path, last: str) -> None:
    make_member(plan, "M1")
    file = load_hospice(plan, tmp_path, MAY.replace("31-May-2026", last))
    assert (told(file), file.accepted) == ({"hospice claims without a period": 1}, 1)
    assert in_hospice(plan) == []


@pytest.mark.parametrize("enrollment_first", [True, False])
def test_what_an_enrollment_file_says_later_holds(plan: Plan, tmp_path: Path, enrollment_first: bool) -> None:
    make_member(plan, "M1")
    steps = [
        lambda: load_text(plan, "csv", tmp_path / "s", {"spans.csv": SPANS + "M1,hospice,,2026-05-10,2026-07-01,end"}),
        lambda: load_hospice(plan, tmp_path / "h", MAY, JUNE),
    ]
    for step in steps if enrollment_first else reversed(steps):
        step()
    assert in_hospice(plan) == ["2026-05-01 2026-05-11"]


@real_files
def test_the_hospice_claims_of_the_public_files_give_periods(plan: Plan) -> None:
    file = load(plan, "rif", DATA / "rif-synthea")["hospice.csv"]
    assert told(file) == {"hospice periods from claims": 9}
    assert "2016-07-07 2016-08-06" in in_hospice(plan)
    assert "does not give hospice days before the first claim and after the last" in file.notes
