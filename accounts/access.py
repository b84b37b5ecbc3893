"""Who may open a page. Every view says what it needs: @requires(Permission.X), @signed_in or @public."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from accounts.models import Assignment, User
from accounts.permissions import Permission

View = Callable[..., HttpResponse]
# Pages are read and forms are posted; nothing here answers to PUT, DELETE, OPTIONS or TRACE.
METHODS = ("GET", "HEAD", "POST")


def requires(permission: Permission) -> Callable[[View], View]:
    """The view needs `permission` in the plan its URL names; request.plan and request.assignment are set for it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, plan_code: str, **kwargs: Any) -> HttpResponse:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            if not request.user.is_authenticated:
                return to_sign_in(request)
            enter_plan(request, plan_code, permission)
            return view(request, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def to_sign_in(request: Any) -> HttpResponse:
    """The sign-in page; a part of a page that htmx asks for makes the whole page load anew instead."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def enter_plan(request: Any, plan_code: str, permission: Permission) -> None:
    """Set request.plan and request.assignment; 404 where the person has no part in the plan, 403 without the permission."""
    assignment = assignment_in(request.user, plan_code)
    if assignment is None:
        raise Http404
    request.assignment, request.plan = assignment, assignment.plan
    if permission not in assignment.permissions:
        raise PermissionDenied


def assignment_in(user: User, plan_code: str) -> Assignment | None:
    return Assignment.objects.select_related("plan").filter(user=user, plan__code=plan_code).first()


def can(request: Any, permission: Permission) -> bool:
    return permission in request.assignment.permissions


def signed_in(view: View) -> View:
    """The view is for anyone who has signed in and shows no member data."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.permission = "signed in"
    return guarded


def public(view: View) -> View:
    """The view is for everyone and shows no member data."""
    view.permission = "public"
    return view


def half_signed_in(view: View) -> View:
    """The view is for someone whose password was right and whose one-time code is still owed; allauth checks that."""
    view.permission = "half signed in"
    return view
