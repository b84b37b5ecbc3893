"""Two rows that are one person become one member: by a former number in an identifier file, or at somebody's word."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent, Plan, User
from claims.merging import MergeProblem, merge
from claims.models import Diagnosis, Fill, FillVersion
from eligibility.enrollment import end_past_years
from members.models import CoverageSpan, Identifier, Member, MemberMerge
from tests.claims.loading import known_of_members, load_text
from tests.conftest import make_member
from tests.making import DAY, enrolled

MEMBERS = "member_number,mbi,first_name,last_name,birth_date,phone,as_of\n"
M1 = "M1,1S00ZZ00100,Pearl,Maple,1950-05-17,1-800-555-0111,2025-06-30"
N1 = "N1,1S00ZZ00200,Pearl,Birch,,1-800-555-0122,2026-01-31"
COVERAGE = "member_number,contract,pbp,starts_on,ends_on,as_of\n"
FILLS = "member_number,claim_id,filled_on,ndc,quantity,days_supply,cost,processed_on,action\n"
DIAGNOSES = "member_number,claim_id,diagnosed_on,codes,inpatient\n"
FORMER = "member_number,kind,value,as_of\nN1,former,M1,2026-01-31"

BEFORE = {
    "members.csv": MEMBERS + M1,
    "coverage.csv": COVERAGE + "M1,H0001,001,2025-01-01,2025-12-31,2025-06-30",
    "fills.csv": FILLS
    + "M1,1,2025-02-01,00093005801,30,30,10.00,2025-02-02,\nM1,2,2025-03-01,00093005801,30,30,10.00,,",
    "diagnoses.csv": DIAGNOSES + "M1,7,2025-02-01,I10 E119,",
}
AFTER = {
    "members.csv": MEMBERS + N1,
    "coverage.csv": COVERAGE + "N1,H0001,001,2026-01-01,,2026-01-31",
    # The same claim 1, processed again under the new number.
    "fills.csv": FILLS
    + "N1,1,2025-02-01,00093005801,30,30,12.00,2026-01-05,adjust\nN1,3,2026-02-01,00093005801,30,30,9.00,,",
    "diagnoses.csv": DIAGNOSES + "N1,7,2025-02-01,I10,1",
}


def test_a_former_number_of_a_known_member_makes_one_of_two(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path / "before", BEFORE)
    first = Member.objects.get()
    load_text(plan, "csv", tmp_path / "after", AFTER)
    [file] = load_text(plan, "csv", tmp_path / "numbers", {"identifiers.csv": FORMER}).values()
    assert file.accepted == 1
    member = Member.objects.get()
    assert (member.pk, member.public_id) == (first.pk, first.public_id)
    assert (member.source_id, member.first_name, member.last_name) == ("N1", "Pearl", "Birch")
    assert (member.birth_date, member.phone, member.mbi) == (date(1950, 5, 17), "1-800-555-0122", "1S00ZZ00200")
    assert set(member.identifiers.values_list("kind", "value")) == {
        ("number", "N1"),
        ("former", "M1"),
        ("mbi", "1S00ZZ00100"),
        ("mbi", "1S00ZZ00200"),
    }
    assert [str(span.period) for span in member.coverage.all()] == ["[2025-01-01, None)"]


def test_claims_of_both_are_netted_as_those_of_one(plan: Plan, tmp_path: Path) -> None:
    for name, files in (("before", BEFORE), ("after", AFTER), ("numbers", {"identifiers.csv": FORMER})):
        load_text(plan, "csv", tmp_path / name, files)
    assert {(fill.claim_id, str(fill.cost)) for fill in Fill.objects.all()} == {
        ("1", "12.00"),
        ("2", "10.00"),
        ("3", "9.00"),
    }
    assert [str(version.cost) for version in FillVersion.objects.all()] == ["10.00"]
    assert set(Diagnosis.objects.values_list("code", "inpatient")) == {("I10", True), ("E119", False)}


def test_what_comes_under_a_former_number_is_of_the_member_it_led_to(plan: Plan, tmp_path: Path) -> None:
    for name, files in (("before", BEFORE), ("after", AFTER), ("numbers", {"identifiers.csv": FORMER})):
        load_text(plan, "csv", tmp_path / name, files)
    late = {"fills.csv": FILLS + "M1,9,2025-04-01,00093005801,30,30,1.00,,", "members.csv": MEMBERS + M1}
    files = load_text(plan, "csv", tmp_path / "late", late)
    assert (files["fills.csv"].accepted, files["members.csv"].duplicate) == (1, 1)
    assert Member.objects.get().fills.filter(claim_id="9").exists()


@pytest.mark.parametrize("order", [("before", "after", "numbers"), ("after", "numbers", "before")])
def test_the_same_is_known_whether_the_former_number_comes_before_or_after_its_member(
    plan: Plan, other_plan: Plan, tmp_path: Path, order: tuple[str, ...]
) -> None:
    parts = {"before": BEFORE, "after": AFTER, "numbers": {"identifiers.csv": FORMER}}
    for name in order:
        load_text(plan, "csv", tmp_path / name, parts[name])
    together = {
        name: parts["before"][name] + parts["after"][name].split("\n", 1)[1].join(["\n", ""]) for name in BEFORE
    }
    load_text(other_plan, "csv", tmp_path / "together", together | {"identifiers.csv": FORMER})
    assert known_of_members(plan) == known_of_members(other_plan)


def test_chains_of_numbers_lead_to_the_one_in_use(plan: Plan, tmp_path: Path) -> None:
    names = ["L1", "M1", "N1", "X1"]
    load_text(plan, "csv", tmp_path / "members", {"members.csv": "member_number\n" + "\n".join(names)})
    told = "member_number,kind,value\nN1,former,M1\nM1,former,L1\nN1,merged,X1"
    load_text(plan, "csv", tmp_path / "numbers", {"identifiers.csv": told})
    member = Member.objects.get()
    assert member.source_id == "N1"
    assert set(Identifier.objects.filter(member=member).values_list("value", flat=True)) == set(names)
    assert sorted(MemberMerge.objects.values_list("number", flat=True)) == ["L1", "M1", "X1"]
    assert AuditEvent.objects.get(kind=Kind.MEMBERS_MERGED).detail == {"members": 3}


def test_many_are_merged_at_once(plan: Plan, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    old, new = [f"M{n}" for n in range(300)], [f"N{n}" for n in range(300)]
    load_text(plan, "csv", tmp_path / "members", {"members.csv": "member_number\n" + "\n".join(old + new)})
    told = "member_number,kind,value\n" + "\n".join(f"{n},former,{m}" for n, m in zip(new, old, strict=True))
    with django_assert_max_num_queries(250):
        load_text(plan, "csv", tmp_path / "numbers", {"identifiers.csv": told})
    assert set(Member.objects.values_list("source_id", flat=True)) == set(new)


def test_a_row_with_an_enrollment_is_kept_and_the_row_that_stays_takes_part(plan: Plan, administrator: User) -> None:
    stays, goes = make_member(plan, "M1"), make_member(plan, "M2")
    enrollment = enrolled(goes, administrator, on=DAY)
    assert merge(current=goes, former=stays, by=administrator) == stays
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.source_id, goes.source_id, goes.merged_into) == ("M2", "M1", stays)
    assert [*Member.objects.of_plan(plan)] == [stays]
    end_past_years(on=DAY)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.member) == ("enrolled", stays)


def test_only_members_of_one_plan_can_be_merged(plan: Plan, other_plan: Plan, member: Member) -> None:
    with pytest.raises(MergeProblem):
        merge(current=member, former=make_member(other_plan, "X1"), by=None)
    with pytest.raises(MergeProblem):
        merge(current=member, former=member, by=None)


def test_coverage_of_both_does_not_overlap(plan: Plan, tmp_path: Path) -> None:
    files = {
        "members.csv": "member_number\nM1\nN1",
        "coverage.csv": COVERAGE + "M1,H0001,001,2025-01-01,2025-12-31,2025-06-30\nN1,H0001,002,2025-10-01,,2026-01-31",
        "identifiers.csv": FORMER,
    }
    load_text(plan, "csv", tmp_path, files)
    found = [(str(span.period), span.pbp) for span in CoverageSpan.objects.order_by("period")]
    assert found == [("[2025-01-01, 2025-10-01)", "001"), ("[2025-10-01, None)", "002")]
