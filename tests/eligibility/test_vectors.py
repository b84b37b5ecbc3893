"""The cases the program rules were written down with: each preset at its thresholds, and the at-risk path by year."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Plan
from claims.models import PlanDrugFlag
from eligibility.explain import traces
from eligibility.rules import Rules, from_preset, presets
from members.models import AtRiskSpell, CoverageSpan, Member
from tests.claims.loading import load_text
from tests.conftest import make_member
from tests.eligibility.test_determination import EIGHT, decided, diagnose
from tests.making import fill

CODES = {"DIABETES": "E119", "COPD": "J449", "ASTHMA": "J45909", "RA": "M069", "ALZ": "G309", "CHF": "I509"} | {
    "HTN": "I10",
    "DYSLIPIDEMIA": "E785",
    "DEPRESSION": "F329",
    "ESRD": "N186",
    "OSTEOPOROSIS": "M810",
}
TWELVE = (*EIGHT, "omeprazole", "levothyroxine", "montelukast", "tamsulosin")


def someone(
    plan: Plan, conditions: tuple[str, ...], drugs: int, cost: str, *, on: date = date(2023, 12, 31), short: int = 0
) -> Member:
    """A member with the conditions, that many drugs (the last `short` of them no maintenance drugs), and that cost."""
    member = make_member(plan, "V1")
    for condition in conditions:
        diagnose(member, CODES[condition], date(on.year, 2, 1), date(on.year, 5, 1))
    fill(member, TWELVE[0], date(on.year, 2, 1), number=2, cost=cost)  # so that the last quarter foresees less
    for number, name in enumerate(TWELVE[:drugs]):
        filled = fill(member, name, date(on.year, 12, 10), cost="0.00")
        flag = "N" if number >= drugs - short else "Y"
        PlanDrugFlag.objects.create(plan=plan, ndc=filled.ndc, maintenance=flag, source="test", set_on=on)
    return member


def answer(member: Member, rules: Rules, on: date = date(2023, 12, 31)) -> tuple[str, str, str]:
    row: dict[str, Any] = decided(member, rules, on)
    return row["outcome"], row["path"], row["cms_reason"]


NO, BY_PRINT, BY_FLOOR = (
    ("not_eligible", "none", ""),
    ("eligible", "conditions_drugs_cost", "01"),
    ("eligible", "floor", "01"),
)
THREE = {
    "bcbsm-2023": ("DIABETES", "COPD", "CHF"),
    "bcbsma-2023": ("DIABETES", "HTN", "CHF"),
    "bcbsma-2022": ("DIABETES", "HTN", "CHF"),
    "esi-2024": ("DIABETES", "COPD", "DEPRESSION"),
}


@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("step", ["-0.01", "0.00", "0.01"])
def test_each_preset_at_its_amount(plan: Plan, preset: str, step: str) -> None:
    """ "At least" admits the amount by print; "more than" by the floor; a cent less is never enough."""
    rules = from_preset(preset)
    day = date(rules.plan_year, 12, 31)
    member = someone(plan, THREE[preset], 8, str(rules.cost_threshold + Decimal(step)), on=day)
    at_the_amount = BY_PRINT if rules.cost_operator == "ge" else BY_FLOOR
    assert answer(member, rules, day) == {"-0.01": NO, "0.00": at_the_amount, "0.01": BY_PRINT}[step]


@pytest.mark.parametrize(
    ("preset", "expected"), [("bcbsm-2023", "not_eligible"), ("bcbsma-2023", "eligible"), ("esi-2024", "not_eligible")]
)
def test_eight_drugs_of_which_seven_are_maintenance(plan: Plan, preset: str, expected: str) -> None:
    rules = from_preset(preset)
    day = date(rules.plan_year, 12, 31)
    assert answer(someone(plan, THREE[preset], 8, "6000.00", on=day, short=1), rules, day)[0] == expected


@pytest.mark.parametrize("preset", ["bcbsm-2023", "bcbsma-2023"])
def test_two_conditions_are_not_three_whatever_the_drugs_and_the_cost(plan: Plan, preset: str) -> None:
    member = someone(plan, THREE[preset][:2], 12, "20000.00")
    assert answer(member, from_preset(preset)) == NO


def test_asthma_and_copd_count_once_by_core_disease_and_twice_by_the_list(plan: Plan) -> None:
    rules, day = from_preset("bcbsma-2022"), date(2022, 12, 31)
    member = someone(plan, ("ASTHMA", "COPD", "DIABETES"), 8, "4696.01", on=day)
    assert answer(member, rules, day) == BY_PRINT
    assert answer(member, replace(rules, counting="core"), day) == NO
    conditions = decided(member, rules, day)["reasons"][0]
    assert (conditions["on_list"], conditions["core"]) == (3, 2)


def at_risk(plan: Plan, member: Member, day: date) -> None:
    AtRiskSpell.objects.create(plan=plan, member=member, period=(date(day.year, 1, 1), date(day.year + 1, 1, 1)))


@pytest.mark.parametrize(("preset", "path"), [("bcbsm-2023", "at_risk"), ("bcbsma-2023", "floor")])
def test_an_at_risk_beneficiary_and_nothing_else(plan: Plan, preset: str, path: str) -> None:
    member = make_member(plan, "V1")
    at_risk(plan, member, date(2023, 6, 1))
    assert answer(member, from_preset(preset)) == ("eligible", path, "02")


@pytest.mark.parametrize("preset", ["bcbsm-2023", "bcbsma-2023"])
def test_an_at_risk_beneficiary_who_meets_all_three(plan: Plan, preset: str) -> None:
    member = someone(plan, THREE[preset], 8, "6000.00")
    at_risk(plan, member, date(2023, 6, 1))
    assert answer(member, from_preset(preset)) == ("eligible", "both", "03")


@pytest.mark.parametrize("preset", ["bcbsm-2023", "bcbsma-2023"])
def test_the_at_risk_path_begins_in_2022(plan: Plan, preset: str) -> None:
    """Also where a plan printed it."""
    member, day = make_member(plan, "V1"), date(2021, 12, 31)
    at_risk(plan, member, day)
    rules = replace(from_preset(preset), plan_year=2021)
    assert answer(member, rules, day) == ("insufficient_data", "none", "")
    found = traces(plan=plan, rules=rules, as_of=day, members=[member.pk])[member.pk]
    assert (found.outcome, found.path) == ("insufficient_data", "none")


@pytest.mark.parametrize(("extended_to", "ends"), [("", date(2024, 4, 10)), ("2025-04-09", date(2025, 4, 10))])
def test_a_limitation_ends_a_year_after_it_took_effect_or_after_two(
    plan: Plan, tmp_path: Path, extended_to: str, ends: date
) -> None:
    spell = "member_number,status,limitation,effective_on,extended_to"
    files = {
        "members.csv": "member_number,as_of\nV1,2023-01-01",
        "at_risk.csv": f"{spell}\nV1,at_risk,pharmacy,2023-04-10,",
    }
    load_text(plan, "csv", tmp_path, files | {"at_risk.csv": files["at_risk.csv"] + extended_to})
    member = Member.objects.get(source_id="V1")
    days = [date(2023, 4, 9), date(2023, 4, 10), ends - timedelta(days=1), ends]
    outcomes = [answer(member, from_preset("bcbsma-2023"), day)[0] == "eligible" for day in days]
    assert outcomes == [False, True, True, False]


def test_conditions_that_are_not_on_a_closed_list_do_not_count(plan: Plan) -> None:
    day = date(2024, 12, 31)
    member = someone(plan, ("HTN", "ESRD", "CHF"), 10, "9000.00", on=day)
    assert answer(member, from_preset("esi-2024"), day) == NO


def test_the_amount_of_2025_is_enough_with_three_core_diseases(plan: Plan) -> None:
    day = date(2025, 12, 31)
    rules = replace(from_preset("bcbsm-2023"), plan_year=2025, cost_threshold=Decimal("1623.00"))
    assert answer(someone(plan, THREE["bcbsm-2023"], 8, "1623.00", on=day), rules, day) == BY_PRINT


def test_who_meets_only_wider_criteria_is_no_target_of_cms(plan: Plan) -> None:
    rules = replace(from_preset("bcbsm-2023"), cost_threshold=Decimal("1000.00"))
    assert answer(someone(plan, THREE["bcbsm-2023"], 8, "2000.00"), rules) == (
        "eligible",
        "conditions_drugs_cost",
        "04",
    )


def test_a_leap_day_is_a_day_like_any_other(plan: Plan) -> None:
    member, day = make_member(plan, "V1"), date(2024, 2, 29)
    for condition in THREE["bcbsma-2023"]:
        diagnose(member, CODES[condition], date(2023, 3, 1), day)
    for number, name in enumerate(EIGHT):
        fill(member, name, day, cost="5330.00" if number == 0 else "0.00")
    rules = replace(
        from_preset("bcbsma-2023"), plan_year=2024, cost_threshold=Decimal("5330.00"), cost_method="rolling"
    )
    assert answer(member, rules, day) == BY_FLOOR
    assert answer(member, rules, date(2024, 2, 28))[0] == "not_eligible"
    assert answer(member, rules, date(2025, 2, 27)) == BY_FLOOR
    later = decided(member, rules, date(2025, 2, 28))  # twelve months back is February 28, 365 days back is the 29th
    assert (later["drug_cost"], later["drug_count"]) == (Decimal("5330.00"), 0)


def test_a_member_who_turns_up_in_mid_year_is_projected_from_their_own_days(plan: Plan) -> None:
    """$600 in the 50 days since July 1 are $4,380 a year; by the calendar year to date they would be $953.48."""
    member, day = make_member(plan, "V1"), date(2023, 8, 19)
    for condition in THREE["bcbsma-2023"]:
        diagnose(member, CODES[condition], date(2023, 7, 2), date(2023, 7, 9))
    for number, name in enumerate(EIGHT):
        fill(member, name, date(2023, 7, 10), cost="600.00" if number == 0 else "0.00")
    rules = replace(from_preset("bcbsma-2023"), cost_method="annualised", cost_threshold=Decimal("4000.00"))
    assert decided(member, rules, day)["drug_cost"] == Decimal("948.05")
    CoverageSpan.objects.create(plan=plan, member=member, contract="H0001", period=(date(2023, 7, 1), None))
    assert decided(member, rules, day)["drug_cost"] == Decimal("4380.00")


def test_two_plans_of_one_person_decide_each_by_its_own_claims(plan: Plan, other_plan: Plan) -> None:
    here = someone(plan, THREE["bcbsma-2023"], 8, "6000.00")
    there = make_member(other_plan, "V1")
    rules = from_preset("bcbsma-2023")
    assert (answer(here, rules)[0], answer(there, rules)[0]) == ("eligible", "insufficient_data")
