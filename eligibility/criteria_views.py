"""The criteria of each plan year: reading, drafting, trying out, publishing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import can, requires
from accounts.permissions import Permission
from eligibility import criteria as actions
from eligibility import edition, editor
from eligibility.criteria_forms import NewDraftForm, SimulationForm
from eligibility.difference import difference, of_typed, year_before
from eligibility.models import Criteria
from eligibility.reasons import days_in_force
from eligibility.rules import from_criteria
from mtm.lib.web import back_to, one_of, refused

PAGE = "eligibility/criteria_one.html"
CONFIRM = "eligibility/publish.html"


@require_safe
@requires(Permission.CRITERIA_READ)
def criteria_list(request: Any) -> HttpResponse:
    return render(request, "eligibility/criteria.html", list_context(request, new_draft_form(request)))


def list_context(request: Any, form: NewDraftForm) -> dict[str, Any]:
    """The plan's criteria by year, newest first, and how many stand in each status."""
    everything = list(Criteria.objects.filter(plan=request.plan).select_related("published_by", "created_by"))
    status = one_of(request.GET.get("status"), Criteria.Status.values)
    return {
        "form": form,
        "rows": [(row, days_in_force(row)) for row in everything if not status or row.status == status],
        "all": len(everything),
        "statuses": [
            (value, label, sum(row.status == value for row in everything)) for value, label in Criteria.Status.choices
        ],
    }


def new_draft_form(request: Any, data: Any = None) -> NewDraftForm:
    return NewDraftForm(data, plan=request.plan, today=timezone.localdate())


@require_POST
@requires(Permission.CRITERIA_EDIT)
def new(request: Any) -> HttpResponse:
    form = new_draft_form(request, request.POST)
    if not form.is_valid():
        return refused(request, "eligibility/criteria.html", list_context(request, form))
    draft = actions.draft_from(plan=request.plan, by=request.user, **form.cleaned_data)
    return back_to(request, "criteria-one", criteria_id=draft.public_id)


def one_criteria(request: Any, criteria_id: str) -> Criteria:
    found = Criteria.objects.filter(plan=request.plan).select_related("plan", "published_by", "created_by", "sent_by")
    return get_object_or_404(found, public_id=criteria_id)


@require_safe
@requires(Permission.CRITERIA_READ)
def one(request: Any, criteria_id: str) -> HttpResponse:
    """The criteria in words; a draft also as a form for those who may edit."""
    return render(request, PAGE, page_of(request, one_criteria(request, criteria_id)))


def page_of(request: Any, found: Criteria, data: Any = None) -> dict[str, Any]:
    conditions = editor.coded_conditions()
    context = editor.context_of(found, conditions)
    if can(request, Permission.CRITERIA_EDIT) and found.status == Criteria.Status.DRAFT:
        context |= editor.forms_of(found, conditions, data)
    before = year_before(found)
    return context | {
        "copy_form": new_draft_form(request),
        "simulations": list(found.simulations.select_related("made_by")[:5]),
        "simulated": actions.is_simulated(found),
        "simulation_form": SimulationForm(),
        "before": before,
        "difference": difference(found, before) if before else [],
        "may_publish": can(request, Permission.CRITERIA_PUBLISH) and found.sent_by != request.user,
    }


@require_POST
@requires(Permission.CRITERIA_EDIT)
def save(request: Any, criteria_id: str) -> HttpResponse:
    """Save the draft, or give the form another row; what was typed comes back whatever happens."""
    found = one_criteria(request, criteria_id)
    if found.status != Criteria.Status.DRAFT:
        return render(request, PAGE, page_of(request, found) | {"no_draft": True}, status=409)
    if "another" in request.POST:
        return render(request, PAGE, page_of(request, found, editor.with_another_row(request.POST)))
    context = page_of(request, found, request.POST)
    form, rows = context["form"], context["rows"]
    if not editor.are_valid(form, rows):
        return refused(request, PAGE, context)
    try:
        actions.change(
            draft=found,
            edition=form.cleaned_data["edition"],
            fields=form.all_values,
            conditions=editor.coded(rows.rows()),
            visits={label: visits for label, _, visits in rows.rows()},
            by=request.user,
        )
    except edition.StaleEdition:
        typed = of_typed(form.typed, rows.rows(), found)
        return stale(request, found, typed)
    messages.success(request, "The draft is saved.")
    return back_to(request, "criteria-one", criteria_id=criteria_id)


def stale(request: Any, found: Criteria, differs: list[str]) -> HttpResponse:
    """The person's own values again, and how what is saved now differs; saving once more puts theirs in its place."""
    mine = request.POST.copy()
    mine["edition"] = edition.edition_of(found)
    return render(request, PAGE, page_of(request, found, mine) | {"stale": True, "differs": differs}, status=409)


@require_POST
@requires(Permission.CRITERIA_EDIT)
def words(request: Any, criteria_id: str) -> HttpResponse:
    """The rule in words while it is being edited; nothing is saved."""
    found = one_criteria(request, criteria_id)
    forms = editor.forms_of(found, editor.coded_conditions(), request.POST)
    form, rows = forms["form"], forms["rows"]
    if not (form.is_valid() and rows.is_valid()):
        return render(request, "eligibility/_words.html", {"unfinished": True})
    return render(request, "eligibility/_words.html", editor.words_of_form(found, form, rows))


@require_POST
@requires(Permission.CRITERIA_EDIT)
def try_out(request: Any, criteria_id: str) -> HttpResponse:
    """How many members the draft as it stands in the form would make eligible; nothing is decided or saved."""
    found = one_criteria(request, criteria_id)
    typed = request.POST if "edition" in request.POST and found.status == Criteria.Status.DRAFT else None
    context = page_of(request, found, typed)
    if typed and not (context["form"].is_valid() and context["rows"].is_valid()):
        return refused(request, PAGE, context)
    rules = from_criteria(found)
    if typed:
        rules = editor.rules_of(found, context["form"], context["rows"])
        context |= editor.words_of_form(found, context["form"], context["rows"])
    return render(request, PAGE, context | editor.trial_of(found, rules, timezone.localdate()))


@require_POST
@requires(Permission.CRITERIA_EDIT)
def send(request: Any, criteria_id: str) -> HttpResponse:
    """Hand the draft to a second person."""
    found = one_criteria(request, criteria_id)
    try:
        actions.send_for_review(draft=found, by=request.user)
    except actions.CriteriaProblem as problem:
        return refused(request, PAGE, page_of(request, found) | {"problems": [str(problem)]})
    messages.success(
        request, "The criteria are in review. Somebody else who may publish them does so, or gives them back."
    )
    return back_to(request, "criteria-one", criteria_id=criteria_id)


@require_POST
@requires(Permission.CRITERIA_EDIT)
def give_back(request: Any, criteria_id: str) -> HttpResponse:
    actions.give_back(draft=one_criteria(request, criteria_id), by=request.user)
    messages.success(request, "The criteria are a draft again.")
    return back_to(request, "criteria-one", criteria_id=criteria_id)


@requires(Permission.CRITERIA_PUBLISH)
def publish(request: Any, criteria_id: str) -> HttpResponse:
    """Ask the second person once more, then put the criteria in force for good."""
    found = one_criteria(request, criteria_id)
    context = editor.context_of(found, editor.coded_conditions()) | to_approve(found)
    if request.method == "POST":
        return answer_publish(request, found, context)
    problems = actions.obstacles(found, request.user, timezone.localdate())
    return render(request, CONFIRM, context | {"problems": problems})


def to_approve(found: Criteria) -> dict[str, Any]:
    """What the second person looks at beside the rule: its days, what differs, and what was simulated."""
    before = year_before(found)
    return {
        "whole_edition": actions.whole_edition(found),
        "first_day": actions.first_day(found, timezone.localdate()),
        "last_day": date(found.plan_year, 12, 31),
        "before": before,
        "difference": difference(found, before) if before else [],
        "simulation": found.simulations.filter(edition=edition.edition_of(found)).first(),
    }


def answer_publish(request: Any, found: Criteria, context: dict[str, Any]) -> HttpResponse:
    read = request.POST.get("edition") or "none"
    try:
        actions.publish(draft=found, on=timezone.localdate(), by=request.user, edition=read)
    except edition.StaleEdition:
        return render(request, CONFIRM, context | {"stale": True}, status=409)
    except actions.CriteriaProblem as problem:
        return refused(request, CONFIRM, context | {"problems": [str(problem)]})
    messages.success(request, f"The criteria of {found.plan_year}, version {found.version}, are published.")
    return back_to(request, "criteria-one", criteria_id=found.public_id)
