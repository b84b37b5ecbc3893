"""The facts of a program's page: what presets bring, what copies take over, and that they freeze with their criteria."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from eligibility import criteria, program
from eligibility.models import Accreditation, Criteria, PhoneHours, PhoneLine, Program
from eligibility.rules import presets
from tests import making


@pytest.fixture
def draft(plan: Any, administrator: Any) -> Criteria:
    return criteria.draft_from_preset(plan=plan, preset="esi-2024", plan_year=2026, by=administrator)


def test_every_preset_brings_the_facts_of_its_page() -> None:
    assert set(program.of_presets()) == set(presets())
    known = {*Program.FACTS, "lines", "accreditations"}
    for facts in program.of_presets().values():
        assert set(facts) <= known
        for line in facts["lines"]:
            assert set(line) <= {*PhoneLine.FACTS, "hours"}


def test_a_draft_of_a_preset_holds_its_line_its_hours_and_its_accreditations(draft: Criteria) -> None:
    facts = program.facts_of(draft.program)
    (line,) = facts["lines"]
    assert (line["number"], line["time_zone"]) == ("855-931-2782", "America/Los_Angeles")
    assert [(h["days"], h["opens"].hour, h["closes"].hour) for h in line["hours"]] == [("mon_fri", 6, 16)]
    assert [(a["name"], a["since"]) for a in facts["accreditations"]] == [
        ("Drug Therapy Management", None),
        ("Opioid Stewardship Designation", date(2024, 1, 1)),
    ]


def test_a_page_that_names_no_sponsor_is_of_the_plan(draft: Criteria) -> None:
    assert draft.program.sponsor == "First Plan"


def test_a_copy_takes_over_all_but_the_day_of_the_last_change(draft: Criteria, administrator: Any) -> None:
    again = criteria.draft_next(criteria=draft, plan_year=2027, by=administrator)
    before, after = program.facts_of(draft.program), program.facts_of(again.program)
    assert before["updated_on"] == date(2024, 1, 2)
    assert after == before | {"updated_on": None}


def changes(published: Program) -> list[Any]:
    """One change of each table that belongs to a page."""
    line = published.lines.get()
    hours = PhoneHours(line=line, plan=published.plan, opens="08:00", closes="09:00")
    return [
        lambda: Program.objects.filter(pk=published.pk).update(vendor="Another"),
        lambda: PhoneLine.objects.filter(pk=line.pk).update(tty="712"),
        line.delete,
        hours.save,
        lambda: Accreditation.objects.create(program=published, plan=published.plan, body="URAC", name="X"),
    ]


@pytest.mark.parametrize("number", range(5))
def test_the_database_freezes_the_page_with_its_criteria(number: int, plan: Any, administrator: Any) -> None:
    published = making.criteria_in_force(plan, administrator).program
    with pytest.raises(DatabaseError, match="published criteria never change"), transaction.atomic():
        changes(published)[number]()


def test_a_row_cannot_be_moved_from_a_draft_to_a_published_page(draft: Criteria, plan: Any, administrator: Any) -> None:
    published = making.preset_in_force(plan, "bcbsma-2023", administrator).program
    with pytest.raises(DatabaseError, match="published criteria never change"), transaction.atomic():
        Accreditation.objects.filter(program=draft.program).update(program=published)


@pytest.mark.parametrize(
    "wrong",
    [
        {"by_phone": False, "face_to_face": False},
        {"slot_minutes": 5},
        {"delivery_days": 15},
        {"channels": ["pigeon"]},
        {"joint_product": "A plan"},
        {"sponsor": ""},
    ],
)
def test_the_database_refuses_facts_that_cannot_be(wrong: dict[str, Any], draft: Criteria) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Program.objects.filter(criteria=draft).update(**wrong)


@pytest.mark.parametrize("wrong", [{"number": "call us"}, {"on_card": True}, {"number": ""}])
def test_a_line_has_a_number_or_is_on_the_card(wrong: dict[str, Any], draft: Criteria) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneLine.objects.filter(program=draft.program).update(**wrong)


@pytest.mark.parametrize("wrong", [{"from_month": 0}, {"to_month": 13}, {"opens": "16:00"}])
def test_hours_are_in_months_and_end_after_they_begin(wrong: dict[str, Any], draft: Criteria) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneHours.objects.filter(line__program=draft.program).update(**wrong)


def test_the_edition_changes_with_each_part_of_the_page(draft: Criteria) -> None:
    seen = {program.edition_of(draft.program)}
    PhoneHours.objects.filter(line__program=draft.program).update(closes="17:00")
    seen.add(program.edition_of(draft.program))
    Program.objects.filter(criteria=draft).update(interns=False)
    seen.add(program.edition_of(Program.objects.get(criteria=draft)))
    draft.program.accreditations.all().delete()
    seen.add(program.edition_of(Program.objects.get(criteria=draft)))
    assert len(seen) == 4
