"""The plan's fills of NDCs that nobody knows, and what somebody says they hold."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.permissions import Permission
from claims import unmapped
from claims.drug_mapping import MappingProblem, map_ndc, withdraw
from claims.drug_pages.forms import MappingForm
from claims.drugs import BY_HAND, drugs_of
from claims.models import PlanDrugMapping
from mtm.lib.web import back_to, refused

PAGE = "claims/unmapped.html"
FORM = "claims/map_ndc.html"
SHOWN_MAPPINGS = 100


@require_safe
@requires(Permission.LOADS_READ)
def unmapped_list(request: Any) -> HttpResponse:
    typed = request.GET.get("ndc", "")[:40]
    digits = unmapped.digits_of(typed)
    listing = unmapped.of_plan(request.plan, digits=digits, after=request.GET.get("after"))
    context = {
        "listing": listing,
        "typed": typed,
        "digits": digits,
        "is_first": not request.GET.get("after"),
        "mappings": mappings_of(request.plan),
        "shown_mappings": SHOWN_MAPPINGS,
    }
    return render(request, PAGE, context)


def mappings_of(plan: Any) -> list[tuple[PlanDrugMapping, str, list[str], bool]]:
    """The latest mappings with code, ingredients, and whether a directory has come to know the code since."""
    found = PlanDrugMapping.objects.filter(plan=plan).select_related("mapped_by", "withdrawn_by")
    rows = list(found.prefetch_related("ingredients").order_by("-pk")[:SHOWN_MAPPINGS])
    known = drugs_of(plan, {row.ndc for row in rows})
    return [(row, unmapped.printed(row.ndc), names_of(row), known[row.ndc].how != BY_HAND) for row in rows]


def names_of(mapping: PlanDrugMapping) -> list[str]:
    return sorted(part.name for part in mapping.ingredients.all())


@requires(Permission.DRUGS_MAP)
def map_one(request: Any, ndc: str) -> HttpResponse:
    """Choose the ingredients of one code. Looking for an ingredient brings the form back with what was found."""
    if not unmapped.is_of_plan(request.plan, ndc):
        raise Http404
    form = MappingForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "drug": drugs_of(request.plan, [ndc])[ndc], "printed": unmapped.printed(ndc)}
    if request.method != "POST" or form.searching:
        form.errors.clear()
        return render(request, FORM, context)
    if not form.is_valid():
        return refused(request, FORM, context)
    try:
        map_ndc(plan=request.plan, ndc=ndc, at=timezone.now(), by=request.user, **form.mapping)
    except MappingProblem as problem:
        return render(request, FORM, context | {"problem": str(problem)}, status=409)
    messages.success(request, f"{context['printed']} is mapped. It counts from the next determination and sweep on.")
    return back_to(request, "unmapped-ndcs")


@require_POST
@requires(Permission.DRUGS_MAP)
def withdraw_mapping(request: Any, mapping_id: str) -> HttpResponse:
    found = PlanDrugMapping.objects.filter(plan=request.plan).select_related("plan")
    mapping = withdraw(mapping=get_object_or_404(found, public_id=mapping_id), at=timezone.now(), by=request.user)
    messages.success(request, f"The mapping of {unmapped.printed(mapping.ndc)} is withdrawn.")
    return back_to(request, "unmapped-ndcs")
