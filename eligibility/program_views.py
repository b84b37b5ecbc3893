"""The editor of a program's page: the facts that stand beside the criteria of a plan year."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import can, requires
from accounts.permissions import Permission
from eligibility import program_change
from eligibility.criteria_views import one_criteria
from eligibility.edition import StaleEdition
from eligibility.models import Criteria
from eligibility.program import edition_of
from eligibility.program_forms import ProgramForms
from mtm.lib.web import back_to, refused

PAGE = "eligibility/program.html"


@require_safe
@requires(Permission.CRITERIA_READ)
def one(request: Any, criteria_id: str) -> HttpResponse:
    """The facts as a form; only of a draft, and for those who may edit, can it be saved."""
    return render(request, PAGE, page_of(request, one_criteria(request, criteria_id)))


def page_of(request: Any, criteria: Criteria, forms: ProgramForms | None = None) -> dict[str, Any]:
    may_save = can(request, Permission.CRITERIA_EDIT) and criteria.status == Criteria.Status.DRAFT
    return {
        "criteria": criteria,
        "forms": forms or ProgramForms(criteria.program),
        "may_save": may_save,
        "warnings": program_change.warnings_of(criteria.program, timezone.localdate()),
    }


@require_POST
@requires(Permission.CRITERIA_EDIT)
def save(request: Any, criteria_id: str) -> HttpResponse:
    """Save all of the page; what was typed comes back whatever happens."""
    criteria = one_criteria(request, criteria_id)
    if criteria.status != Criteria.Status.DRAFT:
        return render(request, PAGE, page_of(request, criteria) | {"no_draft": True}, status=409)
    forms = ProgramForms(criteria.program, request.POST)
    if not forms.is_valid():
        return refused(request, PAGE, page_of(request, criteria, forms))
    opened = forms.form.cleaned_data["edition"]
    try:
        program_change.change(program=criteria.program, edition=opened, facts=forms.facts(), by=request.user)
    except StaleEdition:
        return stale(request, criteria)
    messages.success(request, "The page is saved.")
    return back_to(request, "program-facts", criteria_id=criteria_id)


def stale(request: Any, criteria: Criteria) -> HttpResponse:
    """The person's own facts again; saving once more puts them in the place of what is saved now."""
    mine = request.POST.copy()
    mine["edition"] = edition_of(criteria.program)
    context = page_of(request, criteria, ProgramForms(criteria.program, mine))
    return render(request, PAGE, context | {"stale": differences(criteria, context["forms"])}, status=409)


def differences(criteria: Criteria, forms: ProgramForms) -> list[tuple[str, str, str]]:
    """What differs between the saved page and what was typed: the fact, as saved, as typed."""
    saved, typed = program_change.facts_of(criteria.program), forms.facts() if forms.is_valid() else {}
    names = {name: field.label or name for name, field in forms.form.fields.items()}
    differing = [name for name in typed if saved[name] != typed[name]]
    return [(str(names.get(name, name)), in_short(saved[name]), in_short(typed[name])) for name in differing]


def in_short(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(
            str(one.get("number") or one.get("name") or "") if isinstance(one, dict) else one for one in value
        )
    return {True: "yes", False: "no", None: ""}[value] if value in (True, False, None) else str(value)
