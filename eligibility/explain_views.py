"""Why a member is or is not in the program on a day, down to the claims."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from eligibility.explain import NothingToExplain, explain
from eligibility.models import Determination
from members.models import Member


@require_safe
@requires(Permission.MEMBERS_CHART)
def why(request: Any, member_id: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.filter(plan=request.plan).select_related("plan"), public_id=member_id)
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=member, member_id=member.pk)
    decided = list(Determination.objects.filter(member=member).order_by("-as_of").values_list("as_of", flat=True)[:12])
    on, problem = day_of(request.GET.get("on"), decided)
    context = {"member": member, "on": on, "decided": decided, "today": timezone.localdate(), "problem": problem}
    if not problem:
        try:
            context["found"] = explain(member=member, on=on)
        except NothingToExplain as nothing:
            context["problem"] = str(nothing)
    return render(request, "eligibility/why.html", context)


def day_of(asked: str | None, decided: list[date]) -> tuple[date, str]:
    """The day asked for, else that of the latest decision, else today; and what is wrong with what was asked."""
    usual = decided[0] if decided else timezone.localdate()
    if not asked:
        return usual, ""
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        return usual, "Give a day as year-month-day, such as 2026-03-31."
    if day > timezone.localdate():
        return usual, "This day is still to come; nothing can be said of it yet."
    return day, ""
