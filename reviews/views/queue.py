"""The alert queue and one alert: what was found, on what evidence, and what to do with it."""

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from members.models import Member
from mtm.lib.dates import age_on
from mtm.lib.paging import keyset
from mtm.lib.web import back_to, one_of, refused, remember_search, searched
from reviews import alerts
from reviews.evidence_view import evidence_of, sentences
from reviews.forms import ResolveForm
from reviews.models import Alert
from reviews.rules import rule_named

ORDER = ("severity", "due_on", "pk")


@requires(Permission.ALERTS_READ)
def queue(request: Any) -> HttpResponse:
    """Open alerts of the plan's enrollees, most urgent first. Filters stand in the address, names never do."""
    if request.method == "POST":
        remember_search(request, "queue")
        return back_to(request, "queue")
    found = filtered(request)
    page = keyset(found.select_related("member", "claimed_by"), by=ORDER, after=request.GET.get("after"))
    audit.record_listed((a.member_id for a in page.rows), by=request.user, plan=request.plan, where="alert queue")
    today = timezone.localdate()
    context = {"page": page, "rows": with_ages(page.rows, today), "words": searched(request, "queue"), "today": today}
    return render(request, "reviews/queue.html", context | facets(request))


def with_ages(found: list[Alert], today: date) -> list[tuple[Alert, int | None]]:
    return [(row, age_on(row.member.birth_date, today) if row.member.birth_date else None) for row in found]


def filtered(request: Any, *, without: str = "") -> QuerySet[Alert]:
    """The alerts the page's filters leave, or those they would leave without one of them."""
    found = Alert.objects.in_queue(request.plan)
    severity = one_of(request.GET.get("severity"), Alert.Severity.values)
    category = one_of(request.GET.get("category"), Alert.Category.values)
    if severity and without != "severity":
        found = found.filter(severity=severity)
    if category and without != "category":
        found = found.filter(category=category)
    if request.GET.get("mine") == "1" and without != "mine":
        found = found.filter(claimed_by=request.user)
    if words := searched(request, "queue"):
        found = found.filter(member__in=Member.objects.of_plan(request.plan).matching(words))
    return found


def facets(request: Any) -> dict[str, Any]:
    """Each filter with the number of alerts it would show."""
    severities = counted(filtered(request, without="severity"), "severity")
    categories = counted(filtered(request, without="category"), "category")
    return {
        "severities": [(value, label, severities.get(value, 0)) for value, label in Alert.Severity.choices],
        "categories": [(value, label, categories.get(value, 0)) for value, label in Alert.Category.choices],
        "all_severities": sum(severities.values()),
        "all_categories": sum(categories.values()),
        "mine": filtered(request, without="mine").filter(claimed_by=request.user).count(),
    }


def counted(found: QuerySet[Alert], column: str) -> dict[Any, int]:
    return dict(found.order_by().values_list(column).annotate(Count("pk")))


@requires(Permission.ALERTS_READ)
def alert(request: Any, alert_id: str) -> HttpResponse:
    found = one_alert(request, alert_id)
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=found)
    return render(request, "reviews/alert.html", alert_context(request, found, ResolveForm()))


def one_alert(request: Any, alert_id: str) -> Alert:
    alerts_of_plan = Alert.objects.of_plan(request.plan).select_related("member", "claimed_by", "resolved_by", "run")
    return get_object_or_404(alerts_of_plan, public_id=alert_id)


def alert_context(request: HttpRequest, found: Alert, form: ResolveForm) -> dict[str, Any]:
    rule = rule_named(found.rule)
    return {
        "alert": found,
        "rule": rule,
        "rule_words": sentences(rule),
        "form": form,
        "mine": found.claimed_by_id == request.user.pk and found.status == Alert.Status.CLAIMED,
        "today": timezone.localdate(),
        "history": found.transitions.select_related("by"),
        "earlier": earlier(found),
        **evidence_of(found),
    }


def earlier(found: Alert) -> QuerySet[Alert]:
    """What was decided before about the same rule for the same member."""
    same = Alert.objects.filter(plan=found.plan, member=found.member, rule=found.rule).exclude(pk=found.pk)
    return same.select_related("resolved_by").order_by("-created_at")


@require_POST
@requires(Permission.ALERTS_WORK)
def claim(request: Any, alert_id: str) -> HttpResponse:
    alerts.claim(alert=one_alert(request, alert_id), by=request.user)
    return back_to(request, "alert", alert_id=alert_id)


@require_POST
@requires(Permission.ALERTS_WORK)
def release(request: Any, alert_id: str) -> HttpResponse:
    alerts.release(alert=one_alert(request, alert_id), by=request.user)
    return back_to(request, "queue")


@require_POST
@requires(Permission.ALERTS_WORK)
def resolve(request: Any, alert_id: str) -> HttpResponse:
    found = one_alert(request, alert_id)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=found)
        return refused(request, "reviews/alert.html", alert_context(request, found, form))
    alerts.resolve(alert=found, by=request.user, **form.cleaned_data)
    return back_to(request, "queue")
