"""Decisions and enrollments follow the feeds by themselves, and a quarter without decisions is noticed."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from claims.drug_mapping import map_ndc
from claims.models import Load, PlanDrugMapping, ReferenceTable
from eligibility import enrollment, reconcile
from eligibility.determination import determine
from eligibility.models import Determination, Enrollment
from members.models import CoverageSpan, Member
from tests import making
from tests.conftest import make_member
from tests.making import DAY


def loaded(plan: Any) -> Load:
    return Load.objects.create(plan=plan, feed="rif", as_of=DAY, status="done", finished_at=timezone.now())


@pytest.fixture
def taking_part(member: Any, administrator: Any) -> Enrollment:
    return making.enrolled(member, administrator)


def now(row: Enrollment) -> tuple[str, str, date | None]:
    row.refresh_from_db()
    return row.status, row.end_reason, row.ended_on


def test_each_load_is_decided_once(member: Member, administrator: Any, plan: Any) -> None:
    making.criteria_in_force(plan, administrator)
    assert not reconcile.decide_if_due(plan, DAY)  # nothing is loaded yet
    first = loaded(plan)
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    second = loaded(plan)  # on the same day
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    seen = Determination.objects.filter(member=member).order_by("pk").values_list("load", "as_of")
    assert list(seen) == [(first.pk, DAY), (second.pk, DAY)]


def test_each_quarter_is_decided_without_a_load(member: Member, administrator: Any, plan: Any) -> None:
    making.criteria_in_force(plan, administrator)
    loaded(plan)
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)]
    assert [reconcile.decide_if_due(plan, day) for day in days] == [True, True, False, True]


def test_a_quarter_without_a_decision_is_missed(member: Member, administrator: Any, plan: Any) -> None:
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC)):
        making.criteria_in_force(plan, administrator)
    assert reconcile.missed_quarters(plan, DAY) == ["2026-Q1", "2026-Q2", "2026-Q3"]
    loaded(plan)
    reconcile.decide_if_due(plan, date(2026, 5, 5))
    assert reconcile.missed_quarters(plan, DAY) == ["2026-Q1", "2026-Q3"]


def test_a_quarter_before_anything_was_published_is_not_missed(administrator: Any, plan: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC)):
        making.criteria_in_force(plan, administrator)
    assert reconcile.missed_quarters(plan, DAY) == []


def test_a_missed_quarter_is_told_in_later_years_until_it_is_decided(
    member: Member, administrator: Any, plan: Any
) -> None:
    with time_machine.travel(datetime(2025, 10, 5, tzinfo=UTC)):
        criteria = making.criteria_in_force(plan, administrator, year=2025)
    assert reconcile.missed_quarters(plan, date(2025, 12, 31)) == []
    assert reconcile.missed_quarters(plan, date(2026, 1, 1)) == ["2025-Q4"]
    later = reconcile.missed_quarters(plan, date(2026, 7, 1))
    assert later == ["2025-Q4", "2026-Q1 (no criteria were in force)", "2026-Q2 (no criteria were in force)"]
    determine(criteria=criteria, as_of=date(2025, 12, 31), by=None)
    assert reconcile.missed_quarters(plan, date(2026, 1, 1)) == []


def test_criteria_of_a_year_to_come_make_no_quarter_of_this_one_missed(administrator: Any, plan: Any) -> None:
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC)):
        making.criteria_in_force(plan, administrator, year=2027)
    assert reconcile.missed_quarters(plan, date(2027, 3, 31)) == []
    assert reconcile.missed_quarters(plan, date(2027, 4, 1)) == ["2027-Q1"]


def test_a_quarter_is_done_when_every_covered_member_is_decided(member: Member, administrator: Any, plan: Any) -> None:
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC)):
        criteria = making.criteria_in_force(plan, administrator)
    determine(criteria=criteria, as_of=date(2026, 5, 1), by=None)
    assert reconcile.missed_quarters(plan, date(2026, 7, 1)) == []
    other = make_member(plan, "L1")
    span = CoverageSpan.objects.create(
        plan=plan, member=other, contract="H0001", period=DateRange(date(2026, 7, 1), None)
    )
    assert reconcile.missed_quarters(plan, date(2026, 7, 1)) == []
    CoverageSpan.objects.filter(pk=span.pk).update(period=DateRange(date(2026, 6, 30), None))
    assert reconcile.missed_quarters(plan, date(2026, 7, 1)) == ["2026-Q2 (1 covered member not decided)"]
    Member.objects.filter(pk=other.pk).update(death_date=date(2026, 6, 30))
    assert reconcile.missed_quarters(plan, date(2026, 7, 1)) == []


def test_what_drugs_mean_decides_again_on_the_same_day(member: Member, administrator: Any, plan: Any) -> None:
    making.criteria_in_force(plan, administrator)
    loaded(plan)
    making.unknown_fill(member, DAY)
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    of = {"plan": plan, "ndc": "12345678901", "ingredients": ["metformin"], "reason": "package label"}
    mapping = map_ndc(**of, at=timezone.now(), by=administrator)
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    PlanDrugMapping.objects.filter(pk=mapping.pk).update(withdrawn_at=timezone.now(), withdrawn_by=administrator)
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    ReferenceTable.objects.create(name="products", version="1", rows=1)
    assert [reconcile.decide_if_due(plan, DAY) for _ in range(2)] == [True, False]
    counted = Determination.objects.filter(member=member).order_by("pk").values_list("drug_count", flat=True)
    assert list(counted) == [0, 1, 0, 0]


def test_the_command_decides_today_and_no_day_to_come(member: Member, administrator: Any, plan: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        making.criteria_in_force(plan, administrator)
        call_command("determine", plan="H0001", year=2026, stdout=StringIO())
        assert Determination.objects.get().as_of == DAY
        with pytest.raises(CommandError, match="2026-12-31 is still to come"):
            call_command("determine", plan="H0001", year=2026, as_of=date(2026, 12, 31))
        with pytest.raises(CommandError, match="2027 has not begun"):
            call_command("determine", plan="H0001", year=2027)


def test_deaths_and_disenrollments_close_enrollments(taking_part: Enrollment, plan: Any) -> None:
    assert enrollment.end_departed(on=DAY) == 0
    span = {"plan": plan, "member": taking_part.member, "contract": "H0001"}
    CoverageSpan.objects.create(**span, period=DateRange(date(2026, 1, 1), DAY + timedelta(days=2)))
    assert enrollment.end_departed(on=DAY + timedelta(days=1)) == 0
    assert enrollment.end_departed(on=DAY + timedelta(days=2)) == 1
    assert now(taking_part) == ("ended", "02", DAY + timedelta(days=1))
    assert enrollment.end_departed(on=DAY + timedelta(days=2)) == 0


def test_a_death_closes_the_enrollment_on_its_day(taking_part: Enrollment) -> None:
    Member.objects.filter(pk=taking_part.member_id).update(death_date=DAY)
    assert enrollment.end_departed(on=DAY) == 1
    assert now(taking_part) == ("ended", "01", DAY)


def test_who_comes_back_is_enrolled_again(taking_part: Enrollment, plan: Any) -> None:
    span = {"plan": plan, "member": taking_part.member, "contract": "H0001"}
    CoverageSpan.objects.create(**span, period=DateRange(date(2026, 1, 1), DAY))
    enrollment.end_departed(on=DAY)
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY, by=None) == 0
    CoverageSpan.objects.create(**span, period=DateRange(DAY, None))
    assert enrollment.enroll_eligible(plan=plan, plan_year=2026, on=DAY, by=None) == 1


@pytest.mark.parametrize(("lasts", "enrolled"), [("year", 1), ("always", 0)])
def test_an_opt_out_holds_for_its_year_or_until_the_member_says_otherwise(
    lasts: str, enrolled: int, taking_part: Enrollment, pharmacist: Any, plan: Any
) -> None:
    enrollment.opt_out(enrollment=taking_part, reason="x", on=DAY, channel="letter", lasts=lasts, by=pharmacist)
    january = date(2027, 1, 2)
    decision = taking_part.determination
    decision.pk, decision.public_id, decision.as_of = None, "11111111-1111-4111-8111-111111111111", january
    decision.criteria = making.criteria_in_force(plan, pharmacist, year=2027)
    decision.save(force_insert=True)
    assert enrollment.enroll_eligible(plan=plan, plan_year=2027, on=january, by=None) == enrolled
    taking_part.refresh_from_db()
    assert (taking_part.status, taking_part.opt_out_channel, taking_part.ended_on) == (
        *("ended", "letter"),
        date(2026, 12, 31),
    )
    if lasts == "always":
        enrollment.may_be_enrolled_again(enrollment=taking_part, by=pharmacist)
        assert enrollment.enroll_eligible(plan=plan, plan_year=2027, on=january, by=None) == 1
