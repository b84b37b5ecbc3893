"""The first members of a generated plan each show the one thing they are there for."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from mtm.generator import generate
from mtm.generator.edges import EDGES, member_of
from tests.mtm.generated import Plan

YEARS = (2024, 2025, 2026)
Row = dict[str, str]


@pytest.fixture(scope="module", params=[(len(EDGES), 1), (50, 2)], ids=["seed 1", "seed 2"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No edge hangs on the seed, or on more than so many members."""
    members, seed = request.param
    out = tmp_path_factory.mktemp("edges")
    generate(members=members, years=YEARS, seed=seed, out=out)
    return out


@pytest.fixture(scope="module")
def plans(folder: Path) -> dict[int, Plan]:
    return {year: Plan(folder, year) for year in YEARS}


@pytest.fixture(scope="module")
def rows_of(plans: dict[int, Plan]) -> Callable[..., list[Row]]:
    """The rows of the member who shows the edge, as they stand in a file."""
    read: dict[str, pl.DataFrame] = {}

    def rows(edge: str, name: str = "pde.csv") -> list[Row]:
        separator, member = (",", "member_number") if name == "at_risk.csv" else ("|", "BENE_ID")
        if name not in read:
            read[name] = plans[2026].read(name, separator)
        return read[name].filter(pl.col(member) == bene_id(edge)).to_dicts()

    return rows


def bene_id(edge: str) -> str:
    return str(-100_000_000_000 - member_of(edge))


def values(rows: list[Row], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


@pytest.mark.parametrize(
    ("edge", "year", "cost", "more_than", "at_least"),
    [
        ("spends 5,329.99 in 2024", 2024, "5329.99", False, False),
        ("spends 5,330.00 in 2024", 2024, "5330.00", False, True),
        ("spends 5,330.01 in 2024", 2024, "5330.01", True, True),
        ("spends 1,622.99 in 2025", 2025, "1622.99", False, False),
        ("spends 1,623.00 in 2025", 2025, "1623.00", False, True),
        ("spends 1,623.01 in 2025", 2025, "1623.01", True, True),
        ("spends 1,275.99 in 2026", 2026, "1275.99", False, False),
        ("spends 1,276.00 in 2026", 2026, "1276.00", False, True),
        ("spends 1,276.01 in 2026", 2026, "1276.01", True, True),
    ],
)
def test_cost_decides_by_a_cent(
    plans: dict[int, Plan], edge: str, year: int, cost: str, more_than: bool, at_least: bool
) -> None:
    plan, member = plans[year], bene_id(edge)
    assert plan.cost[member] == Decimal(cost)
    threshold = {2024: 5_330, 2025: 1_623, 2026: 1_276}[year]
    assert plan.eligible(member, more_than=threshold) == more_than
    assert plan.eligible(member, at_least=threshold) == at_least


@pytest.mark.parametrize(("count", "eligible"), [(7, False), (8, True), (9, True)])
def test_drugs_count_once_whatever_their_strength_brand_or_combination(
    plans: dict[int, Plan], rows_of: Callable[..., list[Row]], count: int, eligible: bool
) -> None:
    edge = f"takes {count} drugs"
    assert plans[2026].maintenance_drugs[bene_id(edge)] == count
    assert len({row["PROD_SRVC_ID"] for row in rows_of(edge)}) == count + 3
    assert plans[2026].eligible(bene_id(edge), at_least=1_276) == eligible


def test_a_claim_and_its_deletion(rows_of: Callable[..., list[Row]]) -> None:
    first, deletion, stays = rows_of("deleted")
    assert values([first, deletion], "ADJSTMT_DLTN_CD", "FINAL_ACTION") == [("", "N"), ("D", "F")]
    assert first["CLM_GRP_ID"] == deletion["CLM_GRP_ID"] != stays["CLM_GRP_ID"]


def test_a_claim_and_its_adjustment(rows_of: Callable[..., list[Row]]) -> None:
    first, adjustment = rows_of("adjusted")
    assert values([first, adjustment], "ADJSTMT_DLTN_CD", "FINAL_ACTION", "TOT_RX_CST_AMT") == [
        ("", "N", "900.00"),
        ("A", "F", "12.50"),
    ]
    assert first["CLM_GRP_ID"] == adjustment["CLM_GRP_ID"]


def test_a_deletion_that_stands_before_its_claim(rows_of: Callable[..., list[Row]]) -> None:
    deletion, original = rows_of("reversed before original")
    assert values([deletion, original], "ADJSTMT_DLTN_CD", "PD_DT") == [("D", "11-Mar-2026"), ("", "02-Mar-2026")]
    assert deletion["CLM_GRP_ID"] == original["CLM_GRP_ID"]


def test_an_adjusted_claim_that_is_deleted(rows_of: Callable[..., list[Row]]) -> None:
    rows = rows_of("adjusted then deleted")
    assert values(rows, "ADJSTMT_DLTN_CD", "FINAL_ACTION") == [("", "N"), ("A", "N"), ("D", "F")]
    assert len({row["CLM_GRP_ID"] for row in rows}) == 1


def test_two_parts_of_one_fill_on_one_day(rows_of: Callable[..., list[Row]]) -> None:
    rows = rows_of("filled in two parts")
    assert [row["DSPNSNG_STUS_CD"] for row in rows] == ["P", "C"]
    same = ("SRVC_DT", "RX_SRVC_RFRNC_NUM", "FILL_NUM", "PROD_SRVC_ID")
    assert len(set(values(rows, *same))) == 1
    assert len({row["CLM_GRP_ID"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("edge", "column", "code"),
    [
        ("compounded", "CMPND_CD", "2"),
        ("over the counter", "DRUG_CVRG_STUS_CD", "O"),
        ("enhanced benefit", "DRUG_CVRG_STUS_CD", "E"),
    ],
)
def test_a_fill_with_a_special_code(rows_of: Callable[..., list[Row]], edge: str, column: str, code: str) -> None:
    assert [row[column] for row in rows_of(edge)] == [code]


@pytest.mark.parametrize("edge", ["over the counter", "enhanced benefit"])
def test_what_part_d_does_not_cover_costs_it_nothing(rows_of: Callable[..., list[Row]], edge: str) -> None:
    amounts = ("NCVRD_PLAN_PD_AMT", "CVRD_D_PLAN_PD_AMT", "PTNT_PAY_AMT", "TOT_RX_CST_AMT")
    assert values(rows_of(edge), *amounts) == [("7000.00", "0.00", "0.00", "7000.00")]


def test_an_unknown_package_of_a_known_product(plans: dict[int, Plan], rows_of: Callable[..., list[Row]]) -> None:
    known = set(plans[2026].drugs["ndc11"])
    [row] = rows_of("unknown package")
    assert row["PROD_SRVC_ID"] not in known
    assert row["PROD_SRVC_ID"][:9] in {ndc[:9] for ndc in known}


def test_an_unknown_product(plans: dict[int, Plan], rows_of: Callable[..., list[Row]]) -> None:
    [row] = rows_of("unknown product")
    assert row["PROD_SRVC_ID"][:9] not in {ndc[:9] for ndc in plans[2026].drugs["ndc11"]}


def contracts(row: Row) -> str:
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
    return "".join(
        "Z" if row[f"PTD_CNTRCT_{month}_ID"] == "Z9001" else row[f"PTD_CNTRCT_{month}_ID"] for month in months
    )


@pytest.mark.parametrize(
    ("edge", "year"),
    [
        ("died", "ZZZZZZZ00000"),
        ("joined in mid year", "NNNNNZZZZZZZ"),
        ("left in mid year", "ZZZZZZZZNNNN"),
        ("away for two months", "ZZZZNNZZZZZZ"),
    ],
)
def test_coverage_that_does_not_last_the_year(rows_of: Callable[..., list[Row]], edge: str, year: str) -> None:
    [row] = rows_of(edge, "beneficiary_2026.csv")
    assert contracts(row) == year


def test_a_death_has_its_day(rows_of: Callable[..., list[Row]]) -> None:
    assert values(rows_of("died", "beneficiary_2026.csv"), "DEATH_DT", "V_DOD_SW") == [("10-Jul-2026", "V")]
    assert values(rows_of("died", "beneficiary_2025.csv"), "DEATH_DT", "V_DOD_SW") == [("", "")]


@pytest.mark.parametrize(
    ("edge", "before", "after"), [("gains subsidy", "09", "subsidy"), ("loses subsidy", "subsidy", "09")]
)
def test_the_low_income_subsidy_changes_in_july(
    rows_of: Callable[..., list[Row]], edge: str, before: str, after: str
) -> None:
    [row] = rows_of(edge, "beneficiary_2026.csv")
    assert [row["CST_SHR_GRP_JUN_CD"] == "09", row["CST_SHR_GRP_JUL_CD"] == "09"] == [before == "09", after == "09"]
    paid = [row["LICS_AMT"] != "0.00" for row in rows_of(edge)]
    assert paid == [before != "09", after != "09"]


def test_a_stay_in_a_nursing_facility_and_home_again(rows_of: Callable[..., list[Row]]) -> None:
    homes = [row["PTNT_RSDNC_CD"] for row in rows_of("in nursing home")]
    assert homes == ["03"] * 13 + ["01"]
    assert {row["DAYS_SUPLY_NUM"] for row in rows_of("in nursing home")[:13]} == {"15"}


def test_a_medicare_number_changes_and_the_member_stays(rows_of: Callable[..., list[Row]]) -> None:
    numbers = [rows_of("new medicare number", f"beneficiary_{year}.csv")[0]["MBI_NUM"] for year in YEARS]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(("edge", "same"), [("two labelers", 0), ("two packages", 9)])
def test_one_drug_under_two_codes(
    plans: dict[int, Plan], rows_of: Callable[..., list[Row]], edge: str, same: int
) -> None:
    first, second = (row["PROD_SRVC_ID"] for row in rows_of(edge))
    assert first != second
    assert first[:same] == second[:same]
    assert (first[:5] == second[:5]) == (same > 0)
    assert plans[2026].maintenance_drugs[bene_id(edge)] == 1


def test_fills_on_the_first_and_last_day_of_quarters(rows_of: Callable[..., list[Row]]) -> None:
    days = [row["SRVC_DT"][:6] for row in rows_of("fills on quarter days")]
    assert days == ["01-Jan", "31-Mar", "01-Apr", "30-Jun", "01-Jul", "30-Sep", "01-Oct", "31-Dec"]


@pytest.mark.parametrize(
    ("edge", "limited"),
    [
        ("at risk now", True),
        ("at risk no more", False),
        ("at risk extended", True),
        ("at risk by notice of other plan", True),
        ("potentially at risk", False),
    ],
)
def test_a_limitation_that_holds_at_the_end_of_the_year_or_not(
    plans: dict[int, Plan], rows_of: Callable[..., list[Row]], edge: str, limited: bool
) -> None:
    assert len(rows_of(edge, "at_risk.csv")) == 1
    assert (bene_id(edge) in plans[2026].at_risk) == limited


def test_only_notice_of_another_plan_names_one(rows_of: Callable[..., list[Row]]) -> None:
    assert values(rows_of("at risk by notice of other plan", "at_risk.csv"), "source_plan") == [("Z9002",)]
    assert values(rows_of("at risk now", "at_risk.csv"), "source_plan", "extended_to") == [("", "")]


@pytest.mark.parametrize(("edge", "diseases"), [("seen once", 0), ("stayed once", 1)])
def test_a_condition_told_once(plans: dict[int, Plan], edge: str, diseases: int) -> None:
    assert plans[2026].core_diseases.get(bene_id(edge), 0) == diseases


def test_a_member_of_whom_there_is_nothing_but_coverage(rows_of: Callable[..., list[Row]]) -> None:
    assert contracts(rows_of("nothing", "beneficiary_2026.csv")[0]) == "Z" * 12
    for name in ("pde.csv", "carrier.csv", "outpatient.csv", "inpatient.csv", "at_risk.csv"):
        assert rows_of("nothing", name) == []


def test_every_edge_is_a_member_in_its_year(plans: dict[int, Plan]) -> None:
    assert plans[2026].members["BENE_ID"].to_list()[: len(EDGES)] == [bene_id(edge) for edge in EDGES]


def test_edges_are_there_however_short_the_run(tmp_path: Path) -> None:
    generate(members=len(EDGES), years=(2026,), seed=1, out=tmp_path)
    plan = Plan(tmp_path, 2026)
    assert plan.cost[bene_id("spends 5,330.00 in 2024")] == Decimal("5330.00")
    assert len(plan.members) == len(EDGES)
