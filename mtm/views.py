"""Pages that look across the whole product: the front door, today's work, and the member chart."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from accounts.access import public, requires, signed_in
from accounts.permissions import Permission
from letters.blank import blank_medication_list as blank_list
from letters.content import NAMES
from mtm.lib import gallery


@public
def home(request: HttpRequest) -> HttpResponse:
    """Signed in: the person's plan. Signed out: what the program is, and the blank medication list."""
    if request.user.is_authenticated:
        assignment = request.user.assignments.select_related("plan").order_by("plan__code").first()
        if assignment:
            return redirect("today", plan_code=assignment.plan.code)
        return render(request, "mtm/no_plan.html")
    return render(request, "mtm/home.html")


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the database answers; no member data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@public
def design(request: HttpRequest) -> HttpResponse:
    return render(request, "design/gallery.html", gallery.context())


@public
def blank_medication_list(request: HttpRequest) -> HttpResponse:
    """The blank list for anyone: no name, no sign-in, no tracking (42 CFR 423.2265(a)(2)(i))."""
    response = HttpResponse(blank_list(NAMES.medication_list), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="blank-personal-medication-list.pdf"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@signed_in
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Counts as use of the session, which the middleware has already written down."""
    return HttpResponse(status=204)


@requires(Permission.PLAN_HOME)
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "mtm/today.html")


@requires(Permission.MEMBERS_FIND)
def chart(request: HttpRequest, member_id: str) -> HttpResponse:
    return render(request, "mtm/chart.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"explanation": "The page was open too long or came from elsewhere. Go back, reload it and try again."}
    return render(request, "403.html", context, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {}, status=403)
