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
from eligibility.edition import StaleEdition, edition_of
from eligibility.models import Criteria, CriteriaCondition
from eligibility.rules import VISITS, presets
from eligibility.validator import of_draft
from mtm.lib.transitions import TransitionNotAllowed, compare_and_set


class CriteriaProblem(Exception):
    """Why criteria cannot be published, in words for the administrator."""


def in_force(plan: Plan, day: date) -> Criteria | None:
    """The criteria that decide on that day, also if they have been replaced since or will be."""
    ever = [Criteria.Status.PUBLISHED, Criteria.Status.CLOSED]
    return Criteria.objects.filter(plan=plan, status__in=ever, effective__contains=day).first()


def draft_from(*, plan: Plan, start_from: str, plan_year: int, by: User | None) -> Criteria:
    """A new draft from "preset:" and a name, or from "copy:" and the public id of criteria of the plan."""
    kind, _, name = start_from.partition(":")
    if kind == "preset":
        return draft_from_preset(plan=plan, preset=name, plan_year=plan_year, by=by)
    return draft_next(criteria=plan.criteria.get(public_id=name), plan_year=plan_year, by=by)


@transaction.atomic
def draft_from_preset(*, plan: Plan, preset: str, plan_year: int, by: User | None) -> Criteria:
    values = presets()[preset]
    fields = {name: values[name] for name in Criteria.SETTINGS if name in values}
    draft = start_draft(plan, plan_year, by, preset=preset, **fields)
    coded = {condition.code: condition for condition in Condition.objects.all()}
    for label, codes in values["conditions"].items():
        add_condition(draft, label, [coded[code] for code in codes])
    program.begin(draft, program.of_preset(preset))
    return with_warnings(draft)


@transaction.atomic
def draft_next(*, criteria: Criteria, plan_year: int, by: User | None) -> Criteria:
    """A new draft that starts as a copy, for the next year or as the next version of the same year."""
    fields = {name: getattr(criteria, name) for name in Criteria.SETTINGS}
    draft = start_draft(criteria.plan, plan_year, by, preset=criteria.preset, **fields)
    for condition in criteria.conditions.all():
        add_condition(draft, condition.label, list(condition.coded_as.all()), condition.visits)
    program.begin(draft, program.copy_of(criteria))
    return with_warnings(draft)


def with_warnings(draft: Criteria) -> Criteria:
    """Keep what the draft as it stands is to be warned of."""
    draft.refresh_from_db()
    compare_and_set(draft, Criteria.Status.DRAFT, warnings=of_draft(draft).warnings)
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
    edition: str = "",
    by: User,
) -> Criteria:
    """Write the fields and the whole condition list of a draft; `visits` of those that do not need the usual two.

    StaleEdition if the draft is no longer of the edition that was opened; the row is locked so that savers take turns.
    """
    lock(draft)
    if edition and edition_of(draft) != edition:
        raise StaleEdition
    before = {name: str(getattr(draft, name)) for name in fields}
    step(draft, Criteria.Status.DRAFT, Criteria.Status.DRAFT, **fields)
    draft.conditions.all().delete()
    for label, coded_as in conditions.items():
        add_condition(draft, label, coded_as, visits.get(label, VISITS))
    with_warnings(draft)
    changed = {name: [before[name], str(value)] for name, value in fields.items() if before[name] != str(value)}
    detail = {"fields": changed, "conditions": list(conditions)}
    audit.record(audit.Kind.CRITERIA_CHANGED, by=by, plan=draft.plan, subject=draft, detail=detail)
    return draft


@transaction.atomic
def send_for_review(*, draft: Criteria, by: User) -> Criteria:
    """Close the draft for editing until a second person publishes it or gives it back."""
    lock(draft)
    if problems := problems_of(draft):
        raise CriteriaProblem(" ".join(problems))
    if not is_simulated(draft):
        raise CriteriaProblem("Save a simulation of this draft first; the last one is of another edition or missing.")
    step(draft, Criteria.Status.DRAFT, Criteria.Status.IN_REVIEW, sent_at=timezone.now(), sent_by=by)
    audit.record(audit.Kind.CRITERIA_SENT, by=by, plan=draft.plan, subject=draft)
    return draft


@transaction.atomic
def give_back(*, draft: Criteria, by: User) -> Criteria:
    """Make what was sent for review a draft again."""
    step(draft, Criteria.Status.IN_REVIEW, Criteria.Status.DRAFT, sent_at=None, sent_by=None)
    audit.record(audit.Kind.CRITERIA_GIVEN_BACK, by=by, plan=draft.plan, subject=draft)
    return draft


def lock(draft: Criteria) -> None:
    """Read the draft as it stands; nobody saves it until the transaction ends."""
    Criteria.objects.select_for_update().get(pk=draft.pk)
    draft.refresh_from_db()


def whole_edition(draft: Criteria) -> str:
    """Of the criteria and of what their page says: both are published."""
    return edition_of(draft) + program.edition_of(draft.program)


def step(draft: Criteria, before: Criteria.Status, after: Criteria.Status, **changes: Any) -> None:
    if not compare_and_set(draft, before, status=after, **changes):
        raise TransitionNotAllowed(draft, to=after.label, found=Criteria.objects.get(pk=draft.pk).get_status_display())


def is_simulated(draft: Criteria) -> bool:
    return draft.simulations.filter(edition=edition_of(draft)).exists()


@transaction.atomic
def publish(*, draft: Criteria, on: date, by: User, edition: str = "") -> Criteria:
    """Put what was sent for review in force for the rest of its plan year; the version it replaces ends the day before.

    StaleEdition if criteria or page are no longer of the whole edition that was read.
    """
    lock(draft)
    if edition and whole_edition(draft) != edition:
        raise StaleEdition
    if problems := obstacles(draft, by, on):
        raise CriteriaProblem(" ".join(problems))
    starts = first_day(draft, on)
    close_earlier(draft, starts)
    effective = DateRange(starts, date(draft.plan_year + 1, 1, 1))
    fields = {"published_at": timezone.now(), "published_by": by, "effective": effective}
    try:
        with transaction.atomic():
            step(draft, Criteria.Status.IN_REVIEW, Criteria.Status.PUBLISHED, **fields)
    except IntegrityError:
        raise CriteriaProblem("Other criteria of this plan are in force on the same days.") from None
    audit.record(audit.Kind.CRITERIA_PUBLISHED, by=by, plan=draft.plan, subject=draft)
    return draft


def obstacles(draft: Criteria, by: User, on: date) -> list[str]:
    """Why this person cannot publish it on that day."""
    found = problems_of(draft)
    if first_day(draft, on).year > draft.plan_year:
        found.append(f"The plan year {draft.plan_year} is over: a new version of it would be in force on no day.")
    if draft.status == Criteria.Status.DRAFT:
        found.append("It has not been sent for review.")
    if draft.sent_by == by:
        found.append("You sent these criteria for review; a second person publishes them.")
    return found


def first_day(draft: Criteria, on: date) -> date:
    """The day from which a draft published on a day is in force: never one that has been decided by another version."""
    if (earlier := replaced_by(draft)) is None:
        return date(draft.plan_year, 1, 1)
    first: date = earlier.effective.lower
    return max(draft.starts_on or on, on, first)


def close_earlier(draft: Criteria, starts: date) -> None:
    """Shorten the version of the same year that it replaces to the day before."""
    if (earlier := replaced_by(draft)) is None:
        return
    first: date = earlier.effective.lower
    closed = DateRange(first, starts) if starts > first else DateRange(empty=True)
    compare_and_set(earlier, Criteria.Status.PUBLISHED, status=Criteria.Status.CLOSED, effective=closed)


def replaced_by(draft: Criteria) -> Criteria | None:
    same_year = Criteria.objects.filter(plan=draft.plan, plan_year=draft.plan_year, status=Criteria.Status.PUBLISHED)
    return same_year.first()


def problems_of(draft: Criteria) -> list[str]:
    """What must be mended before the draft can be published (42 CFR 423.153(d)(2))."""
    found = of_draft(draft).errors
    if replaced_by(draft):
        if not draft.reason:
            found.append("It changes criteria within their year: give the reason for this version.")
        if draft.starts_on and draft.starts_on.year != draft.plan_year:
            found.append(f"It can only be in force from a day of {draft.plan_year}.")
    elif draft.starts_on and draft.starts_on != date(draft.plan_year, 1, 1):
        found.append(f"The first version of a year is in force from January 1, {draft.plan_year}.")
    return found
