"""Taking part or not: the pages on which a member's wish is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from eligibility import enrollment
from eligibility.enrollment_forms import OptOutForm
from eligibility.models import Enrollment
from mtm.lib.web import back_to, refused


@requires(Permission.ENROLLMENT_OPT_OUT)
def opt_out(request: Any, enrollment_id: str) -> HttpResponse:
    """The member leaves the program. The chart carries the same form; this page shows it with its errors."""
    taking_part = one_enrollment(request, enrollment_id)
    form = OptOutForm(request.POST or None, today=timezone.localdate(), since=taking_part.enrolled_on)
    context = {"enrollment": taking_part, "form": form}
    if request.method == "POST":
        if not form.is_valid():
            audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=taking_part)
            return refused(request, "eligibility/opt_out.html", context)
        enrollment.opt_out(enrollment=taking_part, by=request.user, **form.cleaned_data)
        messages.success(request, "The member has left the program. Calls, reviews and alerts stop now.")
        return back_to(request, "chart", member_id=taking_part.member.public_id)
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=taking_part)
    return render(request, "eligibility/opt_out.html", context)


@require_POST
@requires(Permission.ENROLLMENT_OPT_OUT)
def opt_in(request: Any, enrollment_id: str) -> HttpResponse:
    taking_part = one_enrollment(request, enrollment_id)
    if taking_part.status == Enrollment.Status.ENDED and taking_part.opt_out_lasts == Enrollment.Lasts.ALWAYS:
        enrollment.may_be_enrolled_again(enrollment=taking_part, by=request.user)
        messages.success(request, "The wish to stay out is taken back. The member is enrolled when found eligible.")
    else:
        enrollment.opt_back_in(enrollment=taking_part, by=request.user)
        messages.success(request, "The member takes part in the program again.")
    return back_to(request, "chart", member_id=taking_part.member.public_id)


def one_enrollment(request: Any, enrollment_id: str) -> Enrollment:
    found = Enrollment.objects.filter(plan=request.plan).select_related("member", "plan")
    return get_object_or_404(found, public_id=enrollment_id)
