"""What is odd about a file is said by name and counted, and nothing is said of a file that is as it should be."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from accounts.models import Plan
from claims.ingest.findings import DIAGNOSES, FILLS, Findings
from claims.ingest.layout import Kind
from claims.models import Fill, LoadFile
from members.models import Member
from tests.claims.loading import DATA, load, load_text, real_files
from tests.claims.test_drugs_of_ndcs import product

FILL: dict[str, Any] = {
    **{"filled_on": date(2025, 1, 5), "ndc": "00093005801", "brand": "G", "quantity": Decimal(30), "days_supply": 30},
    **{"cost": Decimal("12.34"), "patient_pay": Decimal("1.00"), "prescriber": "1900000001", "pharmacy": "1950000001"},
    **{"cost_is_rounded": False, "quantity_is_rounded": False, "cost_differs": False},
    **{"coverage": "C", "compound": False, "dispensing": "", "action": 0, "final": True},
}
ODD = {
    "zero cost": {"cost": Decimal("0.00")},
    "zero quantity": {"quantity": Decimal(0)},
    "zero days' supply": {"days_supply": 0},
    "no days' supply": {"days_supply": None},
    "no quantity": {"quantity": None},
    "patient pays more than the cost": {"patient_pay": Decimal("12.35")},
    "rounded costs": {"cost": Decimal("20.00")},
    "placeholder costs": {"cost": Decimal("0.01")},
    "costs finer than cents": {"cost_is_rounded": True},
    "fine quantities": {"quantity_is_rounded": True},
    "cost differs from its parts": {"cost_differs": True},
    "implausible costs": {"cost": Decimal("50000.01")},
    "no prescriber": {"prescriber": ""},
    "no pharmacy": {"pharmacy": ""},
    "quantity against days' supply": {"quantity": Decimal(1600), "days_supply": 30},
    "not covered by Part D": {"coverage": "O"},
    "compounds": {"compound": True},
    "partial fills": {"dispensing": "P"},
    "adjustments": {"action": 1},
    "deletions": {"action": 2},
    "not final": {"final": False},
}


def found_in(rows: list[dict[str, Any]], kind: Kind = Kind.FILLS) -> dict[str, int]:
    findings = Findings(kind)
    findings.look_at(pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"days_supply": pl.Int16}))
    return {found["name"]: found["count"] for found in findings.found()}


def test_every_finding_about_a_row_is_tried() -> None:
    assert set(ODD) | {"ICD-9-CM"} == {check.name for check in (*FILLS, *DIAGNOSES)}


def test_nothing_is_said_of_an_ordinary_fill() -> None:
    assert found_in([FILL]) == {}


@pytest.mark.parametrize("name", ODD)
def test_each_oddity_is_counted_by_its_name(name: str) -> None:
    assert found_in([FILL | ODD[name]] * 2)[name] == 2


@pytest.mark.parametrize(
    ("name", "odd", "told"),
    [("rounded costs", 199, False), ("placeholder costs", 9, False), ("placeholder costs", 10, True)],
)
def test_a_few_odd_rows_say_nothing_about_a_whole_file(name: str, odd: int, told: bool) -> None:
    assert (name in found_in([FILL | ODD[name]] * odd + [FILL] * (200 - odd))) == told


def test_codes_of_icd_9_are_told_of() -> None:
    rows = [{"diagnosed_on": date(2009, 1, 1), "system": "9"}, {"diagnosed_on": date(2025, 1, 1), "system": "10"}]
    assert found_in(rows, Kind.DIAGNOSES) == {"ICD-9-CM": 1}


def test_codes_of_drugs_are_looked_at_as_a_whole() -> None:
    many = [FILL | {"ndc": f"{number:011}"} for number in range(101)]
    assert found_in(many) == {"an NDC a fill": 101}
    few = [FILL | {"ndc": "00000000001", "brand": "BG"[number % 2]} for number in range(101)]
    assert found_in(few) == {"few NDCs": 1, "brand and generic": 1}


@pytest.mark.parametrize(("odd", "told"), [(40, False), (41, True)])
def test_most_fills_of_a_real_plan_are_for_one_month_or_three(odd: int, told: bool) -> None:
    rows = [FILL | {"days_supply": 10 if n < odd else 90 if n < 60 else 30, "ndc": f"{n % 9:011}"} for n in range(100)]
    assert ("unusual days' supplies" in found_in(rows)) == told


def a_year(year: int, a_month: int) -> list[dict[str, Any]]:
    days = [date(year, month, 1) for month in range(1, 13)]
    return [FILL | {"filled_on": day, "ndc": f"{n % 7:011}"} for day in days for n in range(a_month)]


@pytest.mark.parametrize(("later", "told"), [(15, {}), (14, {"fewer claims than the year before": 168})])
def test_a_year_that_falls_below_three_quarters_of_the_year_before_is_told_of(later: int, told: dict[str, int]) -> None:
    found = found_in(a_year(2009, 20) + a_year(2010, later))
    assert {name: count for name, count in found.items() if name.startswith("fewer")} == told


def test_a_year_that_has_only_begun_is_not_compared() -> None:
    begun = [FILL | {"filled_on": date(2010, 1, 1) + timedelta(days=n)} for n in range(100)]
    assert not [name for name in found_in(a_year(2009, 90) + begun) if name.startswith("fewer")]


@pytest.mark.parametrize(
    ("at_cap", "below", "told"), [(20, 80, 20), (19, 81, None), (20, 3_980, 20), (20, 3_981, None)]
)
def test_many_fills_at_exactly_the_highest_cost_are_told_of(at_cap: int, below: int, told: int | None) -> None:
    rows = [FILL | {"cost": Decimal("570.00")}] * at_cap + [FILL] * below
    assert found_in(rows).get("capped costs") == told


def test_a_highest_cost_is_counted_over_the_blocks_of_a_file() -> None:
    findings = Findings(Kind.FILLS)
    for cost, fills in (("99.00", 50), ("570.00", 15), ("20.00", 50), ("570.00", 5)):
        findings.look_at(
            pl.DataFrame([FILL | {"cost": Decimal(cost)}] * fills, schema_overrides={"days_supply": pl.Int16})
        )
    assert [found["count"] for found in findings.found() if found["name"] == "capped costs"] == [20]


RIF_MEMBER = (
    "DML_IND|BENE_ID|BENE_BIRTH_DT|DEATH_DT|BENE_SEX_IDENT_CD|BENE_ESRD_IND|MBI_NUM|BENE_SRNM_NAME|BENE_GVN_NAME"
)
MONTHS = "BENE_ZIP_CD|RFRNC_YR|PTD_CNTRCT_JAN_ID|PTD_PBP_JAN_ID|META_DUAL_ELGBL_STUS_JAN_CD|META_DUAL_ELGBL_STUS_FEB_CD"


def test_codes_of_months_that_are_none_of_cms_are_told_of_and_the_member_is_kept(plan: Plan, tmp_path: Path) -> None:
    rows = [
        "INSERT|M1|01-Jan-1950||1| |||Pearl|99999|2025|Z9001|-05|~|02",
        "INSERT|M2|||1|N||||99999|2025|Z9001|001|NA|XX",
    ]
    text = "\n".join([f"{RIF_MEMBER}|{MONTHS}", *rows])
    [file] = load_text(plan, "rif", tmp_path / "f", {"beneficiary_2025.csv": text}).values()
    assert counted(file) == {
        **{"odd benefit packages": 1, "odd dual codes": 2, "no birth date": 1, "blanks for empty": 1},
    }
    assert Member.objects.filter(plan=plan).count() == 2


FILL_HEADER = "member_number,claim_id,filled_on,ndc,quantity,days_supply,prescriber,pharmacy"
PARTS_HEADER = f"{FILL_HEADER},cost,ingredient_cost,dispensing_fee\n"


@pytest.mark.parametrize(
    ("quantity", "cost", "told"),
    [
        ("30", "11.15,,", {}),
        ("30.500", "11.150,,", {}),
        ("30", "11.155,,", {"costs finer than cents": 1}),
        ("30.0005", "11.15,,", {"fine quantities": 1}),
        ("30", "11.15,10.10,1.05", {}),
        ("30", "11.150,10.100,1.05", {}),
        ("30", ",10.10,1.05", {}),
        ("30", ",.50,1.05", {}),
        ("30", "11.16,10.10,1.05", {"cost differs from its parts": 1}),
        ("30", "about 11,10.10,1.05", {"cost differs from its parts": 1}),
        ("30", ",10.1049,1.05", {"costs finer than cents": 1}),
        # Only what counts was rounded.
        ("30", "11.150001,10.10,1.05", {}),
    ],
)
def test_what_is_rounded_or_contradicts_itself_is_told_of(
    plan: Plan, tmp_path: Path, quantity: str, cost: str, told: dict[str, int]
) -> None:
    Member.objects.create(plan=plan, source_id="M1")
    # Beside a fill in parts: what is not given of one is nothing to the other.
    rows = [f"M1,1,2025-01-05,00093005801,{quantity},30,1,2,{cost}", "M1,2,2025-01-05,00093005801,30,30,1,2,,9.01,1.00"]
    found = counted(load_text(plan, "csv", tmp_path, {"fills.csv": PARTS_HEADER + "\n".join(rows)})["fills.csv"])
    names = {"costs finer than cents", "fine quantities", "cost differs from its parts"}
    assert {name: count for name, count in found.items() if name in names} == told


@pytest.mark.parametrize("dispensing", ["", "P", "C"])
@pytest.mark.parametrize(("days", "odd"), [(0, 1), (1, None), (100, None), (101, 1)])
def test_an_odd_days_supply_of_a_tablet_is_told_of_whether_the_fill_is_whole_or_a_part(
    plan: Plan, tmp_path: Path, dispensing: str, days: int, odd: int | None
) -> None:
    Member.objects.create(plan=plan, source_id="M1")
    product("00093005801", "metformin", oral=True)
    text = f"{FILL_HEADER},cost,dispensing\nM1,1,2025-01-05,00093005801,30,{days},1,2,11.15,{dispensing}"
    [file] = load_text(plan, "csv", tmp_path, {"fills.csv": text}).values()
    assert counted(file).get("odd days' supply") == odd


def test_our_own_layout_has_updates_too(plan: Plan, tmp_path: Path) -> None:
    Member.objects.create(plan=plan, source_id="M1")
    header, fill = f"{FILL_HEADER},cost,action\n", "M1,1,2025-01-05,00093005801,30,30,1,2"
    for place, end in enumerate(("9.00,update adjust", "10.00,Update", "11.15,", "12.00,adjust")):
        load_text(plan, "csv", tmp_path / str(place), {"fills.csv": f"{header}{fill},{end}"})
    assert str(Fill.objects.get().cost) == "9.00"


def counted(file: LoadFile) -> dict[str, int]:
    return {found["name"]: found["count"] for found in file.findings}


@real_files
def test_what_is_odd_about_desynpuf_is_found(plan: Plan) -> None:
    files = {file.kind: counted(file) for file in load(plan, "desynpuf", DATA / "desynpuf").values()}
    fills = files["fills"]
    assert (fills["rounded costs"], fills["an NDC a fill"], fills["fewer claims than the year before"]) == (
        22_474,
        20_756,
        5_707,
    )
    assert fills["capped costs"] == 208
    notes = LoadFile.objects.get(plan=plan, kind="fills").notes
    assert {"does not give fill numbers", "does not give which fills are compounds (taken as none)"} <= set(notes)
    for name, share in (
        ("zero cost", 0.101),
        ("zero quantity", 0.045),
        ("zero days' supply", 0.021),
        ("patient pays more than the cost", 0.054),
    ):
        assert fills[name] / 22_474 == pytest.approx(share, abs=0.001)


@real_files
def test_claims_in_segments_are_told_of(plan: Plan) -> None:
    [file] = [file for name, file in load(plan, "desynpuf", DATA / "desynpuf").items() if "Outpatient" in name]
    assert counted(file)["claims in segments"] == 71
    assert file.rejected_by_reason == {"no valid service date": 71}


@real_files
def test_what_is_odd_about_tuva_is_found(plan: Plan) -> None:
    files = load(plan, "csv", DATA / "tuva-demo", mapping="tuva")
    fills = counted(files["pharmacy_claim.csv"])
    assert fills["no days' supply"] == fills["no prescriber"] == 12_019
    assert fills["few NDCs"] == 88
    assert "capped costs" not in fills
    assert fills["fills outside coverage"] == pytest.approx(0.375 * 12_019, rel=0.01)


@real_files
def test_what_is_odd_about_rif_is_found(plan: Plan) -> None:
    fills = counted(load(plan, "rif", DATA / "rif-synthea")["pde.csv"])
    assert {"placeholder costs", "unusual days' supplies", "brand and generic"} <= set(fills)
    assert "capped costs" not in fills
    assert "blanks for empty" in fills
