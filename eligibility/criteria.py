"""A plan year's criteria: drafting, changing, publishing. Publishing is final; a change is a new version."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.models import Plan, User
from claims.models import Condition
from eligibility import program
from eligibility.models import Criteria, CriteriaCondition
from eligibility.rules import VISITS, presets
from mtm.lib.transitions import TransitionNotAllowed, compare_and_set


class CriteriaProblem(Exception):
    """Why criteria cannot be published, in words for the administrator."""


def in_force(plan: Plan, day: date) -> Criteria | None:
    return Criteria.objects.filter(plan=plan, status=Criteria.Status.PUBLISHED, effective__contains=day).first()


@transaction.atomic
def draft_from_preset(*, plan: Plan, preset: str, plan_year: int, by: User | None) -> Criteria:
    values = presets()[preset]
    fields = {name: values[name] for name in Criteria.SETTINGS if name in values}
    draft = start_draft(plan, plan_year, by, preset=preset, **fields)
    coded = {condition.code: condition for condition in Condition.objects.all()}
    for label, codes in values["conditions"].items():
        add_condition(draft, label, [coded[code] for code in codes])
    program.begin(draft, program.of_preset(preset))
    return draft


@transaction.atomic
def draft_next(*, criteria: Criteria, plan_year: int, by: User | None) -> Criteria:
    """A new draft that starts as a copy, for the next year or as the next version of the same year."""
    fields = {name: getattr(criteria, name) for name in Criteria.SETTINGS}
    draft = start_draft(criteria.plan, plan_year, by, preset=criteria.preset, **fields)
    for condition in criteria.conditions.all():
        add_condition(draft, condition.label, list(condition.coded_as.all()), condition.visits)
    program.begin(draft, program.copy_of(criteria))
    return draft


def start_draft(plan: Plan, plan_year: int, by: User | None, **fields: Any) -> Criteria:
    Plan.objects.select_for_update().get(pk=plan.pk)  # two drafts begun at once take turns for the next version
    latest = Criteria.objects.filter(plan=plan, plan_year=plan_year).aggregate(v=Max("version"))["v"] or 0
    year = DateRange(date(plan_year, 1, 1), date(plan_year + 1, 1, 1))
    draft = Criteria.objects.create(
        plan=plan, plan_year=plan_year, version=latest + 1, effective=year, created_by=by, **fields
    )
    audit.record(audit.Kind.CRITERIA_DRAFTED, by=by, plan=plan, subject=draft)
    return draft


def add_condition(draft: Criteria, label: str, coded_as: list[Condition], visits: int = VISITS) -> CriteriaCondition:
    condition = CriteriaCondition.objects.create(criteria=draft, plan=draft.plan, label=label, visits=visits)
    condition.coded_as.set(coded_as)
    return condition


@transaction.atomic
def change(
    *,
    draft: Criteria,
    fields: dict[str, Any],
    conditions: Mapping[str, list[Condition]],
    visits: Mapping[str, int] = MappingProxyType({}),
    by: User,
) -> Criteria:
    """Write the fields and the whole condition list of a draft; `visits` of those that do not need the usual two."""
    before = {name: str(getattr(draft, name)) for name in fields}
    if not compare_and_set(draft, Criteria.Status.DRAFT, status=Criteria.Status.DRAFT, **fields):
        raise TransitionNotAllowed(draft, to="changed", found=draft.status)
    draft.conditions.all().delete()
    for label, coded_as in conditions.items():
        add_condition(draft, label, coded_as, visits.get(label, VISITS))
    changed = {name: [before[name], str(value)] for name, value in fields.items() if before[name] != str(value)}
    detail = {"fields": changed, "conditions": list(conditions)}
    audit.record(audit.Kind.CRITERIA_CHANGED, by=by, plan=draft.plan, subject=draft, detail=detail)
    return draft


@transaction.atomic
def publish(*, draft: Criteria, on: date, by: User) -> Criteria:
    """Put a draft in force for the rest of its plan year; the version it replaces is closed the day before."""
    if problems := problems_of(draft):
        raise CriteriaProblem(" ".join(problems))
    starts = max(on, date(draft.plan_year, 1, 1))
    starts = close_earlier(draft, starts)
    effective = DateRange(starts, date(draft.plan_year + 1, 1, 1))
    fields = {"status": Criteria.Status.PUBLISHED, "effective": effective}
    try:
        with transaction.atomic():
            done = compare_and_set(draft, Criteria.Status.DRAFT, published_at=timezone.now(), published_by=by, **fields)
    except IntegrityError:
        raise CriteriaProblem("Other criteria of this plan are in force on the same days.") from None
    if not done:
        raise TransitionNotAllowed(draft, to="published", found=Criteria.objects.get(pk=draft.pk).status)
    audit.record(audit.Kind.CRITERIA_PUBLISHED, by=by, plan=draft.plan, subject=draft)
    return draft


def close_earlier(draft: Criteria, starts: date) -> date:
    """Close the version in force in the same year; gives the first day the new one can hold."""
    earlier = Criteria.objects.filter(
        plan=draft.plan, plan_year=draft.plan_year, status=Criteria.Status.PUBLISHED
    ).first()
    if earlier is None:
        return date(draft.plan_year, 1, 1)
    first: date = earlier.effective.lower
    closed = DateRange(first, max(starts, first)) if starts > first else DateRange(empty=True)
    compare_and_set(earlier, Criteria.Status.PUBLISHED, status=Criteria.Status.CLOSED, effective=closed)
    return max(starts, first)


def problems_of(draft: Criteria) -> list[str]:
    """What must be mended before the draft can be published (42 CFR 423.153(d)(2))."""
    listed = draft.conditions.count()
    found = []
    if listed < draft.minimum_conditions:
        found.append(f"List at least {draft.minimum_conditions} conditions; there are {listed}.")
    if draft.conditions.filter(coded_as=None).exists():
        found.append("Every listed condition needs at least one coded condition behind it.")
    return found
