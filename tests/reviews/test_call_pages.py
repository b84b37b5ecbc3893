"""The call list, booking, and the calendar."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone

from accounts.models import User
from members.models import Member
from reviews import scheduling
from reviews.models import Appointment
from reviews.views.calls import day_after
from tests import making

SignIn = Callable[[User], Client]


@pytest.fixture
def waiting(member: Member, pharmacist: User) -> Member:
    making.enrolled(member, pharmacist)
    return member


def booking(member: Member, day: date | None = None) -> str:
    return f"/H0001/calls/{member.public_id}/book/" + (f"?day={day}" if day else "")


def booked(member: Member, by: User) -> Appointment:
    slot = scheduling.free_slots(member.plan, day_after(timezone.localdate(), 1), now=timezone.now())[0]
    return scheduling.book(member=member, pharmacist=slot.pharmacist, starts=slot.starts, now=timezone.now(), by=by)


def test_the_call_list_tells_a_caller_what_they_need(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    page = signed_in(scheduler).get("/H0001/calls/").content.decode()
    assert "Pearl Maple" in page
    assert "1-800-555-0111" in page
    assert "English" in page


@pytest.mark.parametrize(
    ("channel", "wish", "ends_in", "called"),
    [
        ("phone", "never", None, False),
        ("phone", "never", -1, True),
        ("phone", "allowed", None, True),
        ("mail", "never", None, True),
    ],
)
def test_the_number_of_a_member_who_wants_no_calls_is_not_offered(
    channel: str, wish: str, ends_in: int | None, called: bool, waiting: Member, scheduler: User, signed_in: SignIn
) -> None:
    today = timezone.localdate()
    ends_on = None if ends_in is None else today + timedelta(days=ends_in)
    waiting.contact_preferences.create(
        plan=waiting.plan, channel=channel, wish=wish, starts_on=today - timedelta(days=9), ends_on=ends_on, as_of=today
    )
    for address in ("/H0001/calls/", booking(waiting)):
        page = signed_in(scheduler).get(address).content.decode()
        assert ("1-800-555-0111" in page) == called
        assert ("Do not call" in page) != called


def test_someone_booked_is_not_called(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    booked(waiting, scheduler)
    assert b"No one is waiting for a call" in signed_in(scheduler).get("/H0001/calls/").content


def test_a_call_list_search_that_finds_nobody_says_so(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    client = signed_in(scheduler)
    client.post("/H0001/calls/", {"q": "nobody"})
    assert b"No one on the call list matches" in client.get("/H0001/calls/").content


def test_times_are_grouped_and_one_is_booked(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    client = signed_in(scheduler)
    times = client.get(booking(waiting)).context["times"]
    assert [time for time, _ in times][:2] == ["9:00 AM", "9:30 AM"]
    answer = client.post(booking(waiting), {"slot": times[1][1][0][0]})
    assert answer.headers["Location"] == "/H0001/calls/"
    assert Appointment.objects.get().member == waiting


def test_no_time_is_free_on_a_sunday(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    today = timezone.localdate()
    sunday = today + timedelta(days=13 - today.weekday())
    assert b'data-testid="no-slots"' in signed_in(scheduler).get(booking(waiting, sunday)).content


def test_a_time_taken_meanwhile_is_refused_in_words(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    answer = signed_in(scheduler).post(booking(waiting), {"slot": "1@2026-01-01T09:00:00-05:00"})
    assert answer.status_code == 422
    assert b"This time was just taken. Choose another." in answer.content


def test_a_second_appointment_is_refused(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    client = signed_in(scheduler)
    free = client.get(booking(waiting)).context["times"][3][1][0][0]
    booked(waiting, scheduler)
    answer = client.post(booking(waiting), {"slot": free})
    assert answer.status_code == 409
    assert b'data-testid="already-booked"' in answer.content


def test_the_calendar_shows_the_week_of_an_appointment(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    appointment = booked(waiting, scheduler)
    client = signed_in(scheduler)
    page = client.get(f"/H0001/calendar/?week={appointment.time.lower:%Y-%m-%d}").content
    assert b"Pearl Maple" in page
    begun(appointment)
    client.post(f"/H0001/appointments/{appointment.public_id}/no-show/")
    assert Appointment.objects.get().status == "no_show"


def begun(appointment: Appointment) -> None:
    starts = timezone.now() - timedelta(minutes=10)
    Appointment.objects.filter(pk=appointment.pk).update(time=DateTimeTZRange(starts, starts + scheduling.SLOT))


def test_a_no_show_before_its_time_is_refused_with_words(waiting: Member, scheduler: User, signed_in: SignIn) -> None:
    appointment = booked(waiting, scheduler)
    client, path = signed_in(scheduler), f"appointments/{appointment.public_id}/no-show/"
    page, api = client.post(f"/H0001/{path}"), client.post(f"/api/v1/plans/H0001/{path}")
    assert (page.status_code, api.status_code) == (409, 409)
    assert b"This appointment has not begun." in page.content
    assert b"Pearl Maple" in page.content
    assert "This appointment has not begun." in api.json()["detail"]
    assert Appointment.objects.get().status == "booked"


def test_an_auditor_reads_the_calendar_and_changes_nothing(
    waiting: Member, scheduler: User, auditor: User, signed_in: SignIn
) -> None:
    appointment = booked(waiting, scheduler)
    client = signed_in(auditor)
    page = client.get(f"/H0001/calendar/?week={appointment.time.lower:%Y-%m-%d}").content
    assert b'data-testid="cancel-appointment"' not in page
    assert client.post(f"/H0001/appointments/{appointment.public_id}/cancel/").status_code == 403
