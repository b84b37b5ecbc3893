"""Data loads: what became of the records of each file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from claims.models import LoadFile
from mtm.lib.paging import newest_first

SHOWN_ROWS = 200


@require_safe
@requires(Permission.LOADS_READ)
def loads(request: Any) -> HttpResponse:
    """Loaded files, newest first, each with all of its records accounted for."""
    page = newest_first(LoadFile.objects.filter(plan=request.plan), before=request.GET.get("before"))
    context = {"page": page, "rows": [(load, unmapped_share(load)) for load in page.rows]}
    return render(request, "claims/loads.html", context)


@require_safe
@requires(Permission.LOADS_READ)
def one(request: Any, load_id: str) -> HttpResponse:
    load = get_object_or_404(LoadFile.objects.filter(plan=request.plan), public_id=load_id)
    context = {
        "load": load,
        "share": unmapped_share(load),
        "reasons": sorted(load.rejected_by_reason.items(), key=lambda item: (-item[1], item[0])),
        "rejected": load.rejected_rows.all()[:SHOWN_ROWS],
        "shown": min(load.rejected, SHOWN_ROWS),
    }
    return render(request, "claims/load.html", context)


def unmapped_share(load: LoadFile) -> float | None:
    """The share of accepted fills whose NDC has no known ingredient; None where the file has no fills."""
    if load.unmapped_ndc is None or not load.accepted:
        return None
    return load.unmapped_ndc / load.accepted
