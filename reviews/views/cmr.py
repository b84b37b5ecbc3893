"""A comprehensive medication review in progress: reconcile the list, write the plan, finish."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from members.models import Member
from mtm.lib.web import back_to, refused
from reviews import cmr
from reviews.forms import ActionForm, AddMedicationForm, NotesForm, ReconcileForm, StartForm
from reviews.models import ActionItem, Alert, Cmr, ListedMedication

PAGE = "reviews/cmr.html"


@require_POST
@requires(Permission.CMR_DOCUMENT)
def start(request: Any, member_id: str) -> HttpResponse:
    """Begin a review, or go on with the one that is in progress."""
    member = get_object_or_404(Member.objects.of_plan(request.plan), public_id=member_id)
    begun = Cmr.objects.filter(plan=request.plan, member=member, status=Cmr.Status.IN_PROGRESS).first()
    if begun is not None:
        return back_to(request, "cmr", cmr_id=begun.public_id)
    form = StartForm(request.POST)
    method = form.cleaned_data["method"] if form.is_valid() else Cmr.Method.TELEPHONE
    try:
        review = cmr.start(member=member, on=timezone.localdate(), by=request.user, method=method)
    except cmr.CmrProblem as problem:
        messages.error(request, str(problem))
        return back_to(request, "chart", member_id=member_id)
    return back_to(request, "cmr", cmr_id=review.public_id)


@requires(Permission.CMR_READ)
def workspace(request: Any, cmr_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=review)
    return render(request, PAGE, context_of(review, about=request.GET.get("about", "")))


def one_review(request: Any, cmr_id: str) -> Cmr:
    reviews = Cmr.objects.filter(plan=request.plan).select_related("member", "pharmacist", "plan")
    return get_object_or_404(reviews, public_id=cmr_id)


def context_of(review: Cmr, *, about: str = "", **forms: Any) -> dict[str, Any]:
    """What the page shows; `about` names the alert whose wording starts the next line of the plan."""
    medications = list(review.medications.all())
    open_alerts = alerts_of(review)
    return {
        "review": review,
        "medications": [(item, forms.get(f"medication_{item.pk}") or form_of(item)) for item in medications],
        "undecided": sum(not item.decision for item in medications),
        "actions": review.actions.select_related("alert"),
        "alerts": open_alerts,
        "missing": cmr.missing_of(review),
        "notes_form": forms.get("notes_form") or NotesForm(instance=review),
        "add_form": forms.get("add_form") or AddMedicationForm(prefix="add"),
        "action_form": forms.get("action_form") or action_form(open_alerts, about),
        "is_open": review.status == Cmr.Status.IN_PROGRESS,
        "today": timezone.localdate(),
    }


def alerts_of(review: Cmr) -> QuerySet[Alert]:
    return Alert.objects.in_queue(review.plan).filter(member=review.member).most_urgent_first()


def action_form(open_alerts: QuerySet[Alert], about: str) -> ActionForm:
    """An empty line of the plan, or one begun with what the alert has to say to the member."""
    alert = next((alert for alert in open_alerts if str(alert.public_id) == about), None)
    initial = {"alert": alert.public_id, "talked_about": alert.member_text} if alert else {}
    return ActionForm(prefix="action", alerts=open_alerts, initial=initial)


def shown_again(request: Any, review: Cmr, **forms: Any) -> HttpResponse:
    """The page with what has to be mended; it shows the member again, so that is a read."""
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=review)
    return refused(request, PAGE, context_of(review, **forms))


def form_of(item: ListedMedication, data: Any = None) -> ReconcileForm:
    return ReconcileForm(data, instance=item, prefix=f"m{item.pk}")


@require_POST
@requires(Permission.CMR_DOCUMENT)
def reconcile(request: Any, cmr_id: str, medication_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    item = get_object_or_404(review.medications.select_related("cmr__plan"), public_id=medication_id)
    form = form_of(item, request.POST)
    if not form.is_valid():
        return shown_again(request, review, **{f"medication_{item.pk}": form})
    cmr.reconcile(medication=item, by=request.user, **form.cleaned_data)
    return to_section(request, review, "medicines")


@require_POST
@requires(Permission.CMR_DOCUMENT)
def add_medication(request: Any, cmr_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    form = AddMedicationForm(request.POST, prefix="add")
    if form.is_valid():
        try:
            cmr.add_medication(review=review, by=request.user, **form.cleaned_data)
            return to_section(request, review, "medicines")
        except cmr.CmrProblem as problem:
            form.add_error("name", str(problem))
    return shown_again(request, review, add_form=form)


@require_POST
@requires(Permission.CMR_DOCUMENT)
def add_action(request: Any, cmr_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    form = ActionForm(request.POST, prefix="action", alerts=alerts_of(review))
    if not form.is_valid():
        return shown_again(request, review, action_form=form)
    cmr.add_action(review=review, by=request.user, **form.cleaned_data)
    return to_section(request, review, "plan")


@require_POST
@requires(Permission.CMR_DOCUMENT)
def remove_action(request: Any, cmr_id: str, action_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    item = get_object_or_404(ActionItem.objects.filter(plan=request.plan, cmr=review), public_id=action_id)
    cmr.remove_action(item=item, by=request.user)
    return to_section(request, review, "plan")


@require_POST
@requires(Permission.CMR_DOCUMENT)
def note(request: Any, cmr_id: str) -> HttpResponse:
    review = one_review(request, cmr_id)
    form = NotesForm(request.POST, instance=review)
    if not form.is_valid():
        return shown_again(request, review, notes_form=form)
    cmr.note(review=review, by=request.user, **form.cleaned_data)
    return to_section(request, review, "notes")


def to_section(request: Any, review: Cmr, section: str) -> HttpResponse:
    response = back_to(request, "cmr", cmr_id=review.public_id)
    response["Location"] += f"#{section}"
    return response
