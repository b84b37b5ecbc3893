"""Reads of member data are written down, one event a read, or they fail (T22, T23); the trail only grows (T25)."""

from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.models import AuditEvent
from tests.trust import access_table
from tests.trust.conftest import Stage
from tests.trust.test_access import OF_A_PLAN, path_of
from tests.trust.test_safe_methods import GETS, role_for

# These show numbers, criteria, rules and files, and nobody's name; the trail's own page names members by number only.
SHOWS_NOBODY = {
    "<plan:plan_code>/loads/",
    "<plan:plan_code>/loads/<uuid:load_id>/",
    "<plan:plan_code>/loads/files/<uuid:file_id>/",
    "<plan:plan_code>/drugs/unmapped/",
    "<plan:plan_code>/drugs/unmapped/<ndc:ndc>/",
    "<plan:plan_code>/criteria/",
    "<plan:plan_code>/criteria/<uuid:criteria_id>/",
    "<plan:plan_code>/criteria/<uuid:criteria_id>/publish/",
    "<plan:plan_code>/criteria/<uuid:criteria_id>/program/",
    "<plan:plan_code>/criteria/<uuid:criteria_id>/preview/",
    "api/v1/plans/<plan:plan_code>/criteria/",
    "api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/",
    "api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/program/",
    "api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/simulations/",
    "api/v1/plans/<plan:plan_code>/simulations/<uuid:id>/",
    "<plan:plan_code>/criteria/simulations/<uuid:simulation_id>/",
    "<plan:plan_code>/sweeps/",
    "<plan:plan_code>/sweeps/<uuid:sweep_id>/",
    "<plan:plan_code>/rules/",
    "api/v1/plans/<plan:plan_code>/appointments/free/",
    "api/v1/plans/<plan:plan_code>/loads/",
    "api/v1/plans/<plan:plan_code>/loads/freshness/",
    "api/v1/plans/<plan:plan_code>/loads/<uuid:id>/",
    "api/v1/plans/<plan:plan_code>/unmapped-ndcs/",
    "api/v1/plans/<plan:plan_code>/drug-mappings/",
    "api/v1/plans/<plan:plan_code>/sweeps/",
}
READS = [row for row in GETS if row[3] not in SHOWS_NOBODY]


def names_somebody(answer: Any) -> bool:
    return b"OfH000" in answer.content


@pytest.mark.parametrize("row", READS, ids=lambda row: row[3])
def test_three_reads_leave_three_events(row: list[str], stage: Stage, db: None) -> None:
    role = role_for(row[2])
    client, before = stage.client(role), AuditEvent.objects.count()
    numbers = [client.get(path_of(stage.ours, row[3]))["X-Request-Id"] for _ in range(3)]
    events = AuditEvent.objects.order_by("pk")[before:]
    assert [event.request_id for event in events] == numbers
    assert {(event.actor, event.plan_code) for event in events} == {(stage.people[role].pk, "H0001")}
    assert all(says_whom(event) for event in events)


def says_whom(event: AuditEvent) -> bool:
    return bool(event.member_id or event.detail.get("members") or event.kind in ("audit read", "rejected rows read"))


@pytest.mark.parametrize("row", [row for row in GETS if row[3] in SHOWS_NOBODY], ids=lambda row: row[3])
def test_what_is_said_to_show_nobody_does_not(row: list[str], stage: Stage, db: None) -> None:
    for letter in row[2].replace("-", ""):
        answer = stage.client(access_table.LETTERS[letter]).get(path_of(stage.ours, row[3]))
        assert not names_somebody(answer)


def test_a_refused_form_that_shows_a_member_is_a_read_too(stage: Stage, db: None) -> None:
    unseen = []
    for method, _, who, route in OF_A_PLAN:
        if method == "POST":
            before = AuditEvent.objects.count()
            answer = stage.client(role_for(who)).post(path_of(stage.ours, route), {"unknown": "1"})
            if names_somebody(answer) and AuditEvent.objects.count() == before:
                unseen.append(route)
    assert unseen == []


def test_a_search_leaves_one_event_with_those_it_found(stage: Stage, db: None) -> None:
    client, before = stage.client("scheduler"), AuditEvent.objects.count()
    path = "/api/v1/plans/H0001/members/search/"
    found = client.post(path, {"words": "Pearl1"}, content_type="application/json").json()["results"]
    (event,) = AuditEvent.objects.order_by("pk")[before:]
    assert [row["id"] for row in found] == [str(stage.ours.member.public_id)]
    assert event.detail["members"] == [stage.ours.member.pk]


@pytest.mark.parametrize("row", READS, ids=lambda row: row[3])
def test_a_read_that_cannot_be_written_down_fails(row: list[str], stage: Stage, db: None) -> None:
    client = stage.client(role_for(row[2]))
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON accounts_auditevent FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    with transaction.atomic():
        answer = client.get(path_of(stage.ours, row[3]))
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert not names_somebody(answer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditevent SET actor_label = 'somebody else'",
        "DELETE FROM accounts_auditevent",
        "TRUNCATE accounts_auditevent",
        "TRUNCATE accounts_auditevent, django_session",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement: str, stage: Stage, db: None) -> None:
    before = AuditEvent.objects.count()
    assert before
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER no_truncate")
    with pytest.raises(Error, match="never changed or removed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.count() == before
