"""Every view says who may use it."""

from typing import Any

import pytest
from rest_framework.permissions import IsAuthenticated

from accounts.api_access import DeclaredPermission
from accounts.permissions import Permission
from tests.trust.routes import api_class, walk

WORDS = {"public", "signed in", "half signed in"}
PUBLIC = {
    "",
    "design/",  # in the demo only
    "healthz",
    "blank-medication-list.pdf",
    "sample-medication-list.pdf",
    "programs/<plan:plan_code>/",
    "programs/<plan:plan_code>/<int:plan_year>/",
    "account/login/",
    "account/logout/",
    "account/inactive/",
}
PAGES = [(route, view) for route, view in walk() if api_class(view) is None]
API = [(route, api_class(view)) for route, view in walk() if api_class(view)]


@pytest.mark.parametrize(("route", "view"), PAGES, ids=[route for route, _ in PAGES])
def test_every_page_declares_a_permission(route: str, view: Any) -> None:
    declared = getattr(view, "permission", None)
    assert declared in WORDS or isinstance(declared, Permission)


@pytest.mark.parametrize(("route", "view"), PAGES, ids=[route for route, _ in PAGES])
def test_what_belongs_to_a_plan_needs_a_permission_in_it(route: str, view: Any) -> None:
    assert route.startswith("<plan:plan_code>/") == isinstance(view.permission, Permission)


@pytest.mark.parametrize(("route", "view"), API, ids=[route for route, _ in API])
def test_every_api_view_declares_a_permission_for_each_method(route: str, view: Any) -> None:
    if route == "api/v1/schema/":
        assert view.permission_classes == [IsAuthenticated]
        return
    handlers = {method.upper() for method in ("get", "post", "put", "patch", "delete") if hasattr(view, method)}
    assert handlers == set(view.permissions)
    assert all(isinstance(permission, Permission) for permission in view.permissions.values())
    assert view.permission_classes == [DeclaredPermission]


def test_public_views_are_the_ones_that_were_chosen() -> None:
    assert {route for route, view in PAGES if view.permission == "public"} <= PUBLIC
