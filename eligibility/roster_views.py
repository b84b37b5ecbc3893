"""The roster of a plan year, and the same as a CSV file."""

import csv
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import can, requires
from accounts.permissions import Permission
from eligibility.models import Enrollment
from eligibility.roster import PATHS, Filters, asked, languages, lines, roster, years
from mtm.lib.paging import keyset
from mtm.lib.web import back_to, remember_search, searched

ORDER = ("member__last_name", "member__first_name", "pk")


@requires(Permission.MEMBERS_FIND)
def members(request: Any) -> HttpResponse:
    """Search words are posted, so that no name stands in an address."""
    if request.method == "POST":
        remember_search(request, "roster")
        audit.record(audit.Kind.MEMBERS_SEARCHED, by=request.user, plan=request.plan)
        return back_to(request, "roster")
    wanted = filters_of(request)
    found = roster(request.plan, wanted, timezone.localdate())
    page = keyset(found, by=ORDER, after=request.GET.get("after"))
    audit.record_listed((row.member_id for row in page.rows), by=request.user, plan=request.plan, where="roster")
    context = {
        "page": page,
        "number": found.count(),
        "wanted": wanted,
        "words": wanted.words,
        "years": years(request.plan),
        "statuses": Enrollment.Status.choices,
        "languages": languages(request.plan),
        "paths": PATHS if can(request, Permission.MEMBERS_CHART) else [],
    }
    return render(request, "eligibility/roster.html", context)


def filters_of(request: Any) -> Filters:
    """The latest year unless another is asked for."""
    clinical, words = can(request, Permission.MEMBERS_CHART), searched(request, "roster")
    wanted = asked(request.plan, request.GET, words=words, clinical=clinical)
    latest = next(iter(years(request.plan)), timezone.localdate().year)
    return wanted if wanted.plan_year else replace(wanted, plan_year=latest)


@require_safe
@requires(Permission.MEMBERS_FIND)
def export(request: Any) -> HttpResponse:
    """The whole list with the filters of the page, for a spreadsheet."""
    wanted = filters_of(request)
    found = list(roster(request.plan, wanted, timezone.localdate()).order_by(*ORDER))
    audit.record_listed((row.member_id for row in found), by=request.user, plan=request.plan, where="roster export")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roster-{request.plan.code}-{wanted.plan_year}.csv"'
    csv.writer(response).writerows(lines(found, with_paths=can(request, Permission.MEMBERS_CHART)))
    return response
