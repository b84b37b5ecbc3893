"""Corrections: what is sent again of the same day, what is silent, and what speaks of days that have not come."""

from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from accounts.models import Plan
from claims.merging import merge
from claims.models import LoadFile
from members.models import AtRiskSpell, ContactPreference, CoverageSpan, Member, MemberSpan, Representative
from tests.claims.loading import known_of_members, load_text
from tests.conftest import TODAY

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
RIF = [
    *("DML_IND", "BENE_ID", "BENE_BIRTH_DT", "DEATH_DT", "BENE_SEX_IDENT_CD", "BENE_ESRD_IND", "MBI_NUM"),
    *("BENE_SRNM_NAME", "BENE_GVN_NAME", "BENE_ZIP_CD", "RFRNC_YR"),
    *(f"PTD_CNTRCT_{month}_ID" for month in MONTHS),
    *(f"CST_SHR_GRP_{month}_CD" for month in MONTHS),
]
BASE = {"members.csv": "member_number,as_of\nA,2020-01-01"}
DIFFER = "two statements of one day differ"


def of_year(dml: str, contracts: str, name: str = "Pearl", year: int = 2025, esrd: str = "0", share: str = "N") -> str:
    """A beneficiary of a year; a digit is the contract of a month, N that there is none, and a blank says nothing."""
    months = [f"H000{digit}" if digit.isdigit() else digit.strip() for digit in contracts]
    facts = [dml, "A", "17-May-1950", "", "2", esrd, "", "Maple", name, "01101", str(year)]
    return "|".join([*facts, *months, *([share] * 12)])


def load_years(plan: Plan, folder: Path, *rows: str) -> LoadFile:
    [file] = load_text(plan, "rif", folder, {"beneficiary.csv": "\n".join(["|".join(RIF), *rows])}).values()
    return file


def covered() -> list[str]:
    return [f"{s.contract} {s.period.lower} {s.period.upper}" for s in CoverageSpan.objects.order_by("period")]


def differing(file: LoadFile) -> int:
    return sum(found["count"] for found in file.findings if found["name"] == DIFFER)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("111NN2222222", "111NN2222NNN", ["H0001 2025-01-01 2025-04-01", "H0002 2025-06-01 2025-10-01"]),
        ("111NN2222222", "111NNNNNNNNN", ["H0001 2025-01-01 2025-04-01"]),
        ("111111111111", "NNNNNNNNNNNN", []),
        ("111111111111", "000000000000", ["H0000 2025-01-01 2026-01-01"]),
        ("NN2222222222", "1111NNNNNNNN", ["H0001 2025-01-01 2025-05-01"]),
        ("111111111111", "N11111111NNN", ["H0001 2025-02-01 2025-10-01"]),
        ("111111111111", " " * 12, ["H0001 2025-01-01 2026-01-01"]),
        ("111111111111", "         NNN", ["H0001 2025-01-01 2025-10-01"]),
        ("NN2222222222", "11          ", ["H0001 2025-01-01 2025-03-01", "H0002 2025-03-01 2026-01-01"]),
    ],
)
def test_a_correction_of_a_year_replaces_it_in_any_order(
    plan: Plan, tmp_path: Path, before: str, after: str, found: list[str], backwards: bool
) -> None:
    rows = [of_year("INSERT", before), of_year("UPDATE", after, "Anna")]
    for place, row in enumerate(reversed(rows) if backwards else rows):
        file = load_years(plan, tmp_path / str(place), row)
    assert (covered(), Member.objects.get().first_name, differing(file)) == (found, "Anna", 0)


GAP = "A,2026-01-01,2026-01-31,2026-02-10,gap"


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("others", "found"),
    [
        (["A,2026-01-01,,2026-01-31,"], [" 2026-02-01 None"]),
        (["A,2026-01-01,2026-03-31,2026-01-31,"], [" 2026-02-01 2026-04-01"]),
        (["A,2025-06-01,,2025-06-30,"], [" 2025-06-01 2026-01-01", " 2026-02-01 None"]),
        # Told on one day, the gap holds on its days; told later, the period does.
        (["A,2026-01-01,,2026-02-10,"], [" 2026-02-01 None"]),
        (["A,2026-01-01,,2026-02-11,"], [" 2026-01-01 None"]),
        (["A,2026-01-01,,2026-01-31,", "A,2026-01-01,,2026-02-11,delete"], []),
        (["A,2026-01-01,,2026-01-31,", "A,2026-01-01,2026-01-15,2026-02-20,gap"], [" 2026-01-16 None"]),
    ],
)
def test_a_gap_takes_away_its_own_days_and_no_others(
    plan: Plan, tmp_path: Path, others: list[str], found: list[str], backwards: bool
) -> None:
    rows = [*others, GAP]
    load_text(plan, "csv", tmp_path / "base", BASE)
    for place, row in enumerate(reversed(rows) if backwards else rows):
        text = f"member_number,starts_on,ends_on,as_of,action\n{row}"
        load_text(plan, "csv", tmp_path / str(place), {"coverage.csv": text})
    assert covered() == found
    text = "\n".join(["member_number,starts_on,ends_on,as_of,action", *rows])
    [again] = load_text(plan, "csv", tmp_path / "again", {"coverage.csv": text}).values()
    assert (again.accepted, again.duplicate, covered()) == (0, len(rows), found)


def test_a_correction_says_nothing_of_the_years_beside_it(plan: Plan, tmp_path: Path) -> None:
    years = [of_year("INSERT", "1" * 12, year=year) for year in (2024, 2026)]
    load_years(plan, tmp_path, *years, of_year("UPDATE", "N" * 12, "Anna"))
    assert covered() == ["H0001 2024-01-01 2025-01-01", "H0001 2026-01-01 2027-01-01"]
    assert Member.objects.get().first_name == "Pearl"


def test_a_correction_takes_back_a_subsidy_and_a_disease_only_where_it_speaks_of_them(
    plan: Plan, tmp_path: Path
) -> None:
    load_years(plan, tmp_path / "1", of_year("INSERT", "1" * 12, esrd="Y", share="01"))
    load_years(plan, tmp_path / "2", of_year("UPDATE", "1" * 12, esrd="", share=""))
    assert MemberSpan.objects.count() == 2
    load_years(plan, tmp_path / "3", of_year("UPDATE", "1" * 12, esrd="0", share="09"))
    assert not MemberSpan.objects.exists()


@pytest.mark.parametrize("backwards", [False, True])
def test_two_corrections_of_one_year_are_told_of(plan: Plan, tmp_path: Path, backwards: bool) -> None:
    rows = [of_year("UPDATE", "1" * 12, "Anna"), of_year("UPDATE", "2" * 12, "Opal")]
    first, second = (
        load_years(plan, tmp_path / str(place), row) for place, row in enumerate(reversed(rows) if backwards else rows)
    )
    assert (differing(first), differing(second)) == (0, 1)
    assert (covered(), Member.objects.get().first_name) == (["H0002 2025-01-01 2026-01-01"], "Opal")


@pytest.mark.parametrize(
    ("kind", "header", "one", "other"),
    [
        ("members", "member_number,first_name,as_of", "A,Pearl,2026-01-31", "A,Anna,2026-01-31"),
        ("members", "member_number,phone,as_of", "A,1-800-555-0111,2026-01-31", "A,1-800-555-0112,2026-01-31"),
        ("coverage", "member_number,starts_on,ends_on,as_of", "A,2026-01-01,,2026-02-01", "A,2026-01-01,2026-06-30,2026-02-01"),
        ("at_risk", "status,member_number,effective_on,as_of", "at_risk,A,2026-01-01,", "potential,A,2026-01-01,"),
        ("preferences", "wish,member_number,channel,starts_on", "never,A,phone,2026-01-01", "allowed,A,phone,2026-01-01"),
        ("representatives", "scope,member_number,name,starts_on", "told,A,Fern,2026-01-01", "sent,A,Fern,2026-01-01"),
    ],
)  # fmt: skip
def test_two_statements_of_one_day_are_told_of_and_the_order_does_not_matter(
    plan: Plan, other_plan: Plan, tmp_path: Path, kind: str, header: str, one: str, other: str
) -> None:
    known = []
    for owner, rows in ((plan, [one, other]), (other_plan, [other, one])):
        load_text(owner, "csv", tmp_path / f"{owner.code}base", BASE)
        files = [
            load_text(owner, "csv", tmp_path / f"{owner.code}{place}", {f"{kind}.csv": f"{header}\n{row}"})[
                f"{kind}.csv"
            ]
            for place, row in enumerate([rows[0], rows[0], rows[1]])
        ]
        assert [differing(file) for file in files] == [0, 0, 1]
        known.append(known_of_members(owner))
    assert known[0] == known[1]
    both = load_text(plan, "csv", tmp_path / "both", {f"{kind}.csv": f"{header}\n{one}\n{other}"})
    assert differing(both[f"{kind}.csv"]) == 2


@pytest.mark.parametrize(
    ("kind", "header", "one", "other"),
    [
        ("prescribers", "npi,name,as_of", "1999999001,Dr. Alder,2026-01-31", "1999999001,Dr. Elder,2026-01-31"),
        ("prescribers", "npi,fax,as_of", "1999999001,1-800-555-0171,2026-01-31", "1999999001,1-800-555-0172,2026-01-31"),
        ("pharmacies", "npi,phone,as_of", "1999999101,1-800-555-0180,2026-01-31", "1999999101,1-800-555-0181,2026-01-31"),
        ("drug_flags", "ndc,maintenance,as_of", "00093005801,Y,2026-01-31", "00093005801,N,2026-01-31"),
    ],
)  # fmt: skip
def test_two_statements_of_one_day_about_no_member_are_told_of_too(
    plan: Plan, tmp_path: Path, kind: str, header: str, one: str, other: str
) -> None:
    name = f"{kind}.csv"
    texts = [one, other, f"{one}\n{other}", other.replace("2026-01-31", "2026-02-28")]
    files = [
        load_text(plan, "csv", tmp_path / str(place), {name: f"{header}\n{text}"})[name]
        for place, text in enumerate(texts)
    ]
    assert [differing(file) for file in files] == [0, 1, 2, 0]


def test_the_year_that_runs_does_not_freeze_its_members(plan: Plan, tmp_path: Path) -> None:
    load_years(plan, tmp_path / "1", of_year("INSERT", "1" * 12, year=TODAY.year))
    assert Member.objects.get().facts_as_of == TODAY - timedelta(days=1)
    today = TODAY.isoformat()
    files = {
        "members.csv": f"member_number,first_name,as_of\nA,Anna,{today}",
        "coverage.csv": f"member_number,ends_on,as_of,action\nA,2026-06-30,{today},end",
    }
    load_text(plan, "csv", tmp_path / "2", files)
    assert (covered(), Member.objects.get().first_name) == (["H0001 2026-01-01 2026-07-01"], "Anna")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_correction_of_the_year_that_runs_holds_too(plan: Plan, tmp_path: Path, backwards: bool) -> None:
    rows = [of_year("INSERT", "1" * 12, year=TODAY.year), of_year("UPDATE", "111NNNNNNNNN", "Anna", TODAY.year)]
    load_years(plan, tmp_path, *(reversed(rows) if backwards else rows))
    assert (covered(), Member.objects.get().first_name) == (["H0001 2026-01-01 2026-04-01"], "Anna")


FUTURE = (TODAY + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("members", "member_number,as_of", "A,{}"),
        ("identifiers", "member_number,kind,value,as_of", "A,other,X1,{}"),
        ("coverage", "member_number,starts_on,as_of", "A,2026-01-01,{}"),
        ("spans", "member_number,kind,starts_on,as_of", "A,hospice,2026-01-01,{}"),
        ("at_risk", "member_number,status,effective_on,as_of", "A,at_risk,2026-01-01,{}"),
        ("contacts", "member_number,kind,value,as_of", "A,phone,1-800-555-0111,{}"),
        ("preferences", "member_number,channel,wish,starts_on,as_of", "A,phone,allowed,2026-01-01,{}"),
        ("representatives", "member_number,name,scope,starts_on,as_of", "A,Fern,told,2026-01-01,{}"),
        ("prescribers", "npi,name,as_of", "1999999001,Dr. Alder,{}"),
        ("pharmacies", "npi,name,as_of", "1999999101,Example Pharmacy,{}"),
        ("drug_flags", "ndc,maintenance,as_of", "00093005801,Y,{}"),
    ],
)
def test_what_speaks_of_days_to_come_is_rejected(plan: Plan, tmp_path: Path, kind: str, header: str, row: str) -> None:
    load_text(plan, "csv", tmp_path / "base", BASE)
    text = f"{header}\n{row.format(FUTURE)}\n{row.format(TODAY)}"
    file = load_text(plan, "csv", tmp_path / "1", {f"{kind}.csv": text})[f"{kind}.csv"]
    assert (file.accepted, file.rejected_by_reason) == (1, {"as_of lies in the future": 1})


def test_a_mistyped_day_does_not_undo_a_do_not_contact(plan: Plan, tmp_path: Path) -> None:
    rows = "A,phone,allowed,2026-01-01,2062-01-31\nA,phone,never,2026-01-01,2026-09-01"
    header = "member_number,channel,wish,starts_on,as_of"
    load_text(plan, "csv", tmp_path, BASE | {"preferences.csv": f"{header}\n{rows}"})
    assert [wish.wish for wish in ContactPreference.objects.in_force(TODAY)] == ["never"]


def test_nobody_has_died_in_days_to_come(plan: Plan, tmp_path: Path) -> None:
    text = f"member_number,death_date,as_of\nA,2062-01-31,2026-01-31\nB,{TODAY},2026-01-31"
    [file] = load_text(plan, "csv", tmp_path, {"members.csv": text}).values()
    assert (file.accepted, file.rejected_by_reason) == (1, {"the date of death lies in the future": 1})


SPELL = "member_number,status,limitation,effective_on,planned_end_on,ended_on,source_plan,as_of"
SPELLS = [
    "A,at_risk,pharmacy,2026-01-15,2027-01-14,2026-03-31,H0002,2026-04-01",
    "A,at_risk,pharmacy,2026-01-15,,,,2026-05-01",
    "A,potential,pharmacy,2026-01-15,2026-12-31,,,2026-02-01",
    "A,at_risk,pharmacy,2026-01-15,,none,,2026-03-01",
]
MANDATE = "member_number,name,relationship,scope,phone,address,city,starts_on,ends_on,as_of"
MANDATES = [
    "A,Fern Linden,daughter,told sent,1-800-555-0133,3 Specimen Road,Lakeside,2025-10-01,2026-02-01,2026-02-02",
    "A,Fern Linden,,told,,,,2025-10-01,,2026-05-01",
    "A,Fern Linden,niece,decide,1-800-555-0134,4 Model Court,,2025-10-01,none,2026-01-05",
]


def told_of_spell() -> tuple[str, str, str, str]:
    [found] = AtRiskSpell.objects.all()
    return found.status, str(found.planned_end_on), str(found.ended_on), found.source_plan


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_of_a_spell_a_newer_file_takes_away_nothing_of_which_it_is_silent(
    plan: Plan, tmp_path: Path, order: tuple[int, ...]
) -> None:
    load_text(plan, "csv", tmp_path / "base", BASE)
    for place in order:
        load_text(plan, "csv", tmp_path / str(place), {"at_risk.csv": f"{SPELL}\n{SPELLS[place]}"})
    assert told_of_spell() == ("at_risk", "2027-01-14", "2026-03-31", "H0002")
    later = "A,at_risk,pharmacy,2026-01-15,,none,none,2026-06-01"
    load_text(plan, "csv", tmp_path / "later", {"at_risk.csv": f"{SPELL}\n{later}"})
    assert told_of_spell() == ("at_risk", "2027-01-14", "None", "")
    [again] = load_text(plan, "csv", tmp_path / "again", {"at_risk.csv": f"{SPELL}\n{later}\n{SPELLS[0]}"}).values()
    assert (again.accepted, again.duplicate) == (0, 2)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_a_representative_a_newer_file_takes_away_nothing_of_which_it_is_silent(
    plan: Plan, tmp_path: Path, order: tuple[int, ...]
) -> None:
    load_text(plan, "csv", tmp_path / "base", BASE)
    for place in order:
        load_text(plan, "csv", tmp_path / str(place), {"representatives.csv": f"{MANDATE}\n{MANDATES[place]}"})
    [found] = Representative.objects.all()
    assert (found.scope, found.relationship, found.phone) == (
        "may be told about the review",
        "daughter",
        "1-800-555-0133",
    )
    assert (found.address, found.city, found.ends_on) == ("3 Specimen Road", "Lakeside", date(2026, 2, 1))
    later = "A,Fern Linden,,told,none,none,,2025-10-01,none,2026-06-01"
    load_text(plan, "csv", tmp_path / "later", {"representatives.csv": f"{MANDATE}\n{later}"})
    [found] = Representative.objects.authorised(TODAY)
    assert (found.relationship, found.phone, found.address, found.city) == ("daughter", "", "", "")


@pytest.mark.parametrize("seed", range(4))
def test_what_two_rows_of_one_person_were_told_adds_up_by_fact(
    plan: Plan, other_plan: Plan, tmp_path: Path, seed: int
) -> None:
    rows = {"at_risk.csv": (SPELL, SPELLS), "representatives.csv": (MANDATE, MANDATES)}
    two = {"members.csv": "member_number,as_of\nA,2020-01-01\nB,2020-01-01"}
    for name, (header, lines) in rows.items():
        ours = [line.replace("A,", Random(seed + place).choice(["A,", "B,"]), 1) for place, line in enumerate(lines)]
        two[name] = "\n".join([header, *ours])
    load_text(plan, "csv", tmp_path / "two", two)
    of = {member.source_id: member for member in Member.objects.filter(plan=plan)}
    merge(current=of["A"], former=of["B"], by=None)
    one = {name: "\n".join([header, *lines]) for name, (header, lines) in rows.items()}
    load_text(other_plan, "csv", tmp_path / "one", BASE | one)
    found, wanted = known_of_members(plan), known_of_members(other_plan)
    assert [found[table] for table in ("atriskspell", "representative")] == [
        wanted[table] for table in ("atriskspell", "representative")
    ]
