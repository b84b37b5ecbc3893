"""Data loads: ask for one, see how far it is, and what became of each record."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.db.models.functions import Left
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from claims import freshness, load_queue
from claims.forms import LoadForm
from claims.ingest.load import totals
from claims.masking import masked, neutral
from claims.models import Load, LoadFile
from mtm.lib.paging import newest_first
from mtm.lib.uploads import takes_files
from mtm.lib.web import back_to, refused

SHOWN_ROWS, SHOWN_LETTERS = 200, 301


@require_safe
@requires(Permission.LOADS_READ)
def loads(request: Any) -> HttpResponse:
    return render(request, "claims/loads.html", context_of(request, new_form(request)))


def new_form(request: Any, *given: Any) -> LoadForm:
    return LoadForm(*given, inbox=load_queue.in_inbox(request.plan))


def context_of(request: Any, form: LoadForm) -> dict[str, Any]:
    """Loads, newest first, each with all of its records accounted for; and how fresh the plan's data is."""
    found = Load.objects.filter(plan=request.plan).select_related("requested_by", "progress")
    found = found.annotate(**{f"sum_{name}": Sum(f"files__{name}") for name in COUNTS})
    page = newest_first(found, before=request.GET.get("before"))
    return {
        "page": page,
        "form": form,
        "held": freshness.of_plan(request.plan),
        "running": any(load.status in load_queue.OPEN for load in page.rows),
    }


COUNTS = ("received", "accepted", "duplicate", "rejected")


@takes_files
@require_POST
@requires(Permission.LOADS_START)
def start(request: Any) -> HttpResponse:
    form = new_form(request, request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, "claims/loads.html", context_of(request, form))
    load = load_queue.ask(
        plan=request.plan,
        feed=form.cleaned_data["format"],
        as_of=timezone.localdate(),
        uploads=form.cleaned_data["files"],
        named=form.cleaned_data.get("named", []),
        options=form.options,
        by=request.user,
    )
    messages.success(request, "The files are here. This page shows how far the load is.")
    return back_to(request, "load", load_id=load.public_id)


@require_safe
@requires(Permission.LOADS_READ)
def one(request: Any, load_id: str) -> HttpResponse:
    load = get_object_or_404(Load.objects.filter(plan=request.plan).select_related("progress"), public_id=load_id)
    files = load.files.order_by("pk")
    context = {
        "load": load,
        "files": [(file, unmapped_share(file)) for file in files],
        "totals": totals(load),
        "problem": new_form(request).in_its_words(load.problem),
        "running": load.status in load_queue.OPEN,
        "progress": getattr(load, "progress", None),
        "findings": sum(len(file.findings) for file in files),
    }
    return render(request, "claims/load.html", context)


@require_safe
@requires(Permission.LOADS_READ)
def file(request: Any, file_id: str) -> HttpResponse:
    found = file_of(request, file_id)
    rejected = found.rejected_rows.defer("raw").annotate(start=Left("raw", SHOWN_LETTERS))[:SHOWN_ROWS]
    context = {
        "file": found,
        "share": unmapped_share(found),
        "reasons": sorted(found.rejected_by_reason.items(), key=lambda item: (-item[1], item[0])),
        "rejected": [(row, masked(row.start)) for row in rejected],
        "shown": len(rejected),
        "kept": found.rejected_rows.count(),
    }
    return render(request, "claims/file.html", context)


@require_safe
@requires(Permission.LOADS_START)
def rejected_rows(request: Any, file_id: str) -> HttpResponseBase:
    """The rejected rows as they were sent, to be mended and sent again: line, reason, raw text."""
    found = file_of(request, file_id)
    audit.record(audit.Kind.REJECTED_READ, by=request.user, plan=request.plan, subject=found)
    # Of a large file there may be millions: they are sent as they are read.
    response = StreamingHttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{found.public_id}.csv"'
    return response


def as_csv(file: LoadFile) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(("line", "reason", "raw"))
    for row in file.rejected_rows.iterator(chunk_size=SHOWN_ROWS):
        yield writer.writerow((row.line, row.reason, neutral(row.raw)))


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def file_of(request: Any, file_id: str) -> LoadFile:
    files: LoadFile = get_object_or_404(
        LoadFile.objects.filter(plan=request.plan).select_related("load"), public_id=file_id
    )
    return files


def unmapped_share(file: LoadFile) -> float | None:
    """The share of the file's fills whose NDC has no known ingredient; None where the file has no fills."""
    if file.unmapped_ndc is None or not file.fills:
        return None
    return file.unmapped_ndc / file.fills
