"""The CMR completion rate, by the cases the program rules were written down with."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Plan, User
from eligibility import enrollment
from eligibility.models import Determination
from members.models import Member, MemberSpan
from reviews.completion import CompletionRate, completion_rate
from reviews.models import Cmr
from tests import making
from tests.conftest import make_member

OUT, IN, REVIEWED = (0, 0), (1, 0), (1, 1)


def counts(plan: Plan, year: int) -> tuple[int, int]:
    rate = completion_rate(plan, year)
    return rate.counted, rate.reviewed


def taking_part(member: Member, by: User, on: date, *, until: date | None = None, reason: str = "01") -> Any:
    taken_part = making.enrolled(member, by, on=on)
    Determination.objects.filter(pk=taken_part.determination_id).update(cms_reason=reason)
    if until:
        enrollment.opt_out(enrollment=taken_part, reason="no", on=until, by=by)
    return taken_part


def reviewed(taken_part: Any, by: User, on: date) -> None:
    fields = {"plan": taken_part.plan, "member": taken_part.member, "pharmacist": by}
    Cmr.objects.create(enrollment=taken_part, status="completed", completed_on=on, summary_due_on=on, **fields)


@pytest.mark.parametrize(
    ("enrolled_on", "until", "review", "counted"),
    [
        (date(2023, 1, 1), date(2023, 3, 1), None, OUT),  # 59 days
        (date(2023, 1, 1), date(2023, 3, 1), date(2023, 2, 1), REVIEWED),
        (date(2023, 1, 1), date(2023, 3, 2), None, IN),  # 60 days
        (date(2024, 1, 1), date(2024, 3, 1), None, IN),  # a leap year
        (date(2023, 11, 2), None, None, IN),
        (date(2023, 11, 3), None, None, OUT),
        (date(2023, 11, 3), None, date(2023, 12, 31), REVIEWED),
        (date(2023, 1, 1), date(2023, 6, 1), date(2023, 6, 1), IN),  # on the day of the opt-out: not counted
    ],
)
def test_sixty_days_or_a_review(
    member: Member, pharmacist: User, plan: Plan, enrolled_on: date, until: date, review: date, counted: Any
) -> None:
    making.criteria_in_force(plan, pharmacist, year=enrolled_on.year)
    taken_part = taking_part(member, pharmacist, enrolled_on, until=until)
    if review:
        reviewed(taken_part, pharmacist, review)
    assert counts(plan, enrolled_on.year) == counted
    assert completion_rate(plan, enrolled_on.year).to_inspect == int(review == until and review is not None)


@pytest.mark.parametrize(("born", "counted"), [(date(2005, 1, 1), IN), (date(2005, 1, 2), OUT)])
def test_who_is_not_18_when_the_year_begins_is_out(
    member: Member, pharmacist: User, plan: Plan, born: date, counted: Any
) -> None:
    Member.objects.filter(pk=member.pk).update(birth_date=born)
    taking_part(member, pharmacist, date(2023, 1, 1))
    assert counts(plan, 2023) == counted


@pytest.mark.parametrize(("days", "counted"), [(("2023-06-01", "2023-06-02"), OUT), (("2022-06-01", "2023-01-01"), IN)])
def test_one_day_in_hospice_is_out(
    member: Member, pharmacist: User, plan: Plan, days: tuple[str, str], counted: Any
) -> None:
    MemberSpan.objects.create(plan=plan, member=member, kind="hospice", period=days)
    taking_part(member, pharmacist, date(2023, 1, 1))
    assert counts(plan, 2023) == counted


def test_a_review_before_cms_criteria_were_met_counts_once_they_are(
    member: Member, pharmacist: User, plan: Plan
) -> None:
    taken_part = taking_part(member, pharmacist, date(2023, 1, 1), reason="")
    reviewed(taken_part, pharmacist, date(2023, 2, 1))
    assert counts(plan, 2023) == OUT
    later = making.determined(member, pharmacist, on=date(2023, 9, 1))
    Determination.objects.filter(pk=later.pk).update(cms_reason="01")
    assert counts(plan, 2023) == REVIEWED


@pytest.mark.parametrize(("counted", "had_it", "percent"), [(30, 30, None), (31, 31, 100), (200, 1, 1), (400, 1, 0)])
def test_a_rate_is_whole_percent_of_31_or_more(counted: int, had_it: int, percent: int | None) -> None:
    assert CompletionRate(counted, counted, had_it, 0).percent == percent


def test_the_command_tells_members_and_rate(member: Member, pharmacist: User, plan: Plan, capsys: Any) -> None:
    taking_part(member, pharmacist, date(2023, 1, 1))
    make_member(plan, "M2")
    call_command("cmr_rate", plan="H0001", year=2023)
    assert capsys.readouterr().out == (
        "1 member took part; of 1 who count 0 had a review: no rate: CMS wants 31 who count\n"
    )
