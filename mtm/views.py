"""Pages that look across the whole product: the front door, today's work, and the member chart."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import public, requires, signed_in
from accounts.permissions import Permission
from eligibility.criteria_views import one_criteria
from eligibility.program_page import plans_with_pages
from letters.blank import blank_medication_list as blank_list
from letters.documents import PERSONAL_LIST
from letters.sample import sample_medication_list as sample_list
from members.models import Member
from mtm.lib import gallery
from mtm.lib.web import forget_searches
from mtm.pages import chart as chart_page
from mtm.pages import program as program_page
from mtm.pages import today as today_page


@public
def home(request: HttpRequest) -> HttpResponse:
    """Signed in: the person's plan. Signed out: what the program is, and the blank medication list."""
    if request.user.is_authenticated:
        assignment = request.user.assignments.select_related("plan").order_by("plan__code").first()
        if assignment:
            return redirect("today", plan_code=assignment.plan.code)
        return render(request, "mtm/no_plan.html")
    return render(request, "mtm/home.html", {"plans": plans_with_pages(timezone.localdate())})


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
    return public_pdf(blank_list(PERSONAL_LIST), "blank-personal-medication-list.pdf")


@public
def sample_medication_list(request: HttpRequest) -> HttpResponse:
    """A list filled in for nobody, for anyone to look at."""
    return public_pdf(sample_list(PERSONAL_LIST), "sample-personal-medication-list.pdf")


def public_pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
@public
def program(request: HttpRequest, plan_code: str, plan_year: int | None = None) -> HttpResponse:
    """What the plan's program is in a year, this year if none is named; for anyone (42 CFR 423.2265(b)(13))."""
    today = timezone.localdate()
    context = program_page.context_of(plan_code, plan_year or today.year, program_page.language_of(request), today)
    if "page" in context:
        return render(request, "mtm/program.html", context)
    return render(request, "mtm/no_program.html", context, status=404)


@require_safe
@requires(Permission.CRITERIA_READ)
def program_preview(request: HttpRequest, criteria_id: str) -> HttpResponse:
    """The public page of a version as it is or would be, for staff."""
    context = program_page.preview_of(one_criteria(request, criteria_id), request, timezone.localdate())
    return render(request, "mtm/program.html", context)


@signed_in
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Counts as use of the session, which the middleware has already written down."""
    return HttpResponse(status=204)


@require_safe
@requires(Permission.PLAN_HOME)
def today(request: HttpRequest) -> HttpResponse:
    """What waits. Searches are forgotten here, so that each number is as long as the list it opens."""
    forget_searches(request)
    context = today_page.context_of(request, timezone.localdate())
    if shown := today_page.members_shown(context):
        audit.record_listed(shown, by=request.user, plan=request.plan, where="today")
    return render(request, "mtm/today.html", context)


@require_safe
@requires(Permission.MEMBERS_FIND)
def chart(request: HttpRequest, member_id: str) -> HttpResponse:
    known = Member.objects.filter(plan=request.plan).select_related("merged_into")
    member = get_object_or_404(known, public_id=member_id)
    if member.merged_into:
        return redirect("chart", plan_code=request.plan.code, member_id=member.merged_into.public_id)
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=member, member_id=member.pk)
    return render(request, "mtm/chart.html", chart_page.context_of(request, member, timezone.localdate()))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"explanation": "The page was open too long or came from elsewhere. Go back, reload it and try again."}
    return render(request, "403.html", context, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {}, status=403)
