"""Finding a member: the list of the plan's members by name."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from members.models import Member
from mtm.lib.dates import age_on
from mtm.lib.paging import keyset
from mtm.lib.web import back_to, one_of, remember_search, searched

ORDER = ("last_name", "first_name", "pk")
TAKING_PART = [("enrolled", "Enrolled"), ("opted_out", "Opted out")]


@requires(Permission.MEMBERS_FIND)
def members(request: Any) -> HttpResponse:
    """Members by name with what a caller needs: date of birth, phone, whether they take part."""
    if request.method == "POST":
        remember_search(request, "members")
        audit.record(audit.Kind.MEMBERS_SEARCHED, by=request.user, plan=request.plan)
        return back_to(request, "members")
    page = keyset(found(request).prefetch_related("enrollments"), by=ORDER, after=request.GET.get("after"))
    audit.record_listed((row.pk for row in page.rows), by=request.user, plan=request.plan, where="members")
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [(member, age_of(member, today), latest_enrollment(member)) for member in page.rows],
        "words": searched(request, "members"),
        "statuses": TAKING_PART,
    }
    return render(request, "members/members.html", context)


def found(request: Any) -> QuerySet[Member]:
    matching = Member.objects.of_plan(request.plan).matching(searched(request, "members"))
    if status := one_of(request.GET.get("status"), dict(TAKING_PART)):
        matching = matching.filter(enrollments__status=status).distinct()
    return matching


def age_of(member: Member, today: Any) -> int | None:
    return age_on(member.birth_date, member.death_date or today) if member.birth_date else None


def latest_enrollment(member: Member) -> Any:
    """The enrollment of the last plan year, from what was fetched with the member."""
    return max(member.enrollments.all(), key=lambda enrollment: (enrollment.plan_year, enrollment.pk), default=None)
