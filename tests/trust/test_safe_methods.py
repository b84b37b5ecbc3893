"""Looking changes nothing; changing needs the page's token (T18)."""

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.trust import access_table
from tests.trust.conftest import BACKEND, Stage
from tests.trust.state import stored
from tests.trust.test_access import OF_A_PLAN, OF_NO_PLAN, ask, path_of, undone

GETS = [row for row in OF_A_PLAN if row[0] == "GET"]
POSTS = [row for row in OF_A_PLAN if row[0] == "POST"]


def role_for(who: str) -> str:
    return access_table.LETTERS[next(letter for letter in who if letter != "-")]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_any_page_changes_nothing(method: str, stage: Stage, db: None) -> None:
    clients = {role: stage.client(role) for role in stage.people if role != "half"}
    before, changed = stored(), []
    for _, _, who, route in GETS:
        getattr(clients[role_for(who)], method)(path_of(stage.ours, route))
        if (after := stored()) != before:
            changed.append((route, [table for table in after if after[table] != before[table]]))
            before = after
    assert changed == []


def test_looking_at_a_letter_that_is_not_made_yet_does_not_make_it(stage: Stage, db: None) -> None:
    letter = stage.ours.plan.letters.filter(status="queued").first()
    client, before = stage.client("pharmacist"), stored()
    answer = client.get(f"/H0001/letters/{letter.public_id}/pdf/")
    assert answer.content.startswith(b"%PDF")
    assert stored() == before


def test_posting_to_a_page_that_only_shows_changes_nothing(stage: Stage, db: None) -> None:
    declared = {(row[0], row[3]) for row in OF_A_PLAN}
    for _, _, who, route in GETS:
        if ("POST", route) not in declared:
            client, before = stage.client(role_for(who)), stored()
            client.post(path_of(stage.ours, route), {"status": "x", "q": "x"})
            assert stored() == before, route


def test_every_change_needs_the_token(stage: Stage, db: None) -> None:
    without = []
    for _, _, who, route in POSTS:
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.people[role_for(who)], backend=BACKEND)
        answer = ask(client, "POST", path_of(stage.ours, route))
        if answer.status_code != 403:
            without.append((route, answer.status_code))
    assert without == []


def test_signing_in_and_out_need_the_token(stage: Stage, db: None) -> None:
    for row in OF_NO_PLAN:
        if row[0] == "POST" and row[4] != "keep-alive/":
            client = Client(enforce_csrf_checks=True)
            client.force_login(stage.people["pharmacist"], backend=BACKEND)
            assert client.post(f"/{row[4]}").status_code == 403, row[4]


def test_with_the_token_the_change_goes_through(stage: Stage, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.people["pharmacist"], backend=BACKEND)
    page = client.get(stage.ours.path("<plan:plan_code>/alerts/<uuid:alert_id>/")).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with undone():
        answer = client.post(
            stage.ours.path("<plan:plan_code>/alerts/<uuid:alert_id>/claim/"), {"csrfmiddlewaretoken": token}
        )
        assert answer.status_code == 302


def test_form_fields_are_not_taken_from_the_address(stage: Stage, db: None) -> None:
    client = stage.client("pharmacist")
    path = stage.ours.path("<plan:plan_code>/enrollments/<uuid:enrollment_id>/opt-out/")
    assert client.post(f"{path}?reason=asked&on=2026-11-20").status_code == 422


def test_the_hash_sees_a_change(stage: Stage, db: None) -> None:
    before = stored()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = 'x' WHERE id = %s", [stage.ours.member.pk])
    assert stored() != before
