"""Drafting, changing and publishing criteria. What is published stays as it was, whoever tries to change it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.audit import Kind
from accounts.models import AuditEvent
from claims.models import Condition
from eligibility import criteria, edition
from eligibility.models import Criteria, Program
from eligibility.simulation import simulate
from eligibility.validator import of_draft
from mtm.lib.transitions import TransitionNotAllowed
from tests import making

NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def draft(plan: Any, administrator: Any) -> Criteria:
    return making.criteria_to_publish(plan, administrator)


def diabetes() -> dict[str, list[Condition]]:
    return {"Diabetes": [Condition.objects.get(code="DIABETES")]}


def test_a_draft_has_its_numbers_and_its_list(draft: Criteria) -> None:
    assert (draft.cost_threshold, draft.cost_operator, draft.minimum_drugs) == (Decimal("1276.00"), "ge", 8)
    assert [c.label for c in draft.conditions.all()][:2] == ["Diabetes", "COPD"]


def test_the_next_draft_is_a_copy_with_the_next_version(draft: Criteria, administrator: Any) -> None:
    again = criteria.draft_next(criteria=draft, plan_year=2026, by=administrator)
    assert (again.version, again.status, again.conditions.count()) == (2, "draft", draft.conditions.count())


def test_a_change_writes_values_and_list_and_says_what_changed(draft: Criteria, administrator: Any) -> None:
    criteria.change(draft=draft, fields={"minimum_drugs": 5}, conditions=diabetes(), by=administrator)
    draft.refresh_from_db()
    assert (draft.minimum_drugs, draft.conditions.count()) == (5, 1)
    event = AuditEvent.objects.get(kind=Kind.CRITERIA_CHANGED)
    assert event.detail == {"fields": {"minimum_drugs": ["8", "5"]}, "conditions": ["Diabetes"]}


def test_a_draft_saved_by_somebody_else_meanwhile_is_not_overwritten(draft: Criteria, administrator: Any) -> None:
    opened = edition.edition_of(draft)
    values = {"draft": draft, "edition": opened, "conditions": diabetes(), "by": administrator}
    criteria.change(fields={"minimum_drugs": 5}, **values)
    with pytest.raises(edition.StaleEdition):
        criteria.change(fields={"minimum_drugs": 3}, **values)
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 5


def test_the_edition_changes_with_the_list_and_its_codes(draft: Criteria, administrator: Any) -> None:
    before = edition.edition_of(draft)
    first = draft.conditions.first()
    assert first is not None
    first.coded_as.add(Condition.objects.get(code="GOUT"))
    assert edition.edition_of(draft) != before


def test_publishing_puts_a_draft_in_force_for_its_year(draft: Criteria, administrator: Any, plan: Any) -> None:
    making.published(draft, administrator, on=NEW_YEAR)
    assert criteria.in_force(plan, date(2026, 12, 31)) == draft
    assert criteria.in_force(plan, date(2027, 1, 1)) is None


def test_the_version_before_ends_the_day_before(draft: Criteria, administrator: Any, plan: Any) -> None:
    first = making.published(draft, administrator, on=NEW_YEAR)
    again = criteria.draft_next(criteria=first, plan_year=2026, by=administrator)
    with pytest.raises(criteria.CriteriaProblem, match="give the reason for this version"):
        making.published(again, administrator, on=date(2026, 7, 1))
    Criteria.objects.filter(pk=again.pk).update(reason="Fewer drugs needed", starts_on=date(2026, 7, 1))
    again.refresh_from_db()
    making.published(again, administrator, on=date(2026, 6, 15))
    first.refresh_from_db()
    assert (first.status, first.effective) == ("closed", DateRange(NEW_YEAR, date(2026, 7, 1)))
    assert criteria.in_force(plan, date(2026, 6, 30)) == first
    assert criteria.in_force(plan, date(2026, 7, 1)) == again


def test_a_year_that_is_over_gets_no_new_version(plan: Any, administrator: Any) -> None:
    old = making.criteria_in_force(plan, administrator, year=2023)
    again = criteria.draft_next(criteria=old, plan_year=2023, by=administrator)
    Criteria.objects.filter(pk=again.pk).update(reason="A correction")
    with pytest.raises(criteria.CriteriaProblem, match="2023 is over"):
        making.published(Criteria.objects.get(pk=again.pk), administrator, on=making.DAY)
    old.refresh_from_db()
    assert old.status == "published"


def test_what_a_preset_is_to_be_warned_of_is_kept_from_the_first(plan: Any, administrator: Any) -> None:
    draft = criteria.draft_from_preset(plan=plan, preset="esi-2024", plan_year=2024, by=administrator)
    assert Criteria.objects.get(pk=draft.pk).warnings == of_draft(draft).warnings != []


def test_a_copy_starts_without_what_was_filed_of_the_year_before(plan: Any, administrator: Any) -> None:
    draft = making.criteria_to_publish(plan, administrator)
    filed = {
        "submission_id": "S1",
        "submission_status": "approved",
        "approval_evidence": "letter",
        "updated_on": NEW_YEAR,
    }
    Program.objects.filter(criteria=draft).update(**filed, drug_reference="RxNorm of 2026-01")
    copy = criteria.draft_next(criteria=draft, plan_year=2027, by=administrator).program
    assert (copy.submission_id, copy.submission_status, copy.approval_evidence) == ("", "not_sent", "")
    assert copy.drug_reference == "RxNorm of 2026-01"


def test_a_list_that_is_too_short_cannot_be_published(draft: Criteria, administrator: Any) -> None:
    criteria.change(draft=draft, fields={"minimum_drugs": 8}, conditions=diabetes(), by=administrator)
    with pytest.raises(criteria.CriteriaProblem, match="List at least 3 conditions; there are 1"):
        criteria.send_for_review(draft=draft, by=administrator)


def test_a_condition_without_codes_cannot_be_published(draft: Criteria, administrator: Any) -> None:
    criteria.add_condition(draft, "Something", [])
    with pytest.raises(criteria.CriteriaProblem, match="at least one coded condition"):
        criteria.send_for_review(draft=draft, by=administrator)


def test_published_criteria_are_neither_changed_nor_published_again(draft: Criteria, administrator: Any) -> None:
    making.published(draft, administrator, on=NEW_YEAR)
    with pytest.raises(TransitionNotAllowed):
        criteria.change(draft=draft, fields={"minimum_drugs": 2}, conditions={}, by=administrator)


@pytest.mark.parametrize("changes", [{"minimum_drugs": 2}, {"cost_threshold": "1.00"}, {"status": "draft"}])
def test_the_database_refuses_to_change_what_is_published(
    changes: dict[str, Any], plan: Any, administrator: Any
) -> None:
    published = making.criteria_in_force(plan, administrator)
    with pytest.raises(DatabaseError, match="published criteria never change"), transaction.atomic():
        Criteria.objects.filter(pk=published.pk).update(**changes)


def test_the_database_refuses_to_change_the_list_of_what_is_published(plan: Any, administrator: Any) -> None:
    condition = making.criteria_in_force(plan, administrator).conditions.first()
    assert condition is not None
    for attempt in (condition.delete, lambda: condition.coded_as.clear()):
        with pytest.raises(DatabaseError, match="published criteria never change"), transaction.atomic():
            attempt()


def test_the_database_refuses_published_criteria_that_overlap(plan: Any, administrator: Any) -> None:
    published = making.criteria_in_force(plan, administrator)
    other = criteria.draft_next(criteria=published, plan_year=2027, by=published.sent_by)
    simulate(draft=other, as_of=NEW_YEAR, accepting=60, minutes=60, by=None)
    in_review = criteria.send_for_review(draft=other, by=published.sent_by)
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        Criteria.objects.filter(pk=in_review.pk).update(
            status="published",
            effective=DateRange(date(2026, 6, 1), date(2027, 6, 1)),
            published_at=published.published_at,
            published_by=administrator,
        )


@pytest.mark.parametrize(
    "wrong", [{"minimum_conditions": 4}, {"minimum_drugs": 9}, {"minimum_drugs": 1}, {"cost_threshold": 0}]
)
def test_the_database_refuses_numbers_that_cms_does_not_allow(wrong: dict[str, Any], draft: Criteria) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Criteria.objects.filter(pk=draft.pk).update(**wrong)
