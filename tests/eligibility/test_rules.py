"""From a plan's list to what counts: each core disease once, overrides of the visits needed, overlaps in a list."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Plan
from claims.models import Condition
from eligibility import criteria
from eligibility.cms import CORE_DISEASES_FROM
from eligibility.determination import parameters
from eligibility.explain import traces
from eligibility.models import Criteria
from eligibility.reasons import at_risk_in_words
from eligibility.rules import Rules, from_criteria, from_preset, from_values, presets, without_directory
from eligibility.validator import of_draft
from mtm.lib import sql
from tests import making
from tests.conftest import make_member
from tests.eligibility.test_determination import diagnose

DAY = date(2026, 6, 30)
VALUES = {"cost_threshold": Decimal("1276.00"), "list_is_illustrative": True, "beyond_list": "core"}
BCBSM = [("Diabetes", ["DIABETES"], 2), ("RA", ["RA"], 2), ("Alzheimer's disease", ["ALZ"], 2)]


def counted(plan: Plan, codes: str, rules: Rules, day: date = DAY) -> tuple[int, int, list[str]]:
    """How many conditions these diagnoses count for by the list and by core disease; and their labels."""
    member = make_member(plan, codes)
    for code in codes.split():
        diagnose(member, code, date(day.year, 2, 1), date(day.year, 5, 1))
    row = next(iter(sql.rows("eligibility", "decide", **parameters(plan, rules, day, (member.pk, member.pk)))))
    found = traces(plan=plan, rules=rules, as_of=day, members=[member.pk])[member.pk]
    labels = [one["label"] for one in row["conditions"]]
    assert sorted(one.label for one in found.conditions if one.source) == labels
    assert found.condition_count == row["reasons"][0]["found"]
    return row["reasons"][0]["on_list"], row["reasons"][0]["core"], labels


@pytest.mark.parametrize(
    ("codes", "number", "labels"),
    [
        ("G309 E119", 2, ["Alzheimer's disease", "Diabetes"]),
        ("M069", 1, ["RA"]),
        ("M810 M179 M069", 1, ["RA"]),
        ("M810 M179", 1, ["Bone disease-arthritis, other"]),  # CMS names osteoporosis too; the list only RA
        ("F0150", 1, ["Alzheimer, other"]),
        ("J449 J45909", 1, ["Respiratory disease"]),
        ("F329 F319 I10", 2, ["Hypertension", "Mental health"]),
    ],
)
def test_beyond_a_list_each_core_disease_counts_once(plan: Plan, codes: str, number: int, labels: list[str]) -> None:
    rules = from_values("drawn", 2026, VALUES, BCBSM)
    assert counted(plan, codes, rules) == (number, number, labels)


@pytest.mark.parametrize(
    ("codes", "labels"),
    [
        ("J449 J479", ["COPD"]),
        ("J45909 J479", ["Asthma"]),
        ("J449 J45909 J479", ["Asthma", "COPD"]),
        ("J479", ["Respiratory disease, other"]),
    ],
)
def test_what_completes_a_core_disease_counts_where_no_named_part_is_met(
    plan: Plan, codes: str, labels: list[str]
) -> None:
    rules = from_values("drawn", 2026, VALUES, [("Asthma", ["ASTHMA"], 2), ("COPD", ["COPD"], 2)])
    assert counted(plan, codes, rules) == (len(labels), 1, labels)


@pytest.mark.parametrize(("plan_year", "counts"), [(2024, False), (2025, True)])
def test_beyond_a_list_only_what_was_a_core_disease_in_the_year_counts(db: None, plan_year: int, counts: bool) -> None:
    conditions = from_values("drawn", plan_year, VALUES, BCBSM).conditions
    assert any("HIV" in code for one in conditions.values() for code in one.codes) == counts


@pytest.mark.parametrize(("own", "floor", "told"), [(True, False, True), (False, True, True), (False, False, False)])
def test_the_page_names_the_at_risk_path_where_the_engine_takes_it(own: bool, floor: bool, told: bool) -> None:
    assert bool(at_risk_in_words({"at_risk_path": own, "cms_floor": floor}, 2026)) == told
    assert not at_risk_in_words({"at_risk_path": own, "cms_floor": floor}, 2021)


def test_what_completes_a_core_disease_has_a_name_of_its_own(db: None) -> None:
    """A list may name its entry as the core disease is called."""
    rules = from_values("drawn", 2026, VALUES, [("Respiratory disease", ["COPD"], 2)])
    assert rules.conditions["Respiratory disease"].codes == ("COPD",)
    assert rules.conditions["Respiratory disease, other"].with_listed == "Respiratory disease"


@pytest.mark.parametrize(("visits", "needed"), [(2, 1), (3, 3), (1, 1)])
def test_an_event_is_proved_by_one_claim_unless_the_list_asks_for_more(db: None, visits: int, needed: int) -> None:
    assert Condition.objects.get(code="STROKE").one_claim_counts
    rules = from_values("drawn", 2026, VALUES, [("Stroke", ["STROKE"], visits)])
    assert rules.conditions["Stroke"].visits == needed


def test_presets_foresee_a_year_as_the_rule_says_and_trials_take_it_as_it_was(db: None) -> None:
    assert {from_preset(name).cost_method for name in presets()} == {"likely"}
    assert {without_directory(from_preset(name)).cost_method for name in presets()} == {"rolling"}


@pytest.fixture
def draft(plan: Any, administrator: Any) -> Criteria:
    return making.criteria_to_publish(plan, administrator)


def add(draft: Criteria, label: str, *codes: str) -> None:
    criteria.add_condition(draft, label, list(Condition.objects.filter(code__in=codes)))


def overlaps(draft: Criteria) -> list[str]:
    return [error for error in of_draft(draft).errors if "twice" in error]


def test_rows_of_a_list_that_share_codes_count_one_disease_twice(draft: Criteria) -> None:
    add(draft, "Emphysema", "COPD")
    assert overlaps(draft) == ["One disease would count twice: COPD and Emphysema share codes."]
    Criteria.objects.filter(pk=draft.pk).update(counting="core")
    assert overlaps(Criteria.objects.get(pk=draft.pk)) == []


def test_a_row_that_holds_all_codes_of_another_shares_them(draft: Criteria) -> None:
    add(draft, "Dementia", "DEMENTIA")
    assert overlaps(draft) == ["One disease would count twice: Alzheimer's disease and Dementia share codes."]


def test_what_is_no_core_disease_counts_twice_also_by_core_disease(draft: Criteria) -> None:
    add(draft, "Gout", "GOUT")
    add(draft, "Joints", "GOUT")
    Criteria.objects.filter(pk=draft.pk).update(counting="core")
    assert overlaps(Criteria.objects.get(pk=draft.pk)) == [
        "One disease would count twice: Gout and Joints share codes."
    ]


@pytest.mark.parametrize("preset", presets())
def test_the_presets_hold_no_overlap(plan: Plan, administrator: Any, preset: str) -> None:
    assert making.preset_in_force(plan, preset, administrator).status == "published"


@pytest.mark.parametrize(("counting", "year", "warned"), [("listed", 2026, 1), ("core", 2026, 0), ("listed", 2024, 0)])
def test_counting_by_the_list_is_warned_of_from_2025(
    plan: Plan, administrator: Any, counting: str, year: int, warned: int
) -> None:
    draft = making.criteria_to_publish(plan, administrator, year)
    Criteria.objects.filter(pk=draft.pk).update(counting=counting)
    warnings = of_draft(Criteria.objects.get(pk=draft.pk)).warnings
    assert sum(f"From {CORE_DISEASES_FROM} on" in warning for warning in warnings) == warned


def test_rules_of_criteria_keep_an_override_of_visits(plan: Plan, draft: Criteria) -> None:
    add(draft, "Stroke", "STROKE")
    draft.conditions.filter(label="Stroke").update(visits=3)
    assert from_criteria(draft).conditions["Stroke"].visits == 3


@pytest.mark.parametrize(
    ("operator", "printed", "shown", "met"),
    [
        ("ge", "1795.82", "1795.81", False),
        ("gt", "1795.82", "1795.81", False),
        ("ge", "1795.81", "1795.81", True),
        ("gt", "1795.81", "1795.82", True),  # it is more by a part of a cent only
    ],
)
def test_what_is_shown_never_contradicts_the_answer(
    plan: Plan, operator: str, printed: str, shown: str, met: bool
) -> None:
    """$900.37 in 183 days are $1,795.8199 a year."""
    member, day = make_member(plan, "C1"), date(2025, 7, 2)
    making.fill(member, "metformin", date(2025, 2, 1), cost="900.37")
    rules = replace(from_preset("bcbsma-2023"), cost_method="annualised", cost_operator=operator)
    rules = replace(rules, plan_year=2025, cost_threshold=Decimal(printed))
    (row,) = sql.rows("eligibility", "decide", **parameters(plan, rules, day))
    assert (row["reasons"][2]["found"], str(row["drug_cost"]), row["reasons"][2]["met"]) == (shown, shown, met)
    found = traces(plan=plan, rules=rules, as_of=day, members=[member.pk])[member.pk]
    assert (str(found.shown(rules)), found.met["cost"]) == (shown, met)
