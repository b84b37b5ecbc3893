"""Records that are each right and together cannot be: they are rejected by name, and no load ends in an error of the database."""

from datetime import date
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.models import FillVersion, RejectedRow
from members.models import CoverageSpan, Identifier, Member
from tests.claims.loading import load_text

MEMBERS = "member_number,birth_date,death_date,phone,as_of\n"
NUMBERS = "member_number,kind,value,starts_on,ends_on,as_of\n"
COVERAGE = "member_number,contract,pbp,starts_on\n"
SPANS = "member_number,kind,level,starts_on\n"
FILLS = "member_number,claim_id,filled_on,ndc,quantity,days_supply,cost,action\n"
BORN, DIED = "A,1950-05-17,,,2026-01-01", "A,,1940-01-01,,2026-02-01"
BEGINS, ENDS = "A,mbi,1S00ZZ00100,2026-01-01,,2026-01-01", "A,mbi,1S00ZZ00100,,2025-06-30,2026-02-01"


def days_of(plan: Plan) -> tuple[date | None, date | None]:
    member = Member.objects.get(plan=plan, merged_into=None)
    return member.birth_date, member.death_date


def rejected(plan: Plan, folder: Path, name: str, *lines: str) -> list[tuple[int, str]]:
    [file] = load_text(plan, "csv", folder, {name: "\n".join(lines)}).values()
    return list(RejectedRow.objects.filter(file=file).order_by("line").values_list("line", "reason"))


@pytest.mark.parametrize(("first", "second"), [(BORN, DIED), (DIED, BORN)])
def test_a_death_before_the_known_birth_is_rejected(plan: Plan, tmp_path: Path, first: str, second: str) -> None:
    assert rejected(plan, tmp_path / "1", "members.csv", MEMBERS + first) == []
    known = days_of(plan)
    assert rejected(plan, tmp_path / "2", "members.csv", MEMBERS + second) == [(2, "died before being born")]
    assert days_of(plan) == known


def test_of_two_records_of_a_file_that_contradict_neither_is_kept(plan: Plan, tmp_path: Path) -> None:
    found = rejected(plan, tmp_path, "members.csv", MEMBERS + BORN, DIED, "A,,,1-800-555-0111,2026-01-01", BORN)
    assert found == [(line, "died before being born") for line in (2, 3, 5)]
    assert days_of(plan) == (None, None)


def test_a_correction_of_both_days_stands(plan: Plan, tmp_path: Path) -> None:
    assert rejected(plan, tmp_path / "1", "members.csv", MEMBERS + BORN) == []
    corrected = "A,1930-05-17,1940-01-01,,2026-02-01"
    assert rejected(plan, tmp_path / "2", "members.csv", MEMBERS + corrected) == []
    # What was told before changes nothing, however it contradicts what is known now.
    assert rejected(plan, tmp_path / "3", "members.csv", MEMBERS + "A,1945-05-17,,,2025-01-01") == []
    assert days_of(plan) == (date(1930, 5, 17), date(1940, 1, 1))


def test_what_would_have_agreed_may_be_rejected_for_something_else(plan: Plan, tmp_path: Path) -> None:
    """The newest birth date agrees with the death, but its record has no valid phone number; what is left does not."""
    lines = [DIED, "A,1930-05-17,,12,2026-03-01", BORN]
    assert rejected(plan, tmp_path, "members.csv", MEMBERS + lines[0], *lines[1:]) == [(3, "no valid phone number")]
    assert days_of(plan) == (None, None)


def test_of_two_rows_that_are_merged_the_days_of_the_older_stay_where_they_contradict(
    plan: Plan, tmp_path: Path
) -> None:
    load_text(plan, "csv", tmp_path / "1", {"members.csv": MEMBERS + BORN})
    load_text(plan, "csv", tmp_path / "2", {"members.csv": MEMBERS + DIED.replace("A", "B")})
    assert rejected(plan, tmp_path / "3", "identifiers.csv", NUMBERS + "B,former,A,,,2026-03-01") == []
    assert days_of(plan) == (date(1950, 5, 17), None)
    told_on = Member.objects.get(plan=plan, merged_into=None).told_on
    assert (told_on["birth_date"], "death_date" in told_on) == ("2026-01-01", False)


@pytest.mark.parametrize(("first", "second"), [(BEGINS, ENDS), (ENDS, BEGINS)])
def test_an_end_before_the_known_start_of_a_number_is_rejected(
    plan: Plan, tmp_path: Path, first: str, second: str
) -> None:
    load_text(plan, "csv", tmp_path / "0", {"members.csv": MEMBERS + "A,,,,2026-01-01"})
    assert rejected(plan, tmp_path / "1", "identifiers.csv", NUMBERS + first) == []
    assert rejected(plan, tmp_path / "2", "identifiers.csv", NUMBERS + second) == [(2, "ends before it starts")]
    wider = "A,mbi,1S00ZZ00100,2020-01-01,2027-01-01,2026-03-01"
    assert rejected(plan, tmp_path / "3", "identifiers.csv", NUMBERS + wider) == []


def test_of_two_days_of_a_number_in_one_file_neither_is_kept(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path / "0", {"members.csv": MEMBERS + "A,,,,2026-01-01"})
    found = rejected(plan, tmp_path / "1", "identifiers.csv", NUMBERS + BEGINS, ENDS, "A,mbi,1S00ZZ00100,,,2026-01-01")
    assert found == [(2, "ends before it starts"), (3, "ends before it starts")]
    assert Identifier.objects.filter(kind="mbi").values_list("starts_on", "ends_on").get() == (None, None)


def test_of_a_number_that_both_rows_had_the_start_is_not_known_where_it_ended_before(
    plan: Plan, tmp_path: Path
) -> None:
    load_text(plan, "csv", tmp_path / "0", {"members.csv": MEMBERS + "A,,,,2026-01-01\nB,,,,2026-01-01"})
    both = [BEGINS, ENDS.replace("A", "B"), "B,former,A,,,2026-03-01"]
    assert rejected(plan, tmp_path / "1", "identifiers.csv", NUMBERS + both[0], *both[1:]) == []
    found = Identifier.objects.filter(kind="mbi").values_list("starts_on", "ends_on").get()
    assert found == (None, date(2025, 6, 30))


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("coverage.csv", COVERAGE + "A,,001,2026-01-01", "a benefit package without a contract"),
        ("coverage.csv", COVERAGE + "A,-1,,2026-01-01", "no valid contract number"),
        ("spans.csv", SPANS + "A,coverage,-001,2026-01-01", "no valid contract number"),
        ("spans.csv", SPANS + "A,coverage,H0001234,2026-01-01", "no valid contract number"),
        ("spans.csv", SPANS + "A,coverage,H0001-0001,2026-01-01", "no valid contract number"),
    ],
)
def test_a_package_has_a_contract(plan: Plan, tmp_path: Path, name: str, text: str, reason: str) -> None:
    load_text(plan, "csv", tmp_path / "0", {"members.csv": MEMBERS + "A,,,,2026-01-01"})
    assert rejected(plan, tmp_path / "1", name, text) == [(2, reason)]
    assert not CoverageSpan.objects.exists()


@pytest.mark.parametrize(
    "said", ["-30,-30,-10.00", "99999999,40000,999999999999", "-99999999,30,-999999999999", "NaN,NaN,NaN", ",,inf"]
)
@pytest.mark.parametrize("again", [False, True])
def test_a_deletion_may_say_nonsense_of_what_it_deletes(plan: Plan, tmp_path: Path, said: str, again: bool) -> None:
    """Reversals often come with amounts below nothing."""
    load_text(plan, "csv", tmp_path / "0", {"members.csv": MEMBERS + "A,,,,2026-01-01"})
    if again:
        load_text(plan, "csv", tmp_path / "1", {"fills.csv": FILLS + "A,1,2025-02-01,00093005801,30,30,10.00,"})
    assert rejected(plan, tmp_path / "2", "fills.csv", FILLS + f"A,2,2025-02-01,00093005801,{said},delete") == []
    assert FillVersion.objects.values_list("quantity", "cost").get() == (None, None)
