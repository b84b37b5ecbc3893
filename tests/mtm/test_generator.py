"""A generated plan looks like a real one, is like no real one, and is the same every time."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from claims.directory.flattened import load_flattened
from claims.models import DrugProduct, Ingredient
from mtm.generator import generate
from mtm.generator.conditions import CONDITIONS
from mtm.generator.edges import EDGES
from mtm.generator.run import BLOCK, Outcome
from tests.mtm.generated import Plan, records
from tests.mtm.measured import months

SHARED = Path(__file__).parents[3] / "shared" / "data"
RIF = SHARED / "rif-synthea"
FDA_NAMES = SHARED / "drug-reference" / "ndc_names_from_fda.csv.gz"
YEARS = (2024, 2025)
NAMES = ("BENE_GVN_NAME", "BENE_SRNM_NAME")
CLAIM_FILES = ("pde.csv", "carrier.csv", "outpatient.csv", "inpatient.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(scope="module", autouse=True)
def outcome(folder: Path) -> Outcome:
    return generate(members=4_000, years=YEARS, seed=1, out=folder)


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return Plan(folder, 2025)


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        generate(members=60, years=YEARS, seed=7, out=tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert len(files) == 11
    for name in files:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_another_seed_makes_another_plan(folder: Path, tmp_path: Path) -> None:
    generate(members=60, years=YEARS, seed=2, out=tmp_path)
    ours, others = Plan(tmp_path, 2025).members, Plan(folder, 2025).members
    assert ours.drop(*NAMES).rows() != others.drop(*NAMES).rows()[: len(ours)]
    same_numbers = others.filter(pl.col("BENE_ID").is_in(ours["BENE_ID"].to_list()))
    assert not {*ours.select(NAMES).rows()} & {*same_numbers.select(NAMES).rows()}


def test_members_and_fills_are_of_the_contract_asked_for(tmp_path: Path) -> None:
    generate(members=60, years=YEARS, seed=1, out=tmp_path, contract="H0001")
    plan = Plan(tmp_path, 2025)
    assert set(plan.sent["PLAN_CNTRCT_REC_ID"]) == {"H0001"}
    assert set(plan.members["PTD_CNTRCT_JAN_ID"]) == {"H0001", "N"}


def test_a_block_of_members_is_the_beginning_of_more(folder: Path, tmp_path: Path) -> None:
    generate(members=BLOCK, years=YEARS, seed=1, out=tmp_path)
    for path in tmp_path.glob("*.csv"):
        assert (folder / path.name).read_bytes().startswith(path.read_bytes()), path.name


def test_fewer_members_have_the_rows_they_have_among_more(folder: Path, tmp_path: Path) -> None:
    generate(members=150, years=YEARS, seed=1, out=tmp_path)
    for name in (*CLAIM_FILES, "beneficiary_2025.csv"):
        few, many = Plan(tmp_path, 2025).read(name), Plan(folder, 2025).read(name)
        first = pl.col("BENE_ID").cast(pl.Int64) >= -100_000_000_150
        assert few.rows() == many.filter(first).rows(), name


def test_an_earlier_last_day_only_leaves_out_what_came_later(folder: Path, tmp_path: Path) -> None:
    """Except for the members that show edges, whose dates depend on it."""
    last = date(2025, 6, 30)
    generate(members=BLOCK, years=YEARS, seed=1, out=tmp_path, through=last)
    paid, drawn = pl.col("PD_DT").str.to_date("%d-%b-%Y"), pl.col("BENE_ID").cast(pl.Int64).abs() - 100_000_000_000
    known = Plan(tmp_path, 2025).read("pde.csv").filter(drawn > len(EDGES))
    whole = Plan(folder, 2025).read("pde.csv").filter((paid <= last) & drawn.is_between(len(EDGES) + 1, BLOCK))
    assert known.drop("FINAL_ACTION").rows() == whole.drop("FINAL_ACTION").rows()
    finals = known.group_by("CLM_GRP_ID").agg(n=(pl.col("FINAL_ACTION") == "F").sum())
    assert set(finals["n"]) == {1}
    members = Plan(tmp_path, 2025).members
    assert set(members["PTD_CNTRCT_JUL_ID"]) == {""}
    assert members["DEATH_DT"].str.to_date("%d-%b-%Y", strict=False).max() <= last


@pytest.mark.parametrize("name", [*CLAIM_FILES, "beneficiary_2024.csv", "beneficiary_2025.csv"])
def test_files_are_lines_of_fields_without_quotes(folder: Path, name: str) -> None:
    text = (folder / name).read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert '"' not in text
    assert "\r" not in text
    assert len({line.count("|") for line in text.splitlines()}) == 1


@pytest.mark.skipif(not RIF.exists(), reason="the real RIF files are not here")
@pytest.mark.parametrize("name", [*CLAIM_FILES, "beneficiary_2025.csv"])
def test_columns_are_named_and_ordered_as_in_real_rif_files(folder: Path, name: str) -> None:
    with (RIF / name.replace("2025", "2020")).open(encoding="utf-8-sig") as file:
        real = file.readline().rstrip("\n").split("|")
    ours = Plan(folder, 2025).read(name).columns
    assert set(ours) <= set(real)
    assert name != "pde.csv" or ours == real


def test_numbers_of_rows_and_claims_are_each_used_once(folder: Path) -> None:
    fills = Plan(folder, 2025).read("pde.csv")
    assert fills["PDE_ID"].is_unique().all()
    owners = fills.group_by("CLM_GRP_ID").agg(pl.col("BENE_ID").n_unique())
    assert owners["BENE_ID"].max() == 1
    claims = [set(Plan(folder, 2025).read(name)["CLM_ID"]) for name in CLAIM_FILES[1:]]
    assert sum(len(each) for each in claims) == len(set().union(*claims))


def test_corrections_share_the_claim_and_are_paid_later(plan: Plan) -> None:
    sent = plan.sent.sort("paid")
    later = sent.filter(pl.col("ADJSTMT_DLTN_CD") != "")
    firsts = sent.filter(pl.col("ADJSTMT_DLTN_CD") == "").select(
        "CLM_GRP_ID", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID", before="paid"
    )
    both = later.join(firsts, on=["CLM_GRP_ID", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID"])
    assert len(both) == len(later) > 500
    assert (both["paid"] > both["before"]).all()
    assert sent.filter(pl.col("FINAL_ACTION") == "F")["CLM_GRP_ID"].is_unique().all()


def test_the_parts_of_a_cost_make_up_the_whole(plan: Plan) -> None:
    payers = ("PTNT_PAY_AMT", "OTHR_TROOP_AMT", "LICS_AMT", "PLRO_AMT", "CVRD_D_PLAN_PD_AMT", "NCVRD_PLAN_PD_AMT")
    amounts = plan.sent.select(
        pl.col(name).cast(pl.Decimal(12, 2)) for name in (*payers, "GDC_BLW_OOPT_AMT", "GDC_ABV_OOPT_AMT")
    )
    assert (amounts.select(pl.sum_horizontal(payers)).to_series() == plan.sent["cost"]).all()
    covered = plan.sent["DRUG_CVRG_STUS_CD"] == "C"
    split = amounts.filter(covered).select(pl.col("GDC_BLW_OOPT_AMT") + pl.col("GDC_ABV_OOPT_AMT")).to_series()
    assert (split == plan.sent.filter(covered)["cost"]).all()


def test_no_drug_is_dispensed_outside_coverage_or_after_death(plan: Plan) -> None:
    covered = plan.members.unpivot([f"PTD_CNTRCT_{m}_ID" for m in months()], index="BENE_ID").filter(
        pl.col("value") == "Z9001"
    )
    covered = covered.select(
        "BENE_ID",
        month=pl.col("variable")
        .str.extract("PTD_CNTRCT_(.*)_ID")
        .replace_strict({name: number for number, name in enumerate(months(), 1)}, return_dtype=pl.Int8),
    )
    outside = plan.sent.with_columns(month=pl.col("day").dt.month()).join(covered, on=["BENE_ID", "month"], how="anti")
    assert outside.is_empty()
    dead = plan.members.filter(pl.col("DEATH_DT") != "").select(
        "BENE_ID", on=pl.col("DEATH_DT").str.to_date("%d-%b-%Y")
    )
    assert plan.sent.join(dead, on="BENE_ID").filter(pl.col("day") > pl.col("on")).is_empty()


def test_members_cannot_be_taken_for_real_ones(plan: Plan) -> None:
    """A Medicare number has no S, L, O, I, B or Z; a contract begins with E, H, R or S."""
    assert plan.members["MBI_NUM"].is_unique().all()
    assert all(re.fullmatch(r"[1-9][SL]\d\d[SL]\d\dZZ\d\d", number) for number in plan.members["MBI_NUM"])
    assert all(re.fullmatch(r"-1000000\d{5}", number) for number in plan.members["BENE_ID"])
    assert plan.members["BENE_SRNM_NAME"].str.len_chars().max() > 40
    assert plan.members["BENE_SRNM_NAME"].str.contains("[^ -~]").any()
    assert plan.members["DRVD_LINE_1_ADR"].str.contains("Sample|Example|Specimen|Pattern|Model").all()
    assert set(plan.sent["PLAN_CNTRCT_REC_ID"]) == {"Z9001"}


def test_prescribers_and_pharmacies_cannot_be_real_and_are_listed(plan: Plan) -> None:
    listed = [plan.read(f"{name}.csv", ",") for name in ("prescribers", "pharmacies")]
    assert set(plan.sent["PRSCRBR_ID"]) <= set(listed[0]["npi"])
    assert set(plan.sent["SRVC_PRVDR_ID"]) <= set(listed[1]["npi"])
    for rows in listed:
        assert rows["npi"].is_unique().all()
        assert not any(luhn_holds(f"80840{npi}") for npi in rows["npi"])
        assert rows["phone"].str.contains(r"^1-800-555-01\d\d$").all()


def luhn_holds(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


@pytest.mark.skipif(not FDA_NAMES.exists(), reason="the FDA's names are not here")
def test_our_labelers_exist_nowhere(plan: Plan) -> None:
    real = pl.read_csv(FDA_NAMES, separator="\t", columns=["NDC_CODE"], infer_schema=False)["NDC_CODE"].str.slice(4, 5)
    ours = plan.read("ndc_directory.csv", ",")["ndc11"].str.slice(0, 5)
    assert set(ours) <= {str(number) for number in range(99990, 100000)}
    assert not set(ours) & set(real)


def test_the_directory_loads_and_names_ingredients_that_ship(db: None, plan: Plan, folder: Path) -> None:
    before = set(Ingredient.objects.values_list("name", flat=True))
    kept = load_flattened(folder / "ndc_directory.csv", date(2025, 12, 31))
    assert kept.products == DrugProduct.objects.count() == len(plan.drugs)
    assert kept.without_ingredients == kept.skipped == 0
    assert set(Ingredient.objects.values_list("name", flat=True)) == before
    assert not DrugProduct.objects.exclude(label__startswith="(synthetic) ").exists()
    drops = DrugProduct.objects.filter(label__contains="Ophthalmic", ingredients__name="timolol ophthalmic")
    assert drops.exists()
    assert not drops.filter(systemic=True).exists()


def test_codes_of_a_condition_mean_it() -> None:
    prefixes = {row["condition_id"]: tuple(row["icd10cm_prefixes"].split(";")) for row in records("conditions")}
    for condition in CONDITIONS:
        if condition.name in prefixes:
            assert all(code.startswith(prefixes[condition.name]) for code in condition.codes), condition.name


def test_claims_carry_about_two_codes_a_member_and_month(plan: Plan) -> None:
    year = plan.diagnoses.filter(pl.col("day").dt.year() == plan.year).unique()
    assert 1.8 <= len(year) / len(plan.members) / 12 <= 2.8
