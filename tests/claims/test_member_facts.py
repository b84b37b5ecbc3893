"""What is told of members: the newest holds, the same in whatever order it comes; periods follow from all that was told."""

import tempfile
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Plan
from claims.ingest.load import carry_out, request
from members.models import AtRiskSpell, ContactPreference, CoverageSpan, Member, MemberSpan, Prescriber, Representative
from tests.claims.loading import OF_LOADS, known_of_members, load_text

HEADERS = {
    "members": "member_number,mbi,first_name,last_name,birth_date,death_date,sex,phone,address,city,language,format,as_of",
    "coverage": "member_number,contract,pbp,starts_on,ends_on,as_of,action",
    "spans": "member_number,kind,level,starts_on,ends_on,as_of,action",
    "at_risk": "member_number,status,limitation,effective_on,planned_end_on,extended_to,ended_on,source_plan,as_of",
    "contacts": "member_number,kind,value,city,state,postal_code,source,as_of",
    "preferences": "member_number,channel,wish,starts_on,ends_on,source,as_of",
    "representatives": "member_number,name,relationship,scope,phone,starts_on,ends_on,as_of",
    "identifiers": "member_number,kind,value,starts_on,ends_on,as_of",
}
BASE = {"members.csv": "member_number,as_of\nA,2020-01-01\nB,2020-01-01"}
codes = count(1)

number = st.sampled_from("AB")
told = st.sampled_from(["2025-01-31", "2025-06-30", "2026-01-31", ""])
first = st.sampled_from(["2025-01-01", "2025-02-01", "2025-05-01", "2025-12-01"])
last = st.sampled_from(["2025-12-31", "2026-06-30", ""])
action = st.sampled_from(["", "", "", "delete", "gap"])


def lines(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map(",".join)


def one_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


ROWS: dict[str, st.SearchStrategy[str]] = {
    "members": lines(
        number, one_of("", "1S00ZZ00100", "1S00ZZ00200"), one_of("", "Pearl", "Opal"), one_of("", "Maple", "Birch"),
        one_of("", "1950-05-17", "1951-01-01"), one_of("", "2026-02-01", "none"), one_of("", "F", "M"),
        one_of("", "1-800-555-0111", "1-800-555-0112"), one_of("", "1 Sample Street", "2 Model Court"),
        one_of("", "Springfield"), one_of("", "es", "en"), one_of("", "braille", "standard"), told,
    ),
    "coverage": st.one_of(
        lines(number, one_of("", "H0001", "H0002"), "", first, last, told, action),
        lines(number, "", "", "", one_of("2025-03-31", "2025-10-31"), told, "end"),
    ),
    "spans": lines(number, one_of("hospice", "esrd", "institution"), "", first, last, told, action),
    "at_risk": lines(
        number, one_of("potential", "at_risk"), one_of("", "pharmacy"), first, one_of("", "2025-12-31", "none"), "",
        one_of("", "2025-12-15", "none"), one_of("", "H0009"), told,
    ),
    "contacts": lines(
        number, one_of("phone"), one_of("1-800-555-0113", "1-800-555-0114"), "", "", "", one_of("member", "pharmacy"), told
    ),
    "preferences": lines(number, one_of("phone", "mail"), one_of("never", "allowed"), first, last, one_of("", "call"), told),
    "representatives": lines(
        number, one_of("Fern Maple", "Fern Maple\t", "\u00a0Fern Maple"), one_of("", "niece", "none"),
        one_of("told", "told sent"), one_of("", "1-800-555-0115"), first, one_of("", "2025-12-31", "none"), told,
    ),
    "identifiers": lines(number, one_of("mbi", "other"), one_of("1S00ZZ00300", "X7"), one_of("", "2025-01-01"), last, told),
}  # fmt: skip
facts = st.lists(st.one_of(*(st.tuples(st.just(kind), row) for kind, row in ROWS.items())), min_size=1, max_size=25)


def loaded(parts: list[list[tuple[str, str]]]) -> dict[str, list[str]]:
    """What is known in a plan of its own after the parts were loaded one after the other."""
    plan = Plan.objects.create(code=f"H{next(codes):04}", name="A plan")
    with tempfile.TemporaryDirectory() as folder:
        load_text(plan, "csv", Path(folder) / "base", BASE)
        for place, part in enumerate(parts):
            kinds = sorted({kind for kind, _ in part})
            files = {f"{k}.csv": "\n".join([HEADERS[k], *(row for kind, row in part if kind == k)]) for k in kinds}
            if files:
                load_text(plan, "csv", Path(folder) / f"part{place}", files)
    return known_of_members(plan)


@OF_LOADS
@given(rows=facts, seed=st.integers(0, 1000), parts=st.integers(1, 3))
def test_split_shuffled_and_repeated_facts_give_the_same(
    committed: None, rows: list[tuple[str, str]], seed: int, parts: int
) -> None:
    random = Random(seed)
    shuffled = random.sample(rows, len(rows))
    split = [[row for row in shuffled if random.randrange(parts) == part] for part in range(parts)]
    split = [part or shuffled[:1] for part in split]
    missing = [row for row in rows if not any(row in part for part in split)]
    at_once, in_parts = loaded([rows]), loaded([*split, missing, random.sample(rows, len(rows) // 2)])
    differing = {table: set(at_once[table]) ^ set(in_parts[table]) for table in at_once}
    assert {table: found for table, found in differing.items() if found} == {}


def spans_of(model: type[CoverageSpan] | type[MemberSpan]) -> list[str]:
    return [str(span.period) for span in model.objects.order_by("period")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_is_told_again_later_stands_before_what_came_between(plan: Plan, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "members.csv"
    for month, city, end in ((1, "Oldtown", "\n"), (2, "Newtown", "\n"), (3, "Oldtown", ending)):
        row = f"A,1 Street,{city},MI,48000"
        path.write_bytes(f"member_number,address,city,state,postal_code{end}{row}{end}".encode())
        carry_out(request(plan=plan, feed="csv", as_of=date(2026, month, 1), by=None), [path])
    assert Member.objects.get().city == "Oldtown"


def test_what_touches_is_one_period_and_gaps_stay(plan: Plan, tmp_path: Path) -> None:
    rows = ["2025-01-01,2025-01-31", "2025-02-01,2025-03-31", "2025-05-01,2025-12-31", "2026-01-01,9999-12-31"]
    coverage = "member_number,starts_on,ends_on\n" + "\n".join(f"A,{row}" for row in rows)
    load_text(plan, "csv", tmp_path, BASE | {"coverage.csv": coverage})
    assert spans_of(CoverageSpan) == ["[2025-01-01, 2025-04-01)", "[2025-05-01, None)"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize(
    ("ended", "began", "found"),
    [
        ("2026-03-31", "2026-05-01", ["[2026-01-01, 2026-04-01)", "[2026-05-01, None)"]),
        ("2026-03-31", "2026-04-01", ["[2026-01-01, 2026-04-01)", "[2026-04-01, None)"]),
        ("2025-12-31", "2026-01-01", ["[2026-01-01, None)"]),
    ],
)
def test_an_end_does_not_take_away_what_begins_after_it_and_is_told_with_it(
    plan: Plan, tmp_path: Path, ended: str, began: str, found: list[str], order: tuple[int, ...]
) -> None:
    first = f"A,H1,001,2026-01-01,,,{'2026-01-15' if began != '2026-01-01' else '2025-11-01'}"
    rows = [first, f"A,,,,{ended},end,2026-03-20", f"A,H1,002,{began},,,2026-03-20"]
    coverage = "\n".join(["member_number,contract,pbp,starts_on,ends_on,action,as_of", *(rows[n] for n in order)])
    load_text(plan, "csv", tmp_path, BASE | {"coverage.csv": coverage})
    assert spans_of(CoverageSpan) == found


@pytest.mark.parametrize("forever", ["9999-12-31", "31-DEC-9999", "31-dec-9999", ""])
def test_a_period_without_end_may_say_so_as_others_do(plan: Plan, tmp_path: Path, forever: str) -> None:
    coverage = f"member_number,starts_on,ends_on\nA,2026-01-01,{forever}"
    spell = f"member_number,status,limitation,effective_on,ended_on\nA,at_risk,pharmacy,2026-01-01,{forever}"
    load_text(plan, "csv", tmp_path, BASE | {"coverage.csv": coverage, "at_risk.csv": spell})
    assert spans_of(CoverageSpan) == ["[2026-01-01, None)"]
    assert [str(spell.period) for spell in AtRiskSpell.objects.all()] == ["[2026-01-01, 2027-01-01)"]


def test_a_later_statement_about_a_start_replaces_the_earlier(plan: Plan, tmp_path: Path) -> None:
    spans = "member_number,kind,level,starts_on,ends_on,as_of,action\n"
    told = "A,hospice,,2025-01-01,,2025-01-15,\nA,hospice,,2025-01-01,2025-03-31,2025-04-02,\n"
    wrong = "A,esrd,,2024-01-01,,2025-01-01,\nA,esrd,,2024-01-01,,2025-02-01,delete\n"
    level = "A,low_income,1,2025-01-01,,2025-01-01,\nA,low_income,3,2025-07-01,,2025-07-01,"
    load_text(plan, "csv", tmp_path, BASE | {"spans.csv": spans + told + wrong + level})
    found = [(s.kind, s.level, str(s.period)) for s in MemberSpan.objects.order_by("kind", "period")]
    assert found == [
        ("hospice", "", "[2025-01-01, 2025-04-01)"),
        ("low_income", "1", "[2025-01-01, 2025-07-01)"),
        ("low_income", "3", "[2025-07-01, None)"),
    ]


def test_an_older_file_changes_nothing_that_is_newer_and_completes_what_is_missing(plan: Plan, tmp_path: Path) -> None:
    header = HEADERS["members"] + "\n"
    load_text(plan, "csv", tmp_path / "new", {"members.csv": header + "A,,,Maple,,,,,,,,,2026-01-31"})
    old = "A,1s00-zz0-0100,Pearl,Birch,1950-05-17,,F,1-800-555-0111,,,es,braille,2025-01-31"
    load_text(plan, "csv", tmp_path / "old", {"members.csv": header + old})
    member = Member.objects.get()
    assert (member.name, member.mbi, member.sex, member.language) == ("Pearl Maple", "1S00ZZ00100", "F", "es")
    assert (member.phone, member.get_format_display(), member.facts_as_of) == (
        "1-800-555-0111",
        "braille",
        date(2026, 1, 31),
    )


def test_the_newest_contact_of_a_kind_is_the_one_to_use_and_the_others_stay(plan: Plan, tmp_path: Path) -> None:
    contacts = """
        A,phone,1-800-555-0111,,,,pharmacy,2026-01-01
        A,phone,1-800-555-0112,,,,member,2026-03-01
        A,phone,1-800-555-0111,,,,member,2026-02-01
        A,address,1 Sample Street,Springfield,MA,01101,member,2026-02-01
    """
    rows = "\n".join(line.strip() for line in contacts.strip().splitlines())
    load_text(plan, "csv", tmp_path, BASE | {"contacts.csv": HEADERS["contacts"] + "\n" + rows})
    member = Member.objects.get(source_id="A")
    assert (member.phone, member.address, member.postal_code) == ("1-800-555-0112", "1 Sample Street", "01101")
    phones = member.contact_points.filter(kind="phone").values_list("value", "source", "as_of")
    assert set(phones) == {
        ("1-800-555-0111", "member", date(2026, 2, 1)),
        ("1-800-555-0112", "member", date(2026, 3, 1)),
    }


def test_a_do_not_contact_counts_again_when_what_stood_before_it_ends(plan: Plan, tmp_path: Path) -> None:
    rows = "A,phone,never,2025-01-01,,,2025-01-01\nA,phone,allowed,2026-03-01,2026-03-31,,2026-03-01"
    load_text(plan, "csv", tmp_path, BASE | {"preferences.csv": HEADERS["preferences"] + "\n" + rows})
    wishes = [
        [wish.wish for wish in ContactPreference.objects.in_force(day)]
        for day in (date(2024, 12, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert wishes == [[], ["never"], ["allowed"], ["never"]]


@pytest.mark.parametrize("scope", ["told sent", "told  sent", "sent\u00a0 told "])
def test_a_representative_has_a_scope_and_days(plan: Plan, tmp_path: Path, scope: str) -> None:
    rows = f"A,Fern Maple,daughter,{scope},1-800-555-0119,2026-01-01,2026-06-30,2026-01-01"
    load_text(plan, "csv", tmp_path, BASE | {"representatives.csv": HEADERS["representatives"] + "\n" + rows})
    [found] = Representative.objects.authorised(date(2026, 6, 30))
    assert found.scope == "may be told about the review, be sent the letters"
    assert not Representative.objects.authorised(date(2026, 7, 1)).exists()


@pytest.mark.parametrize(
    ("row", "until"),
    [
        ("A,at_risk,pharmacy,2025-01-01,,,,,", "2026-01-01"),
        ("A,at_risk,pharmacy,2025-01-01,2025-11-30,,,,", "2025-12-01"),
        ("A,at_risk,pharmacy,2025-01-01,2025-12-31,2026-06-30,,,", "2026-07-01"),
        ("A,at_risk,pharmacy,2025-01-01,2025-12-31,2026-06-30,2025-02-28,,", "2025-03-01"),
    ],
)
def test_a_spell_ends_early_as_extended_as_planned_or_after_a_year(
    plan: Plan, tmp_path: Path, row: str, until: str
) -> None:
    load_text(plan, "csv", tmp_path, BASE | {"at_risk.csv": HEADERS["at_risk"] + "\n" + row})
    assert AtRiskSpell.objects.get().period.upper == date.fromisoformat(until)


def test_a_spell_that_begins_ends_the_one_before_it_of_the_same_limitation(plan: Plan, tmp_path: Path) -> None:
    rows = (
        "A,at_risk,pharmacy,2025-06-01,,,,,\nA,at_risk,pharmacy,2025-01-01,,,,,\nA,at_risk,prescriber,2025-03-01,,,,,"
    )
    load_text(plan, "csv", tmp_path, BASE | {"at_risk.csv": HEADERS["at_risk"] + "\n" + rows})
    found = {(s.limitation, str(s.period)) for s in AtRiskSpell.objects.all()}
    assert found == {
        ("pharmacy", "[2025-01-01, 2025-06-01)"),
        ("pharmacy", "[2025-06-01, 2026-06-01)"),
        ("prescriber", "[2025-03-01, 2026-03-01)"),
    }


def test_of_a_prescriber_the_newest_of_each_fact_holds(plan: Plan, tmp_path: Path) -> None:
    header = "npi,name,phone,fax,specialty,as_of\n"
    rows = (
        "1999999001,Dr. Alder,1-800-555-0170,,Geriatrics,2026-01-01\n1999999001,Dr. Elder,,1-800-555-0171,,2025-01-01"
    )
    load_text(plan, "csv", tmp_path, {"prescribers.csv": header + rows})
    found = Prescriber.objects.get()
    assert (found.name, found.phone, found.fax, found.specialty) == (
        "Dr. Alder",
        "1-800-555-0170",
        "1-800-555-0171",
        "Geriatrics",
    )


def test_a_medicare_number_that_is_the_member_number_is_shown_as_both(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path, {"members.csv": "member_number,mbi\n1S00ZZ00100,1S00ZZ00100"})
    member = Member.objects.get()
    assert (member.source_id, member.mbi, member.identifiers.count()) == ("1S00ZZ00100", "1S00ZZ00100", 1)


def test_a_medicare_number_leads_to_the_member_of_whom_it_was_told_last(plan: Plan, tmp_path: Path) -> None:
    header = "member_number,mbi,as_of\n"
    load_text(plan, "csv", tmp_path / "1", {"members.csv": header + "A,1S00ZZ00100,2025-01-31\nB,,2025-01-31"})
    load_text(plan, "csv", tmp_path / "2", {"members.csv": header + "B,1S00ZZ00100,2026-01-31"})
    assert {m.source_id: m.mbi for m in Member.objects.all()} == {"A": "", "B": "1S00ZZ00100"}


REASONS = [
    ("members", "A,,,,1950-13-01,,,,,,,,", "no valid birth date"),
    ("members", "A,,,,2999-01-01,,,,,,,,", "no valid birth date"),
    ("members", "A,,,,,1950-02-30,,,,,,,", "no valid date of death"),
    ("members", "A,,,,1950-05-17,1949-01-01,,,,,,,", "died before being born"),
    ("members", "A,,,,,,X,,,,,,", "the sex is neither F nor M"),
    ("members", "A,,,,,,,,,,english,,", "no valid language (ISO 639, such as en or es)"),
    ("members", "A,,,,,,,,,,,morse,", "no known format"),
    ("members", "A,,,,,,,,,,,,soon", "no valid day of the facts"),
    ("members", "A,1S00ZZ001000,,,,,,,,,,,", "the Medicare number is too long"),
    ("members", "A,1S00_Z00100,,,,,,,,,,,", "no valid Medicare number"),
    ("members", f"A,,{'x' * 61},,,,,,,,,,", "the name is too long"),
    ("members", "A,,,,,,,12,,,,,", "no valid phone number"),
    ("members", f"{'x' * 41},,,,,,,,,,,,", "the member number is too long"),
    ("members", ",,,,,,,,,,,,", "no member number"),
    ("coverage", "X,,,2025-01-01,,,", "unknown member"),
    ("coverage", "A,H00010,,2025-01-01,,,", "the contract number is too long"),
    ("coverage", "A,H-001,,2025-01-01,,,", "no valid contract number"),
    ("coverage", "A,H0001,0010,2025-01-01,,,", "the benefit package number is too long"),
    ("coverage", "A,,001,2025-01-01,,,", "a benefit package without a contract"),
    ("coverage", "A,,,,,,", "no valid first day"),
    ("coverage", "A,,,2025-01-01,2025-02-30,,", "no valid last day"),
    ("coverage", "A,,,2025-01-02,2025-01-01,,", "ends before it starts"),
    ("coverage", "A,,,2025-01-01,,,stop", "no known action"),
    ("spans", "A,dialysis,,2025-01-01,,,", "no known kind of period"),
    ("spans", "A,hospice,1,2025-01-01,,,", "a level of what has none"),
    ("at_risk", "A,maybe,,2025-01-01,,,,,", "the status is neither potential nor at_risk"),
    ("at_risk", "A,at_risk,doctor,2025-01-01,,,,,", "no known limitation"),
    ("at_risk", "A,at_risk,,,,,,,", "no valid effective date"),
    ("at_risk", "A,at_risk,,2025-01-01,2026-02-01,,,,", "planned for more than one year"),
    ("at_risk", "A,at_risk,,2025-01-01,2025-12-31,2027-02-01,,,", "extended to more than two years"),
    ("at_risk", "A,at_risk,,2025-01-01,2024-12-31,,,,", "ends before it starts"),
    ("contacts", "A,pager,1,,,,,", "no known kind of contact"),
    ("contacts", "A,email,nowhere,,,,,", "no valid e-mail address"),
    ("contacts", "A,address,1 Sample Street,Springfield,Mass,,,", "the state is not two letters"),
    ("preferences", "A,pigeon,never,2025-01-01,,,", "no known channel"),
    ("preferences", "A,phone,maybe,2025-01-01,,,", "no known wish (never, allowed or preferred)"),
    ("preferences", "A,phone,never,,,,", "no valid first day"),
    ("representatives", "A,,,told,,2025-01-01,,", "no name"),
    ("representatives", "A,Fern,,everything,,2025-01-01,,", "no known scope (told, sent, decide)"),
    ("representatives", "A,Fern,,,,2025-01-01,,", "no known scope (told, sent, decide)"),
    ("identifiers", "A,passport,1,,,", "no known kind of number"),
    ("identifiers", "A,other,B,,,", "already the number of another member"),
    ("identifiers", "A,other,,,,", "no number"),
]


@pytest.mark.parametrize(("kind", "row", "reason"), REASONS)
def test_every_bad_value_gets_a_plain_reason(plan: Plan, tmp_path: Path, kind: str, row: str, reason: str) -> None:
    load_text(plan, "csv", tmp_path / "base", BASE)
    [file] = load_text(plan, "csv", tmp_path / "bad", {f"{kind}.csv": f"{HEADERS[kind]}\n{row}"}).values()
    assert (file.accepted, file.rejected_by_reason) == (0, {reason: 1})


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("prescribers.csv", "npi,name\n123,Dr. Alder", "no valid NPI"),
        ("prescribers.csv", "npi,phone\n1999999001,abc", "no valid phone number"),
        ("prescribers.csv", "npi,fax\n1999999001,12345", "no valid fax number"),
        ("pharmacies.csv", "npi,phone\n1999999101,none", "no valid phone number"),
        ("pharmacies.csv", f"npi,name\n1999999001,{'x' * 121}", "the name is too long"),
        ("drug_flags.csv", "ndc,maintenance\n123456789012,Y", "no valid NDC"),
        ("drug_flags.csv", "ndc,maintenance\n00093005801,maybe", "the flag is neither Y, N nor S"),
    ],
)
def test_bad_reference_rows_get_one_too(plan: Plan, tmp_path: Path, name: str, text: str, reason: str) -> None:
    [file] = load_text(plan, "csv", tmp_path, {name: text}).values()
    assert file.rejected_by_reason == {reason: 1}
