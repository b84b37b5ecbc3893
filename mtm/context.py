"""What every page shows around its content: the plan, who is signed in, and where they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import Permission

# label, url name, permission, the part of the address that marks it as current
NAVIGATION = (
    ("Today", "today", Permission.PLAN_HOME),
    ("Alert queue", "queue", Permission.ALERTS_READ),
    ("Members", "members", Permission.MEMBERS_FIND),
    ("Roster", "roster", Permission.MEMBERS_FIND),
    ("Call list", "calls", Permission.CALLS_WORK),
    ("Calendar", "calendar", Permission.APPOINTMENTS_READ),
    ("Letters", "letters", Permission.LETTERS_READ),
    ("Eligibility", "criteria", Permission.CRITERIA_READ),
    ("Sweeps", "sweeps", Permission.SWEEPS_READ),
    ("Data loads", "loads", Permission.LOADS_READ),
    ("Audit", "audit", Permission.AUDIT_READ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    assignment = getattr(request, "assignment", None)
    return {
        "shell": {
            "product": "MTM",
            "demo": settings.DEMO,
            "idle_seconds": settings.IDLE_SECONDS,
            "plan": assignment.plan if assignment else None,
            "plans": plans_of(request) if assignment else [],
            "nav": navigation(request, assignment) if assignment else [],
            "user_label": str(request.user) if is_signed_in(request) else "",
            "role_label": assignment.get_role_display() if assignment else "",
        },
        "can": {p.name.lower(): p in assignment.permissions for p in Permission} if assignment else {},
    }


def is_signed_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


def plans_of(request: HttpRequest) -> list[Any]:
    return [a.plan for a in request.user.assignments.select_related("plan").order_by("plan__code")]


def navigation(request: HttpRequest, assignment: Any) -> list[dict[str, Any]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {
            "label": label,
            "url": reverse(name, kwargs={"plan_code": assignment.plan.code}),
            "current": here == name,
            "count": None,
            "testid": f"nav-{name}",
        }
        for label, name, permission in NAVIGATION
        if permission in assignment.permissions
    ]
