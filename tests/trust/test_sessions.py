"""Signing in, staying signed in, and being signed out (T6, T7, idle time, lockout)."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import sessions
from accounts.models import AuditEvent, User
from tests.conftest import PASSWORD

HOME = "/H0001/"
NEW = "a quite different long phrase"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sign_in(user: User, password: str = PASSWORD, client: Client | None = None, **headers: Any) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/account/login/", {"login": user.email, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_the_password_lets_in(pharmacist: User) -> None:
    client, answer = sign_in(pharmacist)
    assert answer.status_code == 302
    assert is_in(client)


def test_a_sign_in_is_written_down(pharmacist: User) -> None:
    sign_in(pharmacist)
    event = AuditEvent.objects.get(kind="signed in")
    assert event.actor == pharmacist.pk


def test_a_session_gets_a_new_id_at_sign_in(pharmacist: User) -> None:
    planted = Client()
    planted.get("/account/login/")
    session = planted.session
    session["planted"] = "by somebody else"
    session.save()
    planted.cookies["mtm"] = session.session_key
    client, _ = sign_in(pharmacist, client=planted)
    assert client.cookies["mtm"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_signing_out_ends_the_session_on_the_server(pharmacist: User) -> None:
    client, _ = sign_in(pharmacist)
    stolen = Client()
    stolen.cookies["mtm"] = client.cookies["mtm"].value
    assert is_in(stolen)
    client.post("/account/logout/")
    assert not is_in(stolen)


def test_a_new_password_ends_the_other_sessions(pharmacist: User) -> None:
    here, elsewhere = sign_in(pharmacist)[0], sign_in(pharmacist)[0]
    before = here.cookies["mtm"].value
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/account/password/change/", fields).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert here.cookies["mtm"].value != before


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_setting_up_codes_ends_the_other_sessions(pharmacist: User) -> None:
    here, elsewhere = sign_in(pharmacist)[0], sign_in(pharmacist)[0]
    assert here.get("/account/codes/totp/activate/").url.startswith("/account/reauthenticate/")
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    here.get("/account/codes/totp/activate/")
    secret = here.session["mfa.totp.secret"]
    assert here.post("/account/codes/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_the_password_alone_does_not_let_in_where_a_code_is_owed(pharmacist: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(pharmacist, secret)
    client, _ = sign_in(pharmacist)
    assert not is_in(client)
    assert client.post("/account/codes/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    client.post("/account/codes/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def test_a_disabled_person_is_out_at_the_next_request(pharmacist: User) -> None:
    client, _ = sign_in(pharmacist)
    User.objects.filter(pk=pharmacist.pk).update(is_active=False)
    assert not is_in(client)
    assert sign_in(pharmacist)[1].status_code != 500
    assert not is_in(sign_in(pharmacist)[0])


def test_an_administrator_can_end_all_sessions_of_somebody(pharmacist: User, administrator: User) -> None:
    client, _ = sign_in(pharmacist)
    sessions.end_all(user=pharmacist, by=administrator)
    assert not is_in(client)


def test_losing_the_role_takes_effect_at_once(pharmacist: User) -> None:
    client, _ = sign_in(pharmacist)
    pharmacist.assignments.all().delete()
    assert client.get(HOME).status_code == 404


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for the idle clock."""
    now = [time.time()]
    monkeypatch.setattr("accounts.middleware.time.time", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def test_idle_time_signs_out_on_the_server(pharmacist: User, clock: Callable[[float], None], settings: Any) -> None:
    client, _ = sign_in(pharmacist)
    clock(settings.IDLE_SECONDS - 1)
    assert is_in(client)
    clock(settings.IDLE_SECONDS - 1)
    assert is_in(client), "use goes on, so the session does"
    stolen = Client()
    stolen.cookies["mtm"] = client.cookies["mtm"].value
    clock(settings.IDLE_SECONDS + 1)
    assert not is_in(client)
    assert not is_in(stolen)


def test_a_page_that_refreshes_itself_is_not_use(
    pharmacist: User, clock: Callable[[float], None], settings: Any
) -> None:
    client, _ = sign_in(pharmacist)
    for _ in range(4):
        clock(settings.IDLE_SECONDS / 3)
        last = client.get(HOME, headers={"X-Background": "1"})
    assert last.status_code == 302


def test_keeping_alive_is_use(pharmacist: User, clock: Callable[[float], None], settings: Any) -> None:
    client, _ = sign_in(pharmacist)
    for _ in range(4):
        clock(settings.IDLE_SECONDS / 2)
        assert client.post("/keep-alive/").status_code == 204
    assert is_in(client)


def test_use_does_not_make_a_session_last_for_ever(
    pharmacist: User, clock: Callable[[float], None], settings: Any
) -> None:
    client, _ = sign_in(pharmacist)
    for _ in range(settings.SESSION_COOKIE_AGE // (settings.IDLE_SECONDS - 1)):
        clock(settings.IDLE_SECONDS - 1)
        assert is_in(client)
    clock(settings.IDLE_SECONDS - 1)
    assert not is_in(client)


def test_idle_is_fifteen_minutes(settings: Any) -> None:
    assert settings.IDLE_SECONDS == 15 * 60
    assert settings.SESSION_COOKIE_AGE <= 12 * 60 * 60


def test_too_many_wrong_passwords_lock_the_right_one_out(pharmacist: User, settings: Any) -> None:
    statuses = [sign_in(pharmacist, "wrong")[1].status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert set(statuses[:-1]) == {200}
    client, answer = sign_in(pharmacist)
    assert answer.status_code == 429
    assert not is_in(client)


def test_a_locked_account_does_not_lock_its_neighbor(pharmacist: User, administrator: User, settings: Any) -> None:
    """Everybody of a clinic comes from one address."""
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(pharmacist, "wrong")
    assert is_in(sign_in(administrator)[0])


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(pharmacist: User, settings: Any) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(pharmacist, "wrong", REMOTE_ADDR="203.0.113.9")
    assert is_in(sign_in(pharmacist)[0])


def test_capitals_do_not_give_more_tries(pharmacist: User, settings: Any) -> None:
    name = pharmacist.email
    for number in range(settings.AXES_FAILURE_LIMIT):
        spelled = name[:number].upper() + name[number:]
        Client().post("/account/login/", {"login": f" {spelled} ", "password": "wrong"})
    assert sign_in(pharmacist)[1].status_code == 429


def test_the_lock_opens_again(pharmacist: User, settings: Any) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(pharmacist, "wrong")
    settings.AXES_COOLOFF_TIME = settings.AXES_COOLOFF_TIME * 0
    assert is_in(sign_in(pharmacist)[0])


def test_an_unknown_person_gets_the_same_answer(pharmacist: User, settings: Any) -> None:
    unknown = User(email="nobody@example.org")
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        known_answer, unknown_answer = sign_in(pharmacist, "wrong")[1], sign_in(unknown, "wrong")[1]
        assert known_answer.status_code == unknown_answer.status_code
        assert plain(known_answer, pharmacist) == plain(unknown_answer, unknown)


def plain(answer: Any, user: User) -> list[str]:
    """The lines of the page without tokens, request numbers and the address that was typed."""
    text = answer.content.decode().replace(user.email, "").replace(answer["X-Request-Id"], "")
    return [line for line in text.splitlines() if "csrf" not in line.lower()]


def test_session_cookies_are_out_of_reach_of_scripts(pharmacist: User) -> None:
    cookie = sign_in(pharmacist)[0].cookies["mtm"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_no_cookie_outlives_a_session(pharmacist: User, settings: Any) -> None:
    client, _ = sign_in(pharmacist)
    client.get(HOME)
    assert {"mtm", "mtm-csrf"} <= client.cookies.keys()
    assert client.cookies["mtm-csrf"]["max-age"] == ""
    assert all(int(cookie["max-age"] or 0) <= 12 * 60 * 60 for cookie in client.cookies.values())


def test_over_https_the_cookies_are_bound_to_the_host(pharmacist: User, settings: Any) -> None:
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-mtm", True
    cookie = (
        Client()
        .post("/account/login/", {"login": pharmacist.email, "password": PASSWORD}, secure=True)
        .cookies["__Host-mtm"]
    )
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
