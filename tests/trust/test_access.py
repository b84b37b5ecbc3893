"""Every route answers as tests/trust/access_table.py declares, to everyone (T12, T13)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.trust import access_table, world
from tests.trust.conftest import Stage
from tests.trust.routes import walk

OF_A_PLAN = access_table.rows(access_table.PAGES + access_table.API.lstrip())
OF_NO_PLAN = [[*row[:4], "" if row[4] == "(front" else row[4]] for row in access_table.rows(access_table.OF_NO_PLAN)]
SHOWN_IN_DEMO_ONLY = {"design/"}
VIEWERS = [*access_table.LETTERS.values(), "stranger", "half", "anonymous"]
# What <uuid:id> means in an address of the API, by the word before it.
API_IDS = {
    "criteria": "criteria_id",
    "members": "member_id",
    "determinations": "determination_id",
    "enrollments": "enrollment_id",
    "alerts": "alert_id",
    "appointments": "appointment_id",
    "letters": "letter_id",
    "loads": "load_id",
    "files": "file_id",
    "simulations": "simulation_id",
    "sweeps": "sweep_id",
    "drug-mappings": "mapping_id",
}


def test_every_route_is_declared_and_every_declared_route_exists() -> None:
    declared = {row[3] for row in OF_A_PLAN} | {row[4] for row in OF_NO_PLAN}
    assert {route for route, _ in walk()} - SHOWN_IN_DEMO_ONLY == declared


def path_of(where: world.World, route: str) -> str:
    if "of-review" in route and "complete" not in route:
        route = route.replace("uuid:cmr_id", "uuid:done_cmr_id")
    for word, name in API_IDS.items():
        route = route.replace(f"{word}/<uuid:id>", f"{word}/<uuid:{name}>")
    return where.path(route) + (f"?week={where.day}" if route.endswith("/calendar/") else "")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, path: str) -> Any:
    """The answer; what it changed is taken back. The API gets an empty JSON object, a page an empty form."""
    body = {"data": {}, "content_type": "application/json"} if path.startswith("/api/") else {}
    with undone():
        return (
            client.generic(method, path)
            if method not in ("GET", "POST")
            else getattr(client, method.lower())(path, **body)
        )


def expected(viewer: str, status: str, who: str, route: str) -> int:
    api = route.startswith("api/")
    if viewer in ("anonymous", "half"):
        return 401 if api else 302
    if viewer == "stranger":
        return 404
    letter = next(letter for letter, role in access_table.LETTERS.items() if role == viewer)
    return int(status) if letter in who else 403


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_plan_answers_each_person_as_declared(viewer: str, stage: Stage, db: None) -> None:
    client = stage.client(viewer)
    wrong = []
    for method, status, who, route in OF_A_PLAN:
        answer = ask(client, method, path_of(stage.ours, route))
        if answer.status_code != expected(viewer, status, who, route):
            wrong.append((method, route, answer.status_code, expected(viewer, status, who, route)))
        elif answer.status_code == 302 and viewer in ("anonymous", "half"):
            assert answer.url.startswith("/account/login/"), route
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(("column", "viewer"), [(1, "anonymous"), (2, "half"), (3, "pharmacist")])
def test_pages_of_no_plan_answer_each_person_as_declared(column: int, viewer: str, stage: Stage, db: None) -> None:
    cookies, wrong = stage.client(viewer).cookies, []
    for row in OF_NO_PLAN:
        client = Client()
        client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
        answer = ask(client, row[0], stage.ours.path(row[4]))
        if answer.status_code != int(row[column]):
            wrong.append((row[0], row[4], answer.status_code, int(row[column])))
    assert not wrong, "\n".join(map(str, wrong))


def test_methods_that_are_not_declared_are_refused(stage: Stage, db: None) -> None:
    client = stage.client("pharmacist")
    wrong = []
    for route in sorted({row[3] for row in OF_A_PLAN}):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            status = ask(client, method, path_of(stage.ours, route)).status_code
            if status != 405:
                wrong.append((method, route, status))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_row_of_another_plan_is_as_if_it_did_not_exist(stage: Stage, db: None) -> None:
    """Asked for inside the person's own plan, with the public id of another plan's row; word for word the same."""
    wrong = []
    nowhere = world.World(stage.ours.plan, stage.ours.member, {name: UNKNOWN for name in stage.ours.ids})
    foreign = world.World(stage.ours.plan, stage.ours.member, stage.theirs.ids)
    for method, _, who, route in OF_A_PLAN:
        if "<uuid:" in route:
            role = access_table.LETTERS[next(letter for letter in who if letter != "-")]
            client = stage.client(role)
            answers = [ask(client, method, path_of(where, route)) for where in (foreign, nowhere)]
            found, missing = (without_reference(answer) for answer in answers)
            if answers[0].status_code != 404 or found != missing:
                wrong.append((method, route, answers[0].status_code))
    assert not wrong, "\n".join(map(str, wrong))


UNKNOWN = "00000000-0000-4000-8000-000000000000"


def without_reference(answer: Any) -> str:
    """The body without what differs from one request to the next: its number, and the masked CSRF token."""
    text = answer.content.decode().replace(answer["X-Request-Id"], "")
    return re.sub(r"(?<=X-CSRFToken)[^}]*|(?<=csrfmiddlewaretoken)[^>]*", "", text)
