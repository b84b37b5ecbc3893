"""What browsers are told with every page (T40), and the cookies in both modes (T7)."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.trust.conftest import Stage
from tests.trust.test_access import OF_A_PLAN, OF_NO_PLAN, ask, path_of
from tests.trust.test_safe_methods import role_for

CACHEABLE = {"blank-medication-list.pdf", "sample-medication-list.pdf"}


def check(answer: Any, route: str) -> None:
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy, route
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy, route
    assert answer["X-Content-Type-Options"] == "nosniff", route
    assert answer["Referrer-Policy"] == "same-origin", route
    assert answer["X-Frame-Options"] == "DENY", route
    assert "no-store" in answer["Cache-Control"] or route in CACHEABLE, route


def test_every_answer_of_a_plan_carries_the_headers(stage: Stage, db: None) -> None:
    for method, status, who, route in OF_A_PLAN:
        answer = ask(stage.client(role_for(who)), method, path_of(stage.ours, route))
        check(answer, route)
        if status == "200" and answer["Content-Type"].startswith("text/html"):
            has_nothing_inline(answer.content.decode(), route)


def has_nothing_inline(page: str, route: str) -> None:
    """The policy would stop scripts and styles in the page; a page that has them is broken."""
    assert "<script>" not in page, route
    assert "<style" not in page, route
    assert not re.search(r"<[^>]* (on[a-z]+|style)=", page), route


@pytest.mark.parametrize("viewer", ["stranger", "anonymous", "service"])
def test_refusals_carry_the_headers(viewer: str, stage: Stage, db: None) -> None:
    for route in ("<plan:plan_code>/queue/", "api/v1/plans/<plan:plan_code>/alerts/", "no/such/page/"):
        check(ask(stage.client(viewer), "GET", stage.ours.path(route)), route)


@pytest.mark.parametrize("viewer", ["anonymous", "pharmacist"])
def test_every_other_answer_carries_the_headers(viewer: str, stage: Stage, db: None) -> None:
    for row in OF_NO_PLAN:
        check(ask(stage.client(viewer), row[0], stage.ours.path(row[4])), row[4])


ASKED = [
    *("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"),
    *("SESSION_COOKIE_AGE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT"),
    *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
]


def settings_with(**environment: str) -> dict[str, Any]:
    code = f"import json, mtm.settings as s; print(json.dumps({{n: getattr(s, n) for n in {ASKED}}}))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    return dict(json.loads(run.stdout))


def test_cookies_over_https() -> None:
    found = settings_with(MTM_HTTPS="1")
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]


def test_cookies_in_both_modes() -> None:
    for mode in ("0", "1"):
        found = settings_with(MTM_HTTPS=mode)
        assert found["SESSION_COOKIE_HTTPONLY"]
        assert found["CSRF_COOKIE_HTTPONLY"]
        assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
        assert found["SESSION_COOKIE_AGE"] <= 12 * 60 * 60


def test_https_is_told_to_browsers(stage: Stage, settings: Any, db: None) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    answer = stage.client("anonymous").get("/account/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
