"""What a file holds is counted where it is read, and held against what became of it."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from accounts.models import Plan
from claims.ingest import claim_files, member_files
from claims.ingest.layout import Kind
from claims.ingest.problems import FileProblem
from claims.models import Fill, FillVersion, Load, LoadFile
from tests.claims.loading import load, load_text, write
from tests.claims.test_feed_fhir import NDC, concept, load_all, medical, pharmacy
from tests.conftest import make_member

FILLS = "member_number,claim_id,filled_on,ndc,cost"
GOOD = "M1,C1,2026-01-05,00093005801,10.00"
WIDE = """
files:
  - file: "rx*.csv"
    rows:
      - kind: fills
        when: {column: n, is: ["00093005801", x]}
        columns: {member_number: m, claim_id: c, filled_on: d, ndc: n, cost: k}
      - kind: diagnoses
        when: {column: n, is: ["00093005801", x]}
        columns: {member_number: m, claim_id: c, diagnosed_on: d, codes: dx}
      - kind: diagnoses
        when: {column: n, is: ["00093005801", x]}
        columns: {member_number: m, claim_id: other, diagnosed_on: d, codes: dx}
"""
ROWS = """
m,c,other,d,n,k,dx
M1,C1,D1,2026-01-05,00093005801,10.00,I10
M1,C2,D1,2026-01-05,x,10.00,I11
M9,C3,D3,2026-01-05,00093005801,7.00,I10
M9,C4,D4,2026-01-05,left out,7.00,I10
"""


def drug(code: str, cost: str = "10") -> dict[str, Any]:
    paid = {"category": concept("drugcost"), "amount": {"value": float(cost)}}
    return {"productOrService": concept(code, NDC), "quantity": {"value": 30}, "adjudication": [paid]}


def whole(file: LoadFile) -> tuple[int, int, int, int]:
    assert file.rejected == file.rejected_rows.count() == sum(file.rejected_by_reason.values())
    return file.received, file.accepted, file.duplicate, file.rejected


@pytest.mark.parametrize("lost", ["fills", "members"])
def test_a_record_that_gets_lost_refuses_the_load(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Only a fault of ours can do that; here one is made."""
    make_member(plan, "M1")
    judge, count = claim_files.JUDGE[Kind.FILLS], member_files.count
    monkeypatch.setitem(claim_files.JUDGE, Kind.FILLS, lambda *given: judge(*given).head(1))
    monkeypatch.setattr(member_files, "count", lambda outcomes, tally: count(outcomes[:1], tally))
    texts = {"fills": f"{FILLS}\n{GOOD}\nM1,C2,2026-01-05,00093005801,1.00", "members": "member_number\nA\nB"}
    with pytest.raises(FileProblem) as refused:
        load_text(plan, "csv", tmp_path / "f", {f"{lost}.csv": texts[lost]})
    assert str(refused.value).startswith(f"{lost}.csv: 2 records were read and 1 accounted for; this is a fault of")
    assert (Load.objects.get().status, LoadFile.objects.count()) == ("refused", 0)


def test_each_drug_of_a_claim_is_counted_and_each_that_is_rejected_is_kept(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    items = [drug("00093005801"), drug("00093005899"), drug("bad", "30"), drug("bad too", "40"), None]
    file = load_all(plan, tmp_path, pharmacy(item=items), medical())
    assert whole(file) == (6, 3, 0, 3)
    rows = list(file.rejected_rows.values_list("line", "reason", "raw"))
    assert [(line, reason) for line, reason, _ in rows] == [(1, "no valid NDC")] * 3
    assert json.loads(rows[0][2])["id"] == "E1"
    assert [raw for _, _, raw in rows[1:]] == ["", ""]


def test_the_drugs_of_a_claim_that_comes_again_are_no_versions_of_each_other(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load_all(plan, tmp_path / "a", pharmacy(item=[drug("00093005801")]))
    file = load_all(plan, tmp_path / "b", pharmacy(item=[drug("00093005801"), drug("00093005899")]))
    assert whole(file) == (2, 1, 1, 0)
    assert (Fill.objects.count(), FillVersion.objects.count()) == (2, 0)
    assert "unclear versions" not in {found["name"] for found in file.findings}


def test_every_entry_of_a_bundle_is_counted_and_what_is_none_is_rejected_by_name(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    entries = [{"resource": medical()}, {"resource": {"resourceType": "Bundle"}}, {"fullUrl": "x"}, None, 5]
    file = load_all(plan, tmp_path, {"resourceType": "Bundle", "entry": entries}, name="b.json")
    assert whole(file) == (5, 1, 0, 4)
    assert file.rejected_by_reason == {"a resource that is not used (Bundle)": 1, "an entry without a resource": 3}
    assert [json.loads(row.raw).get("entry") for row in file.rejected_rows.all()] == [None, {"fullUrl": "x"}, None, 5]


def test_a_record_that_a_mapping_gives_to_two_kinds_is_counted_for_each(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    for place, expected in enumerate([(7, 3, 0, 4), (7, 0, 3, 4)]):
        # The order of lines differs, so that the second file is another.
        head, *rows = ROWS.strip().split("\n")
        text = "\n".join([head, *(rows if place else reversed(rows))])
        file = load_text(plan, "csv", tmp_path / f"f{place}", {"rx.csv": text}, mapping=WIDE)["rx.csv"]
        assert whole(file) == expected
        assert file.rejected_by_reason == {"left out by the mapping": 1, "no valid NDC": 1, "unknown member": 2}


def test_a_record_of_diagnoses_is_counted_once_where_its_claims_are_new_and_not(plan: Plan, tmp_path: Path) -> None:
    rows = pl.DataFrame({"line": [1, 1, 2, 3, 3]})
    found = claim_files.in_whole_records(claim_files.Kind.DIAGNOSES, rows, pl.Series([True, False, True, True, True]))
    assert found.to_list() == [False, False, True, True, True]


def test_rejected_records_without_a_readable_cost_are_told_of(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    costs = ("10.00", "$5.00", "99999999999.00", "", "2.00")
    rows = [f"M{1 + 8 * (cost == '2.00')},C{n},2026-01-05,00093005801,{cost}," for n, cost in enumerate(costs)]
    rows.append("M9,C9,,,,delete")
    text = "\n".join([f"{FILLS},action", *rows])
    for folder in (tmp_path / "f", write(tmp_path / "g", {})):
        file = load_text(plan, "csv", folder, {"fills.csv": text})["fills.csv"]
        [found] = [found for found in file.findings if found["name"] == "no readable cost"]
        assert (found["count"], str(file.received_cost), str(file.rejected_cost)) == (3, "12.00", "2.00")
    [file] = load(plan, "csv", write(tmp_path / "h", {"fills.csv": f"{FILLS}\n{GOOD}"})).values()
    assert "no readable cost" not in {found["name"] for found in file.findings}


def test_sums_of_cost_are_as_large_as_the_rows_allow(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    rows = [f"M1,C{n},2026-01-05,00093005801,9999999999.99" for n in range(20_000)]
    [file] = load_text(plan, "csv", tmp_path / "f", {"fills.csv": "\n".join([FILLS, *rows])}).values()
    assert (file.accepted, str(file.accepted_cost)) == (20_000, "199999999999800.00")
