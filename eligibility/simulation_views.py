"""Simulations of a draft: make one, and read who would enter, leave and stay."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import can, requires
from accounts.permissions import Permission
from eligibility.criteria_forms import SimulationForm
from eligibility.criteria_views import PAGE, one_criteria, page_of
from eligibility.editor import trial_day
from eligibility.models import Criteria, Determination, SimulatedMember, Simulation
from eligibility.simulation import simulate
from mtm.lib.paging import newest_first
from mtm.lib.web import back_to, one_of, refused


@require_POST
@requires(Permission.CRITERIA_EDIT)
def make(request: Any, criteria_id: str) -> HttpResponse:
    """Simulate the draft as it is saved, and keep what came out."""
    found = one_criteria(request, criteria_id)
    form = SimulationForm(request.POST)
    if found.status != Criteria.Status.DRAFT:
        return render(request, PAGE, page_of(request, found) | {"no_draft": True}, status=409)
    if not form.is_valid():
        return refused(request, PAGE, page_of(request, found) | {"simulation_form": form})
    as_of = trial_day(found.plan_year, timezone.localdate())
    made = simulate(draft=found, as_of=as_of, by=request.user, **form.cleaned_data)
    messages.success(request, "The simulation is saved. Nothing was decided about any member.")
    return back_to(request, "simulation", simulation_id=made.public_id)


@require_safe
@requires(Permission.CRITERIA_READ)
def one(request: Any, simulation_id: str) -> HttpResponse:
    found = get_object_or_404(
        Simulation.objects.filter(plan=request.plan).select_related("criteria", "beside", "made_by"),
        public_id=simulation_id,
    )
    change = one_of(request.GET.get("change"), SimulatedMember.Change.values)
    return render(request, "eligibility/simulation.html", context_of(request, found, change))


def context_of(request: Any, found: Simulation, change: str | None) -> dict[str, Any]:
    counted = {value: found.members.filter(change=value).count() for value in SimulatedMember.Change.values}
    most = max((members for _, members in found.misses), default=0)
    context = {
        "simulation": found,
        "changes": [(value, label, counted[value]) for value, label in SimulatedMember.Change.choices],
        "change": change,
        "with_paths": can(request, Permission.MEMBERS_CHART),
        "paths": {path.value: found.paths.get(path, 0) for path in Determination.Path},
        "outcomes": {outcome.value: found.outcomes.get(outcome, 0) for outcome in Determination.Outcome},
        "misses": [(label, members, round(100 * members / most)) for label, members in found.misses],
    }
    if change and can(request, Permission.MEMBERS_FIND):
        page = newest_first(members_of(found, change), before=request.GET.get("after"))
        audit.record_listed(
            (row.member_id for row in page.rows), by=request.user, plan=request.plan, where="simulation"
        )
        label = SimulatedMember.Change(change).label
        context |= {"page": page, "rows": page.rows, "change_label": label}
    return context


def members_of(found: Simulation, change: str) -> Any:
    return found.members.filter(change=change).select_related("member")
