"""What a page does and what the API does is the same action: the same rows, steps and audit events."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEvent
from reviews import scheduling
from reviews.models import Appointment
from tests.trust.conftest import Stage
from tests.trust.test_access import undone
from tests.trust.world import World

# The change by its page and by the API, with what is sent.
DAY = "2026-11-20"
SAME = {
    "opting out": ("enrollments/{enrollment_id}/opt-out/", "enrollments/{enrollment_id}/opt-out/"),
    "claiming": ("alerts/{alert_id}/claim/", "alerts/{alert_id}/claim/"),
    "cancelling": ("appointments/{appointment_id}/cancel/", "appointments/{appointment_id}/cancel/"),
    "no show": ("appointments/{appointment_id}/no-show/", "appointments/{appointment_id}/no-show/"),
    "mailing": ("letters/{letter_id}/mail/", "letters/{letter_id}/mail/"),
    "voiding": ("letters/{letter_id}/void/", "letters/{letter_id}/void/"),
}
SENT = {
    "opting out": {"reason": "does not want calls", "on": DAY, "channel": "letter", "code": "99", "lasts": "always"}
}
TABLES = ("eligibility_enrollment", "reviews_alert", "reviews_appointment", "letters_letter")
KEPT = (*TABLES, *(f"{t}transition" for t in TABLES), "claims_plandrugmapping")
CHANGING = "'id', 'public_id', 'subject_id', 'at', 'booked_at', 'created_at', 'claimed_at', 'mapped_at', 'withdrawn_at'"


def left() -> dict[str, Any]:
    """Every row of work, without what differs between any two moments, and the events without their request."""
    rows = {}
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"SELECT (to_jsonb(t) - ARRAY[{CHANGING}])::text FROM {table} t ORDER BY 1")
            rows[table] = cursor.fetchall()
    events = AuditEvent.objects.order_by("pk").values_list("kind", "actor", "plan_code", "member_id", "subject")
    return rows | {"events": list(events)}


def after(change: Callable[[], Any]) -> dict[str, Any]:
    with undone():
        assert change().status_code in (200, 201, 302)
        return left()


@pytest.mark.parametrize("name", SAME)
def test_page_and_api_leave_the_same(name: str, stage: Stage, db: None) -> None:
    client, untouched = stage.client("pharmacist"), left()
    page, api = (path.format(**stage.ours.ids) for path in SAME[name])
    sent = SENT.get(name, {})
    by_page = after(lambda: client.post(f"/H0001/{page}", sent))
    by_api = after(lambda: client.post(f"/api/v1/plans/H0001/{api}", sent, content_type="application/json"))
    assert by_page == by_api
    assert by_page != untouched


def test_booking_by_page_and_api_leaves_the_same(stage: Stage, db: None) -> None:
    client = stage.client("scheduler")
    person = caller(stage.ours)
    day = scheduling_day(client)
    slot = client.get(f"/api/v1/plans/H0001/appointments/free/?day={day}").json()[0]
    fields = {"member": str(person.public_id), "pharmacist": slot["pharmacist"], "starts": slot["starts"]}
    page = client.get(f"/H0001/calls/{person.public_id}/book/?day={day}").content.decode()
    name = page.split('name="slot"')[1].split('value="')[1].split('"')[0]
    by_page = after(lambda: client.post(f"/H0001/calls/{person.public_id}/book/?day={day}", {"slot": name}))
    api = "/api/v1/plans/H0001/appointments/"
    by_api = after(lambda: client.post(api, fields, content_type="application/json"))
    assert by_page == by_api
    assert len(by_page["reviews_appointment"]) == Appointment.objects.count() + 1


def test_mapping_a_drug_by_page_and_api_leaves_the_same(stage: Stage, db: None) -> None:
    client, untouched, ids = stage.client("administrator"), left(), stage.ours.ids
    mapping = {"ndc": ids["ndc"], "ingredients": ["metformin"], "reason": "package label"}
    changes = [
        (f"unmapped/{ids['ndc']}/", "drug-mappings/", mapping),
        (f"mappings/{ids['mapping_id']}/withdraw/", f"drug-mappings/{ids['mapping_id']}/withdraw/", {}),
    ]
    for page, api, sent in changes:
        by_page = after(partial(client.post, f"/H0001/drugs/{page}", sent))
        by_api = after(partial(client.post, f"/api/v1/plans/H0001/{api}", sent, content_type="application/json"))
        assert by_page == by_api
        assert by_page != untouched


def caller(where: World) -> Any:
    return scheduling.call_list(where.plan).first().member


def scheduling_day(client: Any) -> str:
    """A working day to come."""
    for number in range(1, 6):
        day = f"2027-01-{number + 10:02}"
        if client.get(f"/api/v1/plans/H0001/appointments/free/?day={day}").json():
            return day
    raise AssertionError("no free day")


@pytest.mark.parametrize("on", ["2999-01-01", "2001-01-01"])
def test_a_day_that_a_page_refuses_the_api_refuses_too(on: str, stage: Stage, db: None) -> None:
    client, sent = stage.client("scheduler"), {"reason": "asked", "on": on}
    path = f"enrollments/{stage.ours.ids['enrollment_id']}/opt-out/"
    assert client.post(f"/H0001/{path}", sent).status_code == 422
    assert client.post(f"/api/v1/plans/H0001/{path}", sent, content_type="application/json").status_code == 422
