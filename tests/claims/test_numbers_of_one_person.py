"""A Medicare number that is told of one row and is the own number of another: one person, in whatever order it comes."""

import tempfile
from itertools import count, permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Plan
from claims.models import Fill, RejectedRow
from members.models import Identifier, Member
from tests.claims.loading import OF_LOADS, known_of_members, load_text
from tests.claims.test_feed_834 import interchange, load_834
from tests.claims.test_member_facts import HEADERS, ROWS, first, last, lines, one_of, told

X = "1S00ZZ00101"
MEMBERS = "member_number,mbi,first_name,last_name,birth_date,sex,as_of\n"
FILLS = "member_number,claim_id,filled_on,ndc,quantity,days_supply,cost,processed_on\n"
CLAIMED = {"fills.csv": FILLS + f"{X},C1,2026-01-05,00093005801,30,30,10.00,"}
TOLD = {"members.csv": MEMBERS + f"P100,{X},Ann,Bee,1950-01-01,,2026-01-31"}
NUMBER_ONLY = {"members.csv": MEMBERS + f"{X},,Ann,,,F,2025-12-31"}
KNOWN = {"members.csv": MEMBERS + "P100,,,,,,2025-01-31"}
codes = count(1)


def load_each(plan: Plan, folder: Path, *loads: dict[str, str]) -> dict[str, int]:
    """Load one after the other; what was rejected of them by reason."""
    for place, files in enumerate(loads):
        load_text(plan, "csv", folder / f"{plan.code}-{place}", files, members_from_claims=True)
    rows = list(RejectedRow.objects.filter(plan=plan).values_list("reason", flat=True))
    return {reason: rows.count(reason) for reason in rows}


def known(plan: Plan) -> dict[str, list[str]]:
    fills = Fill.objects.filter(plan=plan).values_list("member__source_id", "claim_id", "cost")
    return known_of_members(plan) | {"fills": sorted(map(str, fills))}


@pytest.mark.parametrize("loads", list(permutations([CLAIMED, TOLD, NUMBER_ONLY])))
@pytest.mark.parametrize("place", [0, 1])
def test_they_are_one_person_in_any_order(
    plan: Plan, other_plan: Plan, tmp_path: Path, loads: tuple[dict[str, str], ...], place: int
) -> None:
    assert load_each(plan, tmp_path, *loads[:place], KNOWN, *loads[place:]) == {}
    load_each(other_plan, tmp_path, KNOWN, TOLD, NUMBER_ONLY, CLAIMED)
    assert known(plan) == known(other_plan)
    member = Member.objects.get(plan=plan)
    assert (member.source_id, member.mbi, member.name, member.sex) == ("P100", X, "Ann Bee", "F")
    assert member.fills.count() == 1


@pytest.mark.parametrize("turned", [False, True])
def test_in_one_file_too(plan: Plan, tmp_path: Path, turned: bool) -> None:
    rows = [f"{X},,Ann,,,F,2025-12-31", f"P100,{X},,Bee,1950-01-01,,2026-01-31"]
    load_each(plan, tmp_path, {"members.csv": MEMBERS + "\n".join(rows[::-1] if turned else rows)})
    member = Member.objects.get()
    assert (member.source_id, member.mbi, member.name, member.sex) == ("P100", X, "Ann Bee", "F")


@pytest.mark.parametrize("kind", ["mbi", "former"])
def test_the_days_of_the_number_are_kept(plan: Plan, tmp_path: Path, kind: str) -> None:
    number = f"member_number,kind,value,starts_on,ends_on,as_of\nP100,{kind},{X},2025-01-01,2025-12-31,2026-01-31"
    load_each(plan, tmp_path, CLAIMED, KNOWN, {"identifiers.csv": number})
    found = Identifier.objects.get(member=Member.objects.get(), value=X)
    assert (found.kind, f"{found.starts_on} {found.ends_on}", found.leads) == (kind, "2025-01-01 2025-12-31", True)


def test_of_two_who_are_known_by_their_claims_alone_no_day_is_known(plan: Plan, tmp_path: Path) -> None:
    theirs = {"fills.csv": CLAIMED["fills.csv"].replace(X, "P100").replace("C1", "C2")}
    number = f"member_number,kind,value,as_of\nP100,mbi,{X},2026-01-31"
    load_each(plan, tmp_path, CLAIMED, theirs, {"identifiers.csv": number})
    member = Member.objects.get()
    assert (member.source_id, member.facts_as_of, member.fills.count()) == ("P100", None, 2)


CONTRADICTING = ["Ann,Bee,1951-01-01,", "Ann,Bee,,M", "Cal,Dee,,"]


@pytest.mark.parametrize("other", CONTRADICTING)
@pytest.mark.parametrize("how", ["new", "known", "joined"])
def test_two_rows_that_contradict_each_other_stay_two(plan: Plan, tmp_path: Path, other: str, how: str) -> None:
    theirs, row = f"{X},,{other},2026-01-31", f"P100,{X},ann,bee,1950-01-01,F,2026-01-31"
    first = MEMBERS + theirs + ("\n" + row if how == "joined" else "")
    more = {"new": [], "known": [KNOWN], "joined": []}[how]
    again = [] if how == "joined" else [{"members.csv": MEMBERS + row}]
    rejected = load_each(plan, tmp_path, {"members.csv": first}, *more, *again)
    assert rejected == {"already the number of another member": 1}
    assert Member.objects.get(source_id=X).first_name == other.split(",")[0]
    assert not Member.objects.exclude(source_id=X).exclude(first_name="").exists()


@pytest.mark.parametrize("fact", ["first_name", "last_name"])
def test_one_name_alone_may_have_changed(plan: Plan, tmp_path: Path, fact: str) -> None:
    theirs = {"first_name": f"{X},,Anna,Bee,1950-01-01,F,2025-01-31", "last_name": f"{X},,Ann,Dee,,,2025-01-31"}
    assert load_each(plan, tmp_path, {"members.csv": MEMBERS + theirs[fact]}, TOLD) == {}
    assert Member.objects.get().name == "Ann Bee"


@pytest.mark.parametrize("days", [("2026-01-01", "2026-01-31"), ("2026-01-31", "2026-01-01")])
def test_a_number_that_two_share_makes_no_one_person_of_them(plan: Plan, tmp_path: Path, days: tuple[str, ...]) -> None:
    rows = [f"{number},{X},,,,,{day}" for number, day in zip(("P100", "Q100"), days, strict=True)]
    assert load_each(plan, tmp_path, CLAIMED, {"members.csv": MEMBERS + "\n".join(rows)}) == {}
    last = "P100" if days[0] > days[1] else "Q100"
    assert {m.source_id: m.mbi for m in Member.objects.all()} == {"P100": "", "Q100": ""} | {last: X}
    assert Fill.objects.get().member.source_id == last


def test_a_new_member_has_no_other_number_that_is_anothers_own(plan: Plan, tmp_path: Path) -> None:
    load_each(plan, tmp_path, {"members.csv": MEMBERS + "MEM200,,,,,,2026-01-31"})
    [file] = load_834(
        plan, tmp_path / "834", interchange("INS*Y*18*021**A***AC\nREF*0F*M1\nREF*23*MEM200\nNM1*IL*1*Maple*Pearl")
    ).values()
    assert file.rejected_by_reason == {"already the number of another member": 1}
    assert Member.objects.get().source_id == "MEM200"


def test_two_rows_from_before_are_made_one_when_it_is_told_again(plan: Plan, tmp_path: Path) -> None:
    load_each(plan, tmp_path, CLAIMED, KNOWN)
    member = Member.objects.get(source_id="P100")
    Identifier.objects.create(plan=plan, member=member, kind="mbi", value=X, as_of="2026-01-31", leads=False)
    load_text(plan, "csv", tmp_path / "again", TOLD)
    assert Member.objects.get().fills.count() == 1


number = one_of("A", "B", X)
PERSON: dict[str, st.SearchStrategy[str]] = {
    # What is told of A and of the number is never contradictory.
    "members": lines(
        one_of("A", X), "", one_of("", "Pearl"), one_of("", "Maple"), one_of("", "1950-05-17"),
        one_of("", "2026-02-01", "none"), one_of("", "F"), one_of("", "1-800-555-0111"), "", "", one_of("", "es", "en"),
        one_of("", "braille", "standard"), told,
    ),
    "identifiers": lines("A", one_of("mbi", "former"), X, one_of("", "2025-01-01"), last, told),
    "spans": lines(one_of("A", X), one_of("hospice", "esrd"), "", first, last, told, one_of("", "", "delete")),
    "fills": lines(
        number, one_of("C1", "C2"), one_of("2026-01-05", "2026-01-06"), "00093005801", "30", "30",
        one_of("1.00", "2.00"), one_of("", "2026-01-07", "2026-01-09"),
    ),
}  # fmt: skip
OTHERS = ("coverage", "at_risk", "contacts", "preferences", "representatives")
facts = st.lists(
    st.one_of(
        *(st.tuples(st.just(kind), row) for kind, row in PERSON.items()),
        *(st.tuples(st.just(kind), ROWS[kind].map(lambda row: row.replace("A,", f"{X},", 1))) for kind in OTHERS),
    ),
    min_size=3,
    max_size=25,
)


def known_after(parts: list[list[tuple[str, str]]]) -> dict[str, list[str]]:
    plan = Plan.objects.create(code=f"X{next(codes):04}", name="A plan")
    header = HEADERS | {"fills": FILLS.strip()}
    with tempfile.TemporaryDirectory() as folder:
        loads = [{"members.csv": "member_number,as_of\nA,2020-01-01\nB,2020-01-01"}]
        for part in parts:
            kinds = sorted({kind for kind, _ in part})
            loads.append({f"{k}.csv": "\n".join([header[k], *(row for kind, row in part if kind == k)]) for k in kinds})
        load_each(plan, Path(folder), *filter(None, loads))
    return known(plan)


@OF_LOADS
@given(rows=facts, seed=st.integers(0, 1000), parts=st.integers(1, 4))
def test_split_shuffled_and_repeated_facts_of_one_person_give_the_same(
    committed: None, rows: list[tuple[str, str]], seed: int, parts: int
) -> None:
    random = Random(seed)
    rows = [*rows, ("members", f"A,{X},,,,,,,,,,,2025-01-31")]
    shuffled = random.sample(rows, len(rows))
    split = [[row for row in shuffled if random.randrange(parts) == part] for part in range(parts)]
    # What came before anybody had the number was rejected: it comes once more.
    at_once, in_parts = known_after([rows]), known_after([*split, shuffled])
    differing = {table: set(at_once[table]) ^ set(in_parts[table]) for table in at_once}
    assert {table: found for table, found in differing.items() if found} == {}
