"""Which texts are diagnosis codes: what cannot be one is left out and told of, and a record without any is rejected."""

from pathlib import Path

import pytest

from accounts.models import Plan
from claims.models import Diagnosis, LoadFile
from tests.claims.loading import load_text

HEADER = "member_number,claim_id,diagnosed_on,system,codes"


def load_codes(plan: Plan, folder: Path, *codes: str, system: str = "") -> LoadFile:
    rows = [f"M1,{place},2026-01-05,{system},{one}" for place, one in enumerate(codes)]
    files = {"members.csv": "member_number\nM1", "diagnoses.csv": "\n".join([HEADER, *rows])}
    return load_text(plan, "csv", folder, files)["diagnoses.csv"]


@pytest.mark.parametrize(
    ("system", "codes"),
    [
        ("10", "I10 E11.9 C4A.9 M80.08XA o9a.212 U07.1 S72.001A Z3A.00"),
        ("9", "250.00 401 V58.67 E880.9 042 V10"),
    ],
)
def test_codes_of_each_shape_are_kept(plan: Plan, tmp_path: Path, system: str, codes: str) -> None:
    file = load_codes(plan, tmp_path, codes, system=system)
    assert (file.accepted, Diagnosis.objects.count()) == (1, len(codes.split()))
    assert "diagnosis codes that are none" not in {found["name"] for found in file.findings}


@pytest.mark.parametrize(
    ("system", "codes"),
    [
        ("", "NOTACODE"),
        ("", "I10;E119"),
        ("", "I1 A"),
        ("", "I1012345"),
        ("10", "25000"),
        ("9", "E11"),
        ("9", "V5 25 250000"),
        ("", "Ⅰ10"),
    ],
)
def test_a_record_without_a_code_that_can_be_one_is_rejected(
    plan: Plan, tmp_path: Path, system: str, codes: str
) -> None:
    file = load_codes(plan, tmp_path, codes, "I10" if system != "9" else "401", system=system)
    assert (file.received, file.accepted) == (2, 1)
    assert file.rejected_by_reason == {"no valid diagnosis code": 1}


def test_an_empty_field_is_no_wrong_code(plan: Plan, tmp_path: Path) -> None:
    assert load_codes(plan, tmp_path, " ").rejected_by_reason == {"no diagnosis code": 1}


def test_a_word_among_codes_is_left_out_and_told_of(plan: Plan, tmp_path: Path) -> None:
    file = load_codes(plan, tmp_path, "4019 OTHER  25000 XX000", "4019", system="9")
    assert (file.accepted, file.rejected) == (2, 0)
    assert {found["name"]: found["count"] for found in file.findings}["diagnosis codes that are none"] == 2
    assert set(Diagnosis.objects.values_list("claim_id", "code")) == {("0", "4019"), ("0", "25000"), ("1", "4019")}
