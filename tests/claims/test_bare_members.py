"""Claims of people whom no enrollment file has named: rejected, unless the load is asked to make members of them."""

from contextlib import nullcontext
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Plan
from claims.ingest.problems import FileProblem
from claims.models import Diagnosis, Fill
from members.models import Member
from tests.claims.loading import load, load_text, write
from tests.conftest import make_member

FILLS = "member_number,claim_id,filled_on,ndc,quantity,days_supply,cost\n"
TWO = FILLS + "M1,1,2026-01-05,00093005801,30,30,1.00\nM2,2,2026-01-05,00093005801,30,30,1.00"


def test_claims_of_unknown_members_are_rejected(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    [file] = load_text(plan, "csv", tmp_path, {"fills.csv": TWO}).values()
    assert (file.accepted, file.rejected_by_reason) == (1, {"unknown member": 1})


def test_members_are_made_where_that_is_asked_for_and_it_is_said(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1", first_name="Pearl")
    [file] = load_text(plan, "csv", tmp_path, {"fills.csv": TWO}, members_from_claims=True).values()
    assert file.accepted == 2
    assert [found["count"] for found in file.findings if found["name"] == "members made from claims"] == [1]
    known, made = Member.objects.order_by("source_id")
    assert (known.first_name, made.source_id, made.birth_date, made.facts_as_of) == ("Pearl", "M2", None, None)


def test_no_member_is_made_of_a_record_that_is_rejected(plan: Plan, tmp_path: Path) -> None:
    fills = [
        *("~~TOTAL ROWS 5,C1,2026-01-05,notanndc,30,30,1.00", "M1,,2026-01-05,00093005801,30,30,1.00"),
        *("M2,C1,2026-01-05,00093005801,30,30,", ",C1,2026-01-05,00093005801,30,30,1.00"),
        *("1eg4-te5-mk73,C1,2026-13-05,00093005801,30,30,1.00", "1EG4TE5MK73,C2,2026-01-05,00093005801,30,30,1.00"),
        *(f"{'9' * 41},C1,2026-01-05,00093005801,30,30,1.00", "M3,C1,2026-01-05,00093005801,30,30,1.00"),
    ]
    diagnoses = (
        "member_number,claim_id,diagnosed_on,codes\nM4,D1,2026-01-05,XX000\nM5,D1,2026-01-05,XX000 I10\nM6,D1,,I10"
    )
    files = {"fills.csv": FILLS + "\n".join(fills), "diagnoses.csv": diagnoses}
    found = load_text(plan, "csv", tmp_path, files, members_from_claims=True)
    assert set(Member.objects.values_list("source_id", flat=True)) == {"1EG4TE5MK73", "M3", "M5"}
    assert (Fill.objects.count(), Diagnosis.objects.count()) == (2, 1)
    made = {
        name: [f["count"] for f in file.findings if f["name"].startswith("members made")]
        for name, file in found.items()
    }
    assert made == {"fills.csv": [2], "diagnoses.csv": [1]}
    assert found["fills.csv"].rejected_by_reason["unknown member"] == 2


def test_what_an_enrollment_file_tells_later_completes_them(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path, {"fills.csv": TWO}, members_from_claims=True)
    members = "member_number,first_name,as_of\nM2,Opal,2025-12-31"
    load_text(plan, "csv", tmp_path / "later", {"members.csv": members})
    assert Member.objects.get(source_id="M2").first_name == "Opal"
    assert Fill.objects.count() == 2


MAPPING = """
    files:
      - file: "rx.txt"
        rows:
          - kind: fills
            columns: {member_number: WHO, claim_id: CLAIM, filled_on: DAY, ndc: NDC, cost: {text: "1.00"}}
"""
MAPPED = {"rx.txt": "WHO,CLAIM,DAY,NDC\nM9,1,20260105,00093005801", "mapping.yaml": MAPPING}


@pytest.mark.parametrize(("cost", "differ"), [("1.00", False), ("2.00", True)])
def test_two_mappings_that_differ_are_refused(plan: Plan, tmp_path: Path, cost: str, differ: bool) -> None:
    first = write(tmp_path / "1", MAPPED)
    second = write(tmp_path / "2", {"mapping.yaml": MAPPING.replace("1.00", cost)})
    with pytest.raises(FileProblem, match="two that differ") if differ else nullcontext():
        load(plan, "csv", first, second, members_from_claims=True)
    assert Fill.objects.count() == (0 if differ else 1)


def test_the_command_makes_them_and_takes_the_mapping_that_lies_among_the_files(plan: Plan, tmp_path: Path) -> None:
    folder = write(tmp_path, MAPPED)
    out = StringIO()
    call_command("load", folder, plan=plan.code, format="csv", members_from_claims=True, stdout=out)
    assert "rx.txt: received 1 = accepted 1" in out.getvalue()
    assert "members made from claims: 1" in out.getvalue()
    assert "mapping.yaml" not in out.getvalue()
    assert Fill.objects.get().member.source_id == "M9"
