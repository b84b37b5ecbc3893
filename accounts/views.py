"""One-time codes (each change ends the person's other sessions) and the audit trail."""

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit, sessions
from accounts.access import requires
from accounts.models import AuditEvent
from accounts.permissions import Permission
from mtm.lib.paging import newest_first


class EndsOtherSessions:
    def form_valid(self, form):
        response = super().form_valid(form)
        sessions.end_others(request=self.request, user=self.request.user)
        return response


class ActivateTotp(EndsOtherSessions, ActivateTOTPView):
    pass


class DeactivateTotp(EndsOtherSessions, DeactivateTOTPView):
    pass


class GenerateRecoveryCodes(EndsOtherSessions, GenerateRecoveryCodesView):
    pass


activate_totp = ActivateTotp.as_view()
deactivate_totp = DeactivateTotp.as_view()
generate_recovery_codes = GenerateRecoveryCodes.as_view()


@require_safe
@requires(Permission.AUDIT_READ)
def audit_trail(request):
    """What was seen and done in the plan, newest first; the look at it is itself written down."""
    kind = request.GET.get("kind", "")
    events = AuditEvent.objects.filter(plan_code=request.plan.code)
    if kind in set(audit.Kind):
        events = events.filter(kind=kind)
    page = newest_first(events, before=request.GET.get("before"))
    audit.record(audit.Kind.AUDIT_READ, by=request.user, plan=request.plan)
    rows = [(event, subject_of(event), ", ".join(told(event.detail))) for event in page.rows]
    context = {"page": page, "rows": rows, "kind": kind, "kinds": sorted(audit.Kind, key=str.lower)}
    return render(request, "accounts/audit.html", context)


def subject_of(event):
    return f"{event.subject} {event.subject_id}" if event.subject_id else ""


def told(detail):
    """The detail of an event as short phrases: long lists by their number only."""
    for name, value in detail.items():
        words = name.replace("_", " ")
        if isinstance(value, list):
            yield f"{len(value)} {words}"
        elif isinstance(value, dict):
            yield from (f"{key.replace('_', ' ')}: {change(held)}" for key, held in value.items())
        else:
            yield f"{words}: {value}"


def change(held):
    """A pair is a value before and after."""
    return " → ".join(map(str, held)) if isinstance(held, list) else held
