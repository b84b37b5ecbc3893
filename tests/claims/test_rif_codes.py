"""Codes of the research files: what means nothing is rejected, small letters mean what capitals do."""

from pathlib import Path
from typing import Any

import pytest

from claims.models import Diagnosis, Fill, FillVersion, LoadFile
from members.models import Member
from tests.claims.loading import load_text
from tests.claims.test_netting import ADJUSTED, DELETED, ORIGINAL, load

CARRIER = "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|PRNCPAL_DGNS_CD|FINAL_ACTION\n"
ACTION = "no known action"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ADJSTMT_DLTN_CD": "X"}, ACTION),
        ({"DML_IND": "bogus"}, ACTION),
        ({"DML_IND": "DELETED", "ADJSTMT_DLTN_CD": "D"}, ACTION),
        ({"CMPND_CD": "9"}, "no known mark of a compound"),
        ({"FINAL_ACTION": "X"}, "no known mark of the final action"),
        ({"DSPNSNG_STUS_CD": "X"}, "no valid dispensing status"),
        ({"DRUG_CVRG_STUS_CD": "X"}, "no valid coverage status"),
    ],
)
def test_a_code_of_a_fill_that_means_nothing_does_not_mean_the_usual(
    member: Member, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    [file] = load(member.plan, tmp_path, [changed]).files.all()
    assert file.rejected_by_reason == {reason: 1}


def test_small_letters_mean_what_capitals_do(member: Member, tmp_path: Path) -> None:
    small = {"DML_IND": "insert", "FINAL_ACTION": "f", "DSPNSNG_STUS_CD": "p", "DRUG_CVRG_STUS_CD": "e"}
    load(member.plan, tmp_path, [small])
    fill = Fill.objects.get()
    assert (fill.coverage, fill.dispensing, fill.compound) == ("E", "P", False)
    load(member.plan, tmp_path, [DELETED | {"ADJSTMT_DLTN_CD": "d"}])
    assert not Fill.objects.exists()


@pytest.mark.parametrize(("code", "compound"), [("", False), ("0", False), ("1", False), ("2", True)])
def test_only_two_is_a_compound(member: Member, tmp_path: Path, code: str, compound: bool) -> None:
    load(member.plan, tmp_path, [{"CMPND_CD": code}])
    assert Fill.objects.get().compound == compound


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("bogus|M1|1|05-Jan-2026|I10|F", ACTION),
        ("INSERT|M1|1|05-Jan-2026|I10|X", ACTION),
        ("INSERT|M1|1|05-Jan-2026|I10|n", "not the final action of the claim"),
        ("delete|M1|1|05-Jan-2026|I10|F", "deletion of a claim"),
    ],
)
def test_so_it_is_with_medical_claims(member: Member, tmp_path: Path, row: str, reason: str) -> None:
    [file] = load_text(member.plan, "rif", tmp_path / "c", {"carrier.csv": CARRIER + row}).values()
    assert file.rejected_by_reason == {reason: 1}


def test_codes_of_a_medical_claim_that_is_updated_stay_and_that_is_told(member: Member, tmp_path: Path) -> None:
    for place, row in enumerate(["INSERT|M1|1|05-Jan-2026|I10|F", "UPDATE|M1|1|05-Jan-2026|E119|F"]):
        [file] = load_text(member.plan, "rif", tmp_path / str(place), {"carrier.csv": CARRIER + row}).values()
    assert told(file) == {"updates of medical claims": 1}
    assert set(Diagnosis.objects.values_list("code", flat=True)) == {"I10", "E119"}


def told(file: LoadFile) -> dict[str, Any]:
    return {found["name"]: found["count"] for found in file.findings}


KEYED = {"CLM_GRP_ID": "", "RX_SRVC_RFRNC_NUM": "700001", "SRVC_PRVDR_ID": "1999999101", "FILL_NUM": "1"}


@pytest.mark.parametrize("same_file", [True, False])
@pytest.mark.parametrize(
    ("version", "cost"),
    [
        (ADJUSTED, "10.00"),
        (ADJUSTED | {"SRVC_DT": "20230105", "FILL_NUM": "01", "RX_SRVC_RFRNC_NUM": "0700001"}, "10.00"),
        (DELETED, None),
    ],
)
def test_versions_without_a_group_are_of_one_claim_by_their_key(
    member: Member, tmp_path: Path, version: dict[str, str], cost: str | None, same_file: bool
) -> None:
    versions = [KEYED | ORIGINAL | {"PDE_ID": "-1"}, KEYED | version | {"PDE_ID": "-2"}]
    for files in [[versions]] if same_file else [[[one]] for one in versions]:
        done = load(member.plan, tmp_path, *files)
    assert [str(fill.cost) for fill in Fill.objects.all()] == ([cost] if cost else [])
    assert told(done.files.get())["claims without a group"] == (2 if same_file else 1)


@pytest.mark.parametrize(
    "other",
    [
        *({"FILL_NUM": "2"}, {"SRVC_DT": "06-Jan-2023"}, {"RX_SRVC_RFRNC_NUM": "700002"}),
        *({"SRVC_PRVDR_ID": "1999999102"}, {"DSPNSNG_STUS_CD": "C"}, {"CLM_GRP_ID": "7"}),
    ],
)
def test_another_key_is_another_claim(member: Member, tmp_path: Path, other: dict[str, str]) -> None:
    load(member.plan, tmp_path, [KEYED | {"PDE_ID": "-1"}, KEYED | {"PDE_ID": "-2"} | other])
    assert Fill.objects.count() == 2


def test_without_a_whole_key_a_correction_is_told_of(member: Member, tmp_path: Path) -> None:
    without = KEYED | {"RX_SRVC_RFRNC_NUM": ""}
    versions = [without | {"PDE_ID": "-1"}, without | ADJUSTED | {"PDE_ID": "-2"}]
    [file] = load(member.plan, tmp_path, versions).files.all()
    assert told(file)["corrections of no known claim"] == 1
    assert (Fill.objects.count(), FillVersion.objects.count()) == (2, 0)
