"""Our own csv layout, and files of others read by a mapping of their columns."""

from datetime import date
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.ingest.feeds import csv
from claims.ingest.layout import Kind
from claims.ingest.problems import FileProblem
from claims.models import Diagnosis, Fill, PlanDrugFlag
from members.models import AtRiskSpell, CoverageSpan, Member, MemberSpan, Pharmacy, Prescriber
from tests.claims.loading import DATA, load, load_text, real_files

GUIDE = Path(__file__).parents[2] / "docs" / "feeds.md"
EXAMPLES = GUIDE.parent / "examples" / "csv"
MEMBERS = "member_number,first_name,last_name,birth_date\nM1,Pearl,Maple,1950-05-17"


@real_files
def test_the_tuva_demonstration_files_load_by_a_mapping_alone(plan: Plan) -> None:
    files = load(plan, "csv", DATA / "tuva-demo", mapping="tuva")
    counted = {name: (file.received, file.accepted, file.rejected) for name, file in files.items()}
    assert counted == {"eligibility.csv": (2309, 2309, 0), "pharmacy_claim.csv": (12019, 12019, 0)}
    assert Member.objects.count() == 1000
    assert CoverageSpan.objects.count() == 2309
    assert {kind: MemberSpan.objects.filter(kind=kind).exists() for kind in ("hospice", "institution", "esrd")} == {
        "hospice": True,
        "institution": True,
        "esrd": True,
    }
    assert Fill.objects.filter(days_supply=None, prescriber="").count() == 12019
    assert "does not give days' supply" in files["pharmacy_claim.csv"].notes


@real_files
def test_the_tuva_demonstration_files_give_the_same_again(plan: Plan) -> None:
    load(plan, "csv", DATA / "tuva-demo", mapping="tuva")
    again = load(plan, "csv", DATA / "tuva-demo", mapping="tuva", unended=True)
    assert {file.accepted for file in again.values()} == {0}
    assert sum(file.duplicate for file in again.values()) == 2309 + 12019


def test_the_files_of_the_generator_load(plan: Plan, tmp_path: Path) -> None:
    files = {
        "members.csv": MEMBERS,
        "at_risk.csv": "member_number,status,limitation,effective_on,planned_end_on,extended_to,source_plan\n"
        "M1,at_risk,pharmacy,2026-01-05,2027-01-04,,H9999\nM1,potential,,2026-05-01,,,",
        "prescribers.csv": "npi,name,phone,fax,specialty\n1999999001,Dr. Alder,1-800-555-0170,1-800-555-0171,Geriatrics",
        "pharmacies.csv": "npi,name,phone\n1999999002,Corner Pharmacy,1-800-555-0180",
    }
    loaded = load_text(plan, "csv", tmp_path, files)
    assert {name: file.accepted for name, file in loaded.items()} == {
        "members.csv": 1,
        "at_risk.csv": 2,
        "prescribers.csv": 1,
        "pharmacies.csv": 1,
    }
    spell = AtRiskSpell.objects.get(status="at_risk")
    assert (spell.period.lower, spell.period.upper, spell.source_plan) == (date(2026, 1, 5), date(2027, 1, 5), "H9999")
    assert Prescriber.objects.get().specialty == "Geriatrics"
    assert Pharmacy.objects.get().name == "Corner Pharmacy"


def test_fills_diagnoses_and_the_plans_own_flags_load(plan: Plan, tmp_path: Path) -> None:
    files = {
        "members.csv": MEMBERS,
        "fills.csv": "member_number,claim_id,filled_on,ndc,quantity,days_supply,ingredient_cost,dispensing_fee\n"
        "M1,1,2026-01-05,00093005801,30,30,10.10,1.05",
        "diagnoses.csv": "member_number,claim_id,diagnosed_on,codes,inpatient\nM1,7,2026-01-05,I10 E11.9,1",
        "drug_flags.csv": "ndc,maintenance\n93005801,Y",
    }
    load_text(plan, "csv", tmp_path, files)
    assert str(Fill.objects.get().cost) == "11.15"
    assert set(Diagnosis.objects.values_list("code", "system", "inpatient")) == {
        ("I10", "10", True),
        ("E119", "10", True),
    }
    assert PlanDrugFlag.objects.get().ndc == "00093005801"


def test_columns_may_be_missing_stand_in_any_order_and_be_parted_by_semicolons(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path, {"H0001_members-2026.csv": "last_name;member_number;ours\nMaple;M1;x"})
    assert Member.objects.get().last_name == "Maple"


MAPPING = """
files:
  - file: "people*.txt"
    delimiter: ";"
    rows:
      - kind: members
        columns:
          member_number: {columns: [ID, SUFFIX], join: "-", remove: "^0+"}
          sex: {column: GENDER, values: {"1": M, "2": F}, otherwise: ""}
          last_name: NAME
          as_of: {text: "2026-01-31"}
      - kind: preferences
        when: {column: CALLS, is: ["N", "NO"]}
        columns: {member_number: {columns: [ID, SUFFIX], join: "-", remove: "^0+"}, channel: {text: phone},
                  wish: {text: never}, starts_on: SINCE}
"""
PEOPLE = "ID;SUFFIX;GENDER;NAME;CALLS;SINCE\n0012;01;1;Maple;N;2026-01-01\n0013;01;9;Birch;Y;"


def test_a_mapping_gives_several_of_ours_from_one_of_theirs(plan: Plan, tmp_path: Path) -> None:
    [file] = load_text(plan, "csv", tmp_path, {"people1.txt": PEOPLE}, mapping=MAPPING).values()
    assert (file.accepted, file.kind) == (2, "members, preferences")
    maple, birch = Member.objects.order_by("source_id")
    assert (maple.source_id, maple.sex, birch.sex) == ("12-01", "M", "")
    assert [wish.channel for wish in maple.contact_preferences.all()] == ["phone"]
    assert maple.facts_as_of == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("files:", "file:"), "the mapping: files is missing"),
        (
            ("kind: members", "kind: people"),
            "the mapping: files[1].rows[1].kind: there is no kind people; possible are: ",
        ),
        (("sex:", "gender:"), "files[1].rows[1].columns: members have no column gender; possible are: member_number"),
        (('delimiter: ";"', 'delimiter: "."'), "files[1].delimiter: it must be one of"),
        (('remove: "^0+"', 'remove: "("'), "columns.member_number.remove: it is no regular expression"),
        (("last_name: NAME", "last_name: [A"), "the mapping, line "),
        (("last_name: NAME", "last_name: 1.5"), "columns.last_name: here must stand a text"),
        (("last_name: NAME", "last_name: {join: x}"), "last_name: either column or columns must be named, or text"),
        (("kind: preferences", "kind: fills"), "fills have no column channel"),
        (("NAME", "TITLE"), "people1.txt, line 1, column 1: the header has no TITLE"),
        (("is: [", "are: ["), "rows[2].when: is is missing"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_with_its_place(
    plan: Plan, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    with pytest.raises(FileProblem) as problem:
        load_text(plan, "csv", tmp_path, {"people1.txt": PEOPLE}, mapping=MAPPING.replace(*change))
    assert words in str(problem.value)


def test_a_mapping_that_is_not_shipped_names_those_that_are(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="there is none of the name nobody; shipped are: tuva"):
        load_text(plan, "csv", tmp_path, {"people1.txt": PEOPLE}, mapping="nobody")


def test_one_file_is_not_mapped_to_claims_and_members_at_once(plan: Plan, tmp_path: Path) -> None:
    both = MAPPING.replace("kind: preferences", "kind: diagnoses").replace("channel: {text: phone},", "")
    both = both.replace("wish: {text: never}, starts_on: SINCE", "claim_id: ID, codes: NAME, diagnosed_on: SINCE")
    with pytest.raises(FileProblem, match="not both"):
        load_text(plan, "csv", tmp_path, {"people1.txt": PEOPLE}, mapping=both)


def test_the_example_files_of_the_documentation_load_whole(plan: Plan) -> None:
    files = load(plan, "csv", EXAMPLES)
    assert {name: (file.received, file.accepted) for name, file in files.items()} == {
        "at_risk.csv": (2, 2),
        "contacts.csv": (2, 2),
        "coverage.csv": (5, 5),
        "diagnoses.csv": (2, 2),
        "drug_flags.csv": (1, 1),
        "fills.csv": (4, 4),
        "identifiers.csv": (2, 2),
        "members.csv": (3, 3),
        "pharmacies.csv": (1, 1),
        "preferences.csv": (3, 3),
        "prescribers.csv": (1, 1),
        "representatives.csv": (1, 1),
        "spans.csv": (3, 3),
    }
    assert [(fill.claim_id, str(fill.cost)) for fill in Fill.objects.all()] == [("EX-C1", "21.25")]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_column_is_documented_and_stands_in_the_example(kind: Kind) -> None:
    ours = list(csv.columns_of(kind).values())
    section = GUIDE.read_text().split(f"### {kind}.csv", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    documented = [line.split("|")[1].strip(" `*") for line in section.splitlines() if line.startswith("| `")]
    assert documented == ours
    required = [line.split("|")[1].strip(" `*") for line in section.splitlines() if "| yes |" in line]
    assert required == [name for name in ours if name in csv.REQUIRED[kind]]
    assert (EXAMPLES / f"{kind}.csv").read_text().splitlines()[0].split(",") == ours


CLAIMS = """
files:
  - file: "claims*.txt"
    rows:
      - kind: diagnoses
        when: {column: TYPE, is: D}
        columns: {member_number: ID, claim_id: CLAIM, diagnosed_on: DAY, codes: CODE}
      - kind: fills
        when: {column: TYPE, is: F}
        columns: {member_number: ID, claim_id: CLAIM, filled_on: DAY, ndc: CODE, cost: COST}
"""


def test_records_that_a_mapping_leaves_out_are_received_and_rejected_with_their_line(
    plan: Plan, tmp_path: Path
) -> None:
    load_text(plan, "csv", tmp_path / "m", {"members.csv": MEMBERS})
    rows = ["M1,D,1,2026-01-05,I10,", "M1,F,2,2026-01-05,00093005801,9.50", "M1,H,3,2026-01-05,,"]
    text = "\n".join(["ID,TYPE,CLAIM,DAY,CODE,COST", *rows])
    [file] = load_text(plan, "csv", tmp_path / "c", {"claims.txt": text}, mapping=CLAIMS).values()
    assert (file.received, file.accepted, file.duplicate, file.rejected) == (3, 2, 0, 1)
    row = file.rejected_rows.get()
    assert (row.line, row.reason, row.raw) == (4, "left out by the mapping", rows[2])


def test_members_that_a_mapping_leaves_out_are_rejected_too(plan: Plan, tmp_path: Path) -> None:
    only = MAPPING.split("      - kind: preferences")[0].replace(
        "kind: members", 'kind: members\n        when: {column: CALLS, is: "N"}'
    )
    [file] = load_text(plan, "csv", tmp_path, {"people1.txt": PEOPLE}, mapping=only).values()
    assert (file.received, file.accepted, file.rejected_by_reason) == (2, 1, {"left out by the mapping": 1})
