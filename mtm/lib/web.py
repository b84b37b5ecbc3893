"""Small helpers of views: the answer to a form that also works without JavaScript, and words searched for by post."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def back_to(request: HttpRequest, name: str, **kwargs: Any) -> HttpResponse:
    """After a change: to a page of the same plan."""
    return redirect(name, plan_code=request.plan.code, **kwargs)  # type: ignore[attr-defined]


def searched(request: HttpRequest, where: str) -> str:
    """What was last looked for on the page `where`. Names are posted and kept in the session, never in an address."""
    return str(request.session.get(f"search {where}", ""))


def remember_search(request: HttpRequest, where: str) -> None:
    request.session[f"search {where}"] = request.POST.get("q", "").replace("\0", "").strip()[:80]


def forget_searches(request: HttpRequest) -> None:
    for name in list(request.session.keys()):
        if name.startswith("search "):
            del request.session[name]


def refused(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with its errors: 422, because the request was understood and could not be carried out."""
    return render(request, template, context, status=422)


def one_of(value: str | None, allowed: Any) -> str:
    """`value` if it is allowed, else nothing: filters come from a list, never from the address."""
    return value if value in {str(item) for item in allowed} else ""
