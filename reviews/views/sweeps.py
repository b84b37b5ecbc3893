"""Sweeps: start one, watch it, look at what it found, retry what failed; and the rules it runs."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.permissions import Permission
from mtm.lib.paging import newest_first
from mtm.lib.web import back_to, refused
from reviews import sweep
from reviews.evidence_view import sentences
from reviews.forms import SweepForm
from reviews.models import SweepRun, SweepShard
from reviews.rules import RULES, Rule

SHOWN_SHARDS = 200


@requires(Permission.SWEEPS_READ)
def sweeps(request: Any) -> HttpResponse:
    return render(
        request, "reviews/sweeps.html", context_of(request, SweepForm(initial={"as_of": timezone.localdate()}))
    )


def context_of(request: Any, form: SweepForm) -> dict[str, Any]:
    runs = with_progress(SweepRun.objects.filter(plan=request.plan))
    page = newest_first(runs, before=request.GET.get("before"))
    return {"page": page, "form": form, "running": any(run.status == SweepRun.Status.RUNNING for run in page.rows)}


def with_progress(runs: Any) -> Any:
    """Each run with its shards, those that are done, and what they found."""
    return runs.select_related("started_by").annotate(
        shard_count=Count("shards"),
        finished=Count("shards", filter=~Q(shards__status=SweepShard.Status.PENDING)),
        members=Sum("shards__members", default=0),
        findings=Sum("shards__findings", default=0),
        new_alerts=Sum("shards__new_alerts", default=0),
    )


@require_POST
@requires(Permission.SWEEPS_START)
def start(request: Any) -> HttpResponse:
    form = SweepForm(request.POST or None)
    if not form.is_valid():
        return refused(request, "reviews/sweeps.html", context_of(request, form))
    try:
        sweep.start(plan=request.plan, as_of=form.cleaned_data["as_of"], by=request.user)
    except sweep.SweepProblem as problem:
        messages.error(request, str(problem))
        return render(request, "reviews/sweeps.html", context_of(request, form), status=409)
    messages.success(request, "The sweep is running. This page shows how far it is.")
    return back_to(request, "sweeps")


@requires(Permission.SWEEPS_READ)
def one(request: Any, sweep_id: str) -> HttpResponse:
    run = get_object_or_404(with_progress(SweepRun.objects.filter(plan=request.plan)), public_id=sweep_id)
    context = {
        "run": run,
        "shards": run.shards.all()[:SHOWN_SHARDS],
        "rules": rules_of(run),
        "progress": f"{run.finished} of {run.shard_count}",
    }
    return render(request, "reviews/sweep.html", context)


def rules_of(run: SweepRun) -> list[tuple[Rule, str, int]]:
    """Each rule, whether this run could ask it, and how many alerts it made."""
    found = dict(run.alerts.order_by().values_list("rule").annotate(Count("pk")))
    return [(rule, answered(rule, run), found.get(rule.slug, 0)) for rule in RULES]


def answered(rule: Rule, run: SweepRun) -> str:
    if missing := run.not_computable.get(rule.slug):
        return f"Not computable: no {' and no '.join(missing)} loaded"
    return f"Version {run.rules[rule.slug]}" if rule.slug in run.rules else "Switched off"


@require_POST
@requires(Permission.SWEEPS_START)
def retry(request: Any, sweep_id: str) -> HttpResponse:
    run = get_object_or_404(SweepRun.objects.filter(plan=request.plan), public_id=sweep_id)
    again = sweep.retry_failed(run=run, by=request.user)
    messages.success(request, f"{again} shards run again." if again else "No shard of this run has failed.")
    return back_to(request, "sweep", sweep_id=sweep_id)


@requires(Permission.ALERTS_READ)
def rules(request: Any) -> HttpResponse:
    """The catalogue: every rule in words, with its sources and examples."""
    return render(request, "reviews/rules.html", {"rules": [(rule, sentences(rule)) for rule in RULES]})
