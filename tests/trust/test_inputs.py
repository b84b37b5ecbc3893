"""Junk is refused with a plain answer, never with a failure (T31, T37), and asks for nothing else (T16, T21)."""

from typing import Any

import pytest
from django.test import Client

from tests.trust.conftest import Stage
from tests.trust.test_access import path_of, undone
from tests.trust.test_safe_methods import GETS, POSTS, role_for

FIELDS = [
    *("q", "status", "severity", "category", "kind", "mine", "after", "before", "week", "day", "slot", "reason", "on"),
    *(
        "outcome",
        "note",
        "method",
        "allergies",
        "side_effects",
        "other_information",
        "as_of",
        "start_from",
        "plan_year",
    ),
    *("edition", "minimum_conditions", "minimum_drugs", "drugs", "cost_operator", "cost_threshold", "at_risk_path"),
    *("conditions-TOTAL_FORMS", "conditions-INITIAL_FORMS", "conditions-0-label", "conditions-0-coded_as", "page"),
    *(
        "add-name",
        "add-kind",
        "action-talked_about",
        "action-to_do",
        "words",
        "member",
        "pharmacist",
        "starts",
        "since",
    ),
    *("next", "sort", "year", "outcome", "actor", "from", "to", "m1-decision", "login", "password", "code"),
]
JUNK = {
    "NUL": "a\x00b",
    "2^63": str(2**63),
    "minus one": "-1",
    "a digit that is no decimal": "²",
    "5000 digits": "9" * 5000,
    "long": "x" * 200_000,
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "quote": "'; DROP TABLE x; --",
    "traversal": "../../etc/passwd",
    "id": "00000000-0000-4000-8000-000000000000",
    "not a number": "NaN",
}
BODIES = {
    "not UTF-8": (b"\xff\xfe\x00{", "application/json"),
    "a NUL in a text": (b'{"words":"a\\u0000b","reason":"\\u0000","on":"\\u0000"}', "application/json"),
    "half a character": (b'{"words":"\\ud800","reason":"\\ud800","on":"2026-11-20"}', "application/json"),
    "deep": (b"[" * 200_000, "application/json"),
    "deep and closed": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "application/json"),
    "a list": (b"[1,2]", "application/json"),
    "a word": (b'"words"', "application/json"),
    "a number past all": (b'{"pharmacist":1e999,"member":9223372036854775808}', "application/json"),
    "NaN": (b'{"pharmacist":NaN,"as_of":NaN}', "application/json"),
    "many digits": (b'{"pharmacist":' + b"9" * 5000 + b"}", "application/json"),
    "last moment": (b'{"starts":"9999-12-31T23:59:59Z","as_of":"9999-12-31","on":"9999-12-31"}', "application/json"),
    "strange charset": (b"\x78\x9c\x00", "application/json; charset=zlib"),
    "another charset": (b'{"words":"x"}', "application/json; charset=rot13"),
    "cut off form": (b"--x\r\nContent-Disposition: form-data; name=q", "multipart/form-data; boundary=x"),
    "form without boundary": (b"x", "multipart/form-data"),
    "form in UTF-16": ("q=é".encode("utf-16"), "application/x-www-form-urlencoded"),
    "form in latin": (b"q=\xe9\xff&reason=\xe9&on=\xff", "application/x-www-form-urlencoded"),
    "XML": (b"<a/>", "text/xml"),
    "too large": (b"q=" + b"x" * 6_000_000, "application/x-www-form-urlencoded"),
    "too large JSON": (b'{"words":"' + b"x" * 6_000_000 + b'"}', "application/json"),
    "too many fields": (b"&".join(b"q=1" for _ in range(2000)), "application/x-www-form-urlencoded"),
}


@pytest.fixture
def clients(stage: Stage, db: None) -> dict[str, Client]:
    made = {role: stage.client(role) for role in stage.people if role != "half"}
    for client in made.values():
        client.raise_request_exception = False
    return made


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_in_an_address_never_fails(junk: str, stage: Stage, clients: dict[str, Client]) -> None:
    failed = []
    short = junk[:5000]
    for _, _, who, route in GETS:
        path = path_of(stage.ours, route).partition("?")[0]
        if (status := clients[role_for(who)].get(path, dict.fromkeys(FIELDS, short)).status_code) >= 500:
            failed.append((route, status))
    assert failed == []


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_in_a_form_never_fails(junk: str, stage: Stage, clients: dict[str, Client]) -> None:
    failed = []
    for _, _, who, route in POSTS:
        client = clients[role_for(who)]
        with undone():
            status = client.post(path_of(stage.ours, route), dict.fromkeys(FIELDS, junk)).status_code
            # What a search remembered must not spoil the page it belongs to.
            again = client.get(path_of(stage.ours, route)).status_code
        if max(status, again) >= 500:
            failed.append((route, status, again))
    assert failed == []


@pytest.mark.parametrize(("body", "kind"), BODIES.values(), ids=BODIES.keys())
def test_junk_as_a_body_never_fails(body: bytes, kind: str, stage: Stage, clients: dict[str, Client]) -> None:
    failed = []
    for _, _, who, route in POSTS:
        with undone():
            status = clients[role_for(who)].generic("POST", path_of(stage.ours, route), body, kind).status_code
        if status >= 500:
            failed.append((route, status))
    assert failed == []


@pytest.mark.parametrize(
    "body",
    [
        rb'{"reason":"\ud800","on":"2026-11-20"}',
        rb'{"reason":"asked \udfff","on":"2026-11-20"}',
        rb'{"reason":"asked","on":"2026-11-20","\ud800":1}',
        rb'{"reason":{"deep":["\ud83d"]},"on":"2026-11-20"}',
    ],
)
def test_half_a_character_in_json_is_malformed(body: bytes, stage: Stage, clients: dict[str, Client]) -> None:
    path = f"/api/v1/plans/H0001/enrollments/{stage.ours.ids['enrollment_id']}/opt-out/"
    answer = clients["pharmacist"].generic("POST", path, body, "application/json")
    assert (answer.status_code, "half a character" in answer.json()["detail"]) == (400, True)


def test_a_whole_character_in_two_halves_is_fine(stage: Stage, clients: dict[str, Client]) -> None:
    body = rb'{"words":"\ud83d\ude00"}'
    answer = clients["pharmacist"].generic("POST", "/api/v1/plans/H0001/members/search/", body, "application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/H0001/%00/",
        "/H0001/alerts/%00/",
        "/H0001/alerts/-1/",
        "/H0001/alerts/9223372036854775808/",
        "/H0001/alerts/00000000-0000-4000-8000-00000000000%00/",
        "/%FF%FE/",
        "/static/%00",
        "/static/../manage.py",
        "/account/login/?next=%00",
        "/account/login/?next=//evil.example",
        "/api/v1/plans/%00/alerts/",
        "/api/v1/schema/?format=%00",
        "/api/v1/schema/?lang=%00&version=%00",
    ],
)
@pytest.mark.parametrize("viewer", ["anonymous", "auditor"])
def test_junk_addresses_never_fail(path: str, viewer: str, stage: Stage, db: None) -> None:
    client = stage.client(viewer)
    client.raise_request_exception = False
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("value", ["\\000" * 40, "a" * 20 + "\\000", "'", "x" * 5000])
def test_a_junk_session_cookie_is_nobody(value: str, stage: Stage, db: None) -> None:
    client = Client(raise_request_exception=False, headers={"Cookie": f'mtm="{value}"; mtm-csrf="{value}"'})
    assert client.get("/H0001/").status_code in (302, 400)


@pytest.mark.parametrize(
    "query",
    [
        "plan__code=H0002",
        "plan=2",
        "ordering=member__mbi",
        "sort=plan__assignments__user__password",
        "plan__assignments__user__password__startswith=pbkdf2",
        "member__plan__code=H0002",
        "severity=1%20OR%201=1",
        "status=__all__",
        "fields=mbi",
        "limit=100000",
        "page=2",
    ],
)
def test_parameters_nobody_declared_change_nothing(query: str, stage: Stage, clients: dict[str, Client]) -> None:
    for _, status, who, route in GETS:
        if route.startswith("api/") and status == "200" and "pdf" not in route:
            path = path_of(stage.ours, route)
            plain, asked = (clients[role_for(who)].get(p) for p in (path, f"{path}?{query}"))
            assert (asked.status_code, asked.content) == (200, plain.content), route


def test_a_page_begins_nowhere_after_a_row_of_another_plan(stage: Stage, clients: dict[str, Client]) -> None:
    """`after` names a row; one of another plan is as unknown as one that does not exist."""
    for _, _, who, route in GETS:
        path = path_of(stage.ours, route)
        for name in ("alert_id", "letter_id", "enrollment_id", "appointment_id", "determination_id", "member_id"):
            after = f"{path}?after={stage.theirs.ids[name]}"
            if route.startswith("api/") and "<uuid" not in route and "free" not in route:
                assert clients[role_for(who)].get(after).content == clients[role_for(who)].get(path).content, route


EXTRA = {"plan": 2, "plan_id": 2, "role": "administrator", "status": "resolved", "claimed_by": 1, "pharmacist": 1}


def test_fields_nobody_asked_for_change_nothing(stage: Stage, clients: dict[str, Client]) -> None:
    alert, enrollment = stage.ours.member.alerts.get(), stage.ours.member.enrollments.get()
    with undone():
        post(clients["pharmacist"], f"alerts/{alert.public_id}/claim/", EXTRA)
        alert.refresh_from_db()
        assert (alert.plan, alert.status, alert.claimed_by) == (stage.ours.plan, "claimed", stage.people["pharmacist"])
    with undone():
        given = EXTRA | {"reason": "asked", "on": "2026-11-20", "status": "ended", "plan_year": 1999}
        post(clients["scheduler"], f"enrollments/{enrollment.public_id}/opt-out/", given)
        enrollment.refresh_from_db()
        assert (enrollment.plan, enrollment.status, enrollment.plan_year) == (stage.ours.plan, "opted_out", 2026)
    role = stage.people["scheduler"].assignments.get()
    assert (role.role, role.plan) == ("scheduler", stage.ours.plan)


def post(client: Client, path: str, fields: dict[str, Any]) -> None:
    answer = client.post(f"/api/v1/plans/H0001/{path}", fields, content_type="application/json")
    assert answer.status_code == 200


def test_notes_of_a_review_take_no_other_field(stage: Stage, clients: dict[str, Client]) -> None:
    review = stage.ours.plan.cmrs.get(status="in_progress")
    given = {"allergies": "none", "status": "completed", "completed_on": "2026-11-20", "summary_due_on": "2026-12-01"}
    with undone():
        path = stage.ours.path("<plan:plan_code>/cmrs/<uuid:cmr_id>/notes/")
        assert clients["intern"].post(path, given).status_code == 302
        review.refresh_from_db()
        assert (review.allergies, review.status, review.completed_on) == ("none", "in_progress", None)
