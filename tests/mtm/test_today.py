"""Today: each role sees the numbers it may open, and each number is as long as the list behind it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.audit import Kind
from accounts.models import AuditEvent
from claims.models import Load, LoadFile
from eligibility import criteria
from eligibility.models import Criteria
from reviews import cmr
from reviews.models import Appointment
from tests import making
from tests.conftest import make_member
from tests.making import DAY

PAGE = "/H0001/"
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def busy_day(plan: Any, pharmacist: Any, administrator: Any) -> Any:
    """Two enrollees with an alert each, a third who is owed a call, an appointment today, a draft."""
    members = [make_member(plan, f"M{n}", first_name="Pearl", last_name=f"Maple{n}") for n in range(3)]
    for member in members:
        making.enrolled(member, administrator)
    making.alert(members[0], severity=1)
    making.alert(members[1], severity=2)
    time = DateTimeTZRange(NOON, NOON.replace(minute=30))
    Appointment.objects.create(plan=plan, member=members[0], pharmacist=pharmacist, time=time, booked_by=pharmacist)
    criteria.draft_next(criteria=Criteria.objects.get(), plan_year=2027, by=administrator)
    return members


def figures(client: Any) -> dict[str, dict[str, Any]]:
    return {figure["label"]: figure for figure in client.get(PAGE).context["figures"]}


def values(client: Any) -> dict[str, int]:
    return {label: figure["value"] for label, figure in figures(client).items()}


def test_a_pharmacist_sees_alerts_calls_appointments_and_letters(
    pharmacist: Any, signed_in: Any, busy_day: Any
) -> None:
    shown = values(signed_in(pharmacist))
    assert shown["Urgent alerts"] == shown["High alerts"] == shown["Appointments this week"] == 1
    assert (shown["Calls owed"], shown["Members enrolled"]) == (2, 3)
    assert "Draft criteria" not in shown


def test_a_scheduler_sees_calls_and_appointments_and_no_alerts(scheduler: Any, signed_in: Any, busy_day: Any) -> None:
    assert list(values(signed_in(scheduler))) == ["Calls owed", "Appointments this week", "Members enrolled"]


def test_an_administrator_sees_drafts_the_last_sweep_and_the_last_load(
    administrator: Any, signed_in: Any, busy_day: Any
) -> None:
    client = signed_in(administrator)
    assert values(client) == {"Members enrolled": 3, "Draft criteria": 1}
    shown = client.get(PAGE).content.decode()
    assert "2026-Q4, as of Nov 20, 2026" in shown
    assert "No file has been loaded yet." in shown


def test_the_last_load_leads_to_its_page_and_says_how_far_claims_go(
    administrator: Any, signed_in: Any, plan: Any
) -> None:
    load = Load.objects.create(plan=plan, feed="rif", as_of=DAY, status="done")
    counts = {"received": 3, "accepted": 2, "rejected": 1, "claims_through": date(2026, 11, 14)}
    LoadFile.objects.create(load=load, plan=plan, feed="rif", kind="fills", name="pde.csv", sha256="ab" * 32, **counts)
    client = signed_in(administrator)
    shown = client.get(PAGE).content.decode()
    assert "2 accepted, 0 duplicate, 1 rejected" in shown
    assert "Nov 14, 2026" in shown
    assert f'href="/H0001/loads/{load.public_id}/"' in shown
    assert client.get(f"/H0001/loads/{load.public_id}/").status_code == 200


@pytest.mark.parametrize("role", ["pharmacist", "intern", "scheduler", "administrator", "auditor"])
def test_every_number_opens_a_list_of_that_many(role: str, person: Any, signed_in: Any, busy_day: Any) -> None:
    client = signed_in(person(role))
    for figure in figures(client).values():
        answer = client.get(figure["url"])
        assert answer.status_code == 200
        assert counted(answer.context) == figure["value"], figure["label"]


def counted(context: Any) -> int:
    return next(
        len(context[name].rows) if name == "page" else length(context[name])
        for name in ("page", "count", "rows")
        if name in context
    )


def length(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


def test_a_search_left_behind_does_not_shorten_the_lists(pharmacist: Any, signed_in: Any, busy_day: Any) -> None:
    client = signed_in(pharmacist)
    client.post("/H0001/members/", {"q": "nobody"})
    client.get(PAGE)
    assert len(client.get("/H0001/members/").context["page"].rows) == 3


def test_the_appointments_of_today_are_listed_and_the_look_written_down(
    scheduler: Any, signed_in: Any, busy_day: Any
) -> None:
    shown = signed_in(scheduler).get(PAGE).content.decode()
    assert "12:00 PM" in shown
    assert "Pearl Maple0" in shown
    event = AuditEvent.objects.filter(kind=Kind.MEMBER_LISTED).latest("pk")
    assert event.detail == {"where": "today", "members": [busy_day[0].pk]}


def test_a_review_begun_is_offered_to_the_one_who_began_it(
    pharmacist: Any, intern: Any, signed_in: Any, busy_day: Any
) -> None:
    cmr.start(member=busy_day[2], on=DAY, by=pharmacist)
    assert b"Pearl Maple2" in signed_in(pharmacist).get(PAGE).content
    assert b"Pearl Maple2" not in signed_in(intern).get(PAGE).content


def test_an_empty_plan_has_a_today(administrator: Any, pharmacist: Any, signed_in: Any) -> None:
    assert set(values(signed_in(pharmacist)).values()) == {0}
    assert b"No sweep has run yet." in signed_in(administrator).get(PAGE).content


def test_people_of_another_plan_are_told_there_is_no_such_page(stranger: Any, signed_in: Any, plan: Any) -> None:
    assert signed_in(stranger).get(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["pharmacist", "intern", "scheduler", "administrator", "auditor"])
def test_everybody_sees_how_far_the_data_goes(role: str, person: Any, signed_in: Any, plan: Any) -> None:
    load = Load.objects.create(plan=plan, feed="rif", as_of=DAY, status="done")
    counts = {"received": 400, "accepted": 399, "rejected": 1, "fills": 399, "unmapped_ndc": 21}
    LoadFile.objects.create(
        load=load, plan=plan, feed="rif", kind="fills", name="pde", claims_through=date(2026, 9, 14), **counts
    )
    shown = signed_in(person(role)).get(PAGE).content.decode()
    assert "Sep 14, 2026" in shown
    assert "94.7%" in shown


def test_where_nothing_is_loaded_everybody_is_told_what_that_means(pharmacist: Any, signed_in: Any) -> None:
    assert b"Until the plan's claims are here" in signed_in(pharmacist).get(PAGE).content
