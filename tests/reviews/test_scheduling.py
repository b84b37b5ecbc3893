"""Booking: no half hour is given twice, whatever happens at once (T57)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Plan, User
from members.models import Member
from mtm.lib.transitions import TransitionNotAllowed
from reviews import scheduling
from reviews.models import Appointment
from tests import making, races
from tests.conftest import make_member

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)  # Monday, 9:00 in New York
RACES = 1_000


def moments(number: int) -> list[datetime]:
    """Starts of half hours, six a working day."""
    days = [NINE + timedelta(days=n) for n in range(number) if (NINE + timedelta(days=n)).weekday() < 5]
    return [day + scheduling.SLOT * half for day in days for half in range(6)][:number]


def tries(member: Member, pharmacist: User, starts: datetime) -> bool:
    try:
        scheduling.book(member=member, pharmacist=pharmacist, starts=starts, now=NOW, by=pharmacist)
    except scheduling.SlotProblem:
        return False
    return True


def enrolled(plan: Plan, names: list[str], by: User) -> list[Member]:
    members = [make_member(plan, name) for name in names]
    for member in members:
        making.enrolled(member, by)
    return members


@contextmanager
def without(name: str) -> Iterator[None]:
    """The table without one of its constraints; what the test booked goes before it comes back."""
    constraint = next(c for c in Appointment._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE reviews_appointment CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(Appointment, constraint)


def same_half_hour(plan: Plan, pharmacist: User, number: int = RACES) -> list[int]:
    """In each round two members ask for the same half hour of one pharmacist; gives how many got it."""
    left, right = (enrolled(plan, [f"{side}{n}" for n in range(number)], pharmacist) for side in "LR")
    rounds = list(zip(moments(number), left, right, strict=True))
    racers = [lambda r: tries(r[1], pharmacist, r[0]), lambda r: tries(r[2], pharmacist, r[0])]
    return races.run(rounds, racers)


def test_a_half_hour_is_given_once(committed: None, plan: Plan, pharmacist: User) -> None:
    assert same_half_hour(plan, pharmacist) == [1] * RACES


def test_without_the_constraint_the_race_finds_doubles(committed: None, plan: Plan, pharmacist: User) -> None:
    with without("a_pharmacist_has_one_appointment_at_a_time"):
        assert 2 in same_half_hour(plan, pharmacist, 200)


def test_a_member_is_booked_once(committed: None, plan: Plan, person: Callable[..., User]) -> None:
    one, other = person("pharmacist"), person("pharmacist")
    members = enrolled(plan, [f"M{n}" for n in range(RACES)], one)
    rounds = list(zip(moments(RACES), members, strict=True))
    racers = [lambda r: tries(r[1], one, r[0]), lambda r: tries(r[1], other, r[0] + scheduling.SLOT)]
    assert races.run(rounds, racers) == [1] * RACES


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        (NOW - timedelta(hours=1), "has passed"),
        (NINE + timedelta(minutes=10), "half hour"),
        (NINE - timedelta(minutes=30), "half hour"),  # 8:30
        (NINE + timedelta(hours=8), "half hour"),  # 17:00
        (NINE - timedelta(days=1), "working day"),  # Sunday
        (NINE + timedelta(days=400), "within a year"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "within a year"),
    ],
)
def test_only_offered_half_hours_can_be_booked(starts: datetime, why: str, plan: Plan, pharmacist: User) -> None:
    (member,) = enrolled(plan, ["A"], pharmacist)
    with pytest.raises(scheduling.SlotProblem, match=why):
        scheduling.book(member=member, pharmacist=pharmacist, starts=starts, now=NOW, by=pharmacist)


def test_every_offered_half_hour_can_be_booked(plan: Plan, pharmacist: User) -> None:
    day = NINE.date()
    slots = scheduling.free_slots(plan, day, now=NOW)
    members = enrolled(plan, [f"M{n}" for n in range(len(slots))], pharmacist)
    assert len(slots) == 16
    for member, slot in zip(members, slots, strict=True):
        assert tries(member, slot.pharmacist, slot.starts)
    assert scheduling.free_slots(plan, day, now=NOW) == []


def test_a_cancelled_half_hour_is_free_again(plan: Plan, pharmacist: User) -> None:
    one, other = enrolled(plan, ["A", "B"], pharmacist)
    assert tries(one, pharmacist, NINE)
    assert not tries(other, pharmacist, NINE)
    scheduling.cancel(appointment=Appointment.objects.get(), by=pharmacist)
    assert tries(other, pharmacist, NINE)


def test_a_pharmacist_of_another_plan_cannot_be_booked(plan: Plan, pharmacist: User, stranger: User) -> None:
    (member,) = enrolled(plan, ["A"], pharmacist)
    assert not tries(member, stranger, NINE)


def test_who_is_booked_or_reviewed_is_not_called(plan: Plan, pharmacist: User) -> None:
    one, other = enrolled(plan, ["A", "B"], pharmacist)
    assert tries(one, pharmacist, NINE)
    assert [row.member for row in scheduling.call_list(plan)] == [other]
    scheduling.note_no_show(appointment=Appointment.objects.get(), now=NINE, by=pharmacist)
    assert {row.member for row in scheduling.call_list(plan)} == {one, other}


def test_a_cancelled_appointment_cannot_become_a_no_show(plan: Plan, pharmacist: User) -> None:
    (member,) = enrolled(plan, ["A"], pharmacist)
    tries(member, pharmacist, NINE)
    booked = scheduling.cancel(appointment=Appointment.objects.get(), by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        scheduling.note_no_show(appointment=booked, now=NINE, by=pharmacist)


def test_nobody_has_missed_an_appointment_that_has_not_begun(plan: Plan, pharmacist: User) -> None:
    (member,) = enrolled(plan, ["A"], pharmacist)
    assert tries(member, pharmacist, NINE)
    booked = Appointment.objects.get()
    with pytest.raises(scheduling.SlotProblem, match="has not begun"):
        scheduling.note_no_show(appointment=booked, now=NINE - timedelta(seconds=1), by=pharmacist)
    assert Appointment.objects.get().status == "booked"


def test_the_free_half_hours_of_a_day_take_two_queries(
    plan: Plan, pharmacist: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        scheduling.free_slots(plan, NINE.date(), now=NOW)
