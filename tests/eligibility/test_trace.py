"""The statement and the trace say the same, with values drawn from the edges of every window and threshold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Plan
from claims.models import Diagnosis, DrugProduct, Fill, Ingredient, PlanDrugFlag, ProductIngredient
from eligibility.cms import COST_THRESHOLD
from eligibility.determination import months_before, parameters
from eligibility.explain import traces
from eligibility.rules import Listed, Rules, from_preset
from eligibility.trace import Trace
from members.models import AtRiskSpell, CoverageSpan, Member, MemberSpan
from mtm.bench import determine
from mtm.lib import sql

DAYS = [date(2023, 12, 31), date(2024, 2, 29), date(2024, 5, 31), date(2025, 1, 10)]
# Two of one ingredient, a combination, situational and short-term ones, two packages of a product nobody knows.
NDCS = {
    "99900000101": ["metformin"],
    "99900000201": ["metformin"],
    "99900000301": ["lisinopril", "hydrochlorothiazide"],
    "99900000401": ["donepezil"],
    "99900000501": ["amoxicillin"],
    "99900000601": ["meloxicam"],
    "99900000701": ["tiotropium"],
    "99900000801": [],
    "99900000802": [],
}
CODES = [
    "E119",
    "I10",
    "N186",
    "J449",
    "J45909",
    "J479",
    "M810",
    "M179",
    "Z992",
    "B20",
    "L700",
]  # the last is of no condition
CONDITIONS = {
    "Diabetes": Listed(("DIABETES",), 2, "Diabetes"),
    "Asthma": Listed(("ASTHMA",), 2, "Respiratory disease"),
    "COPD": Listed(("COPD",), 3, "Respiratory disease"),
    "Alzheimer's disease": Listed(("ALZ",), 2, "Alzheimer"),
    "Kidney failure": Listed(("ESRD",), 1, "ESRD"),
    "Bones": Listed(("OSTEOPOROSIS", "OSTEOARTHRITIS"), 2, "Bone disease-arthritis"),
    "Lungs, other": Listed(("CHRONIC_LUNG", "ASTHMA"), 2, "Respiratory disease", "COPD"),
}


YEARS = [2021, 2022, 2024, 2031]


def amounts(year: int) -> list[Decimal]:
    """A cent less than the CMS amount of the year, the amount, and a cent more; nothing where none is known."""
    cited = COST_THRESHOLD.get(year)
    return [cited.amount + Decimal(step) for step in ("-0.01", "0.00", "0.01")] if cited else []


def edges(day: date) -> list[date]:
    """The days around which some window of some rule begins or ends."""
    starts = [day, months_before(day, 3), months_before(day, 12), date(day.year, 1, 1)]
    starts += [day - timedelta(days=back) for back in (30, 60, 120, 180, 365, 730)]
    return sorted({start + timedelta(days=step) for start in starts for step in (-1, 0, 1)})


@st.composite
def rules(draw: Any) -> Rules:
    year = draw(st.sampled_from(YEARS))
    return Rules(
        name="drawn",
        plan_year=year,
        conditions=CONDITIONS,
        cost_threshold=draw(st.sampled_from([Decimal("100.00"), Decimal("400.00"), *amounts(year)])),
        minimum_conditions=draw(st.integers(1, 3)),
        counting=draw(st.sampled_from(["listed", "core"])),
        condition_days=draw(st.sampled_from([365, 730])),
        drug_proxies=draw(st.booleans()),
        minimum_drugs=draw(st.integers(1, 4)),
        drugs=draw(st.sampled_from(["any", "maintenance", "chronic", "listed"])),
        drug_list=("metformin", "amoxicillin"),
        identity=draw(st.sampled_from(["ingredient", "product", "ndc"])),
        drug_days=draw(st.sampled_from([120, 365])),
        drug_supply=draw(st.sampled_from([0, 30, 60])),
        drug_active_days=draw(st.sampled_from([0, 30])),
        cost_operator=draw(st.sampled_from(["ge", "gt"])),
        cost_method=draw(st.sampled_from(["likely", "to_date", "rolling", "annualised", "quarter"])),
        at_risk_path=draw(st.booleans()),
        cms_floor=draw(st.booleans()),
        unknown_drugs_count=draw(st.booleans()),
    )


def people(day: date) -> st.SearchStrategy[list[dict[str, Any]]]:
    days = st.sampled_from(edges(day))
    costs = st.sampled_from(
        [Decimal(c) for c in ("0.00", "24.99", "25.00", "25.01", "99.99", "100.00", "100.01", "300")]
        + [amount for year in YEARS for amount in amounts(year)]
    )
    supplies = st.sampled_from([None, 1, 29, 30, 31, 59, 60, 61, 90])
    fill = st.tuples(days, st.sampled_from(list(NDCS)), costs, supplies, st.sampled_from("CCCE"))
    diagnosis = st.tuples(days, st.sampled_from(CODES), st.booleans())
    period = st.none() | st.tuples(days, st.none() | st.integers(0, 400))
    person = st.fixed_dictionaries(
        {
            "fills": st.lists(fill, max_size=9),
            "diagnoses": st.lists(diagnosis, max_size=9),
            "renal": period,
            "at_risk": period,
            "covered": period,
            "dies": st.none() | days,
        }
    )
    return st.lists(person, min_size=1, max_size=5)


@pytest.fixture
def known_drugs(plan: Plan) -> Plan:
    for ndc, names in NDCS.items():
        known = DrugProduct.objects.create(ndc=ndc, label=ndc) if names else None
        for name in names:
            ProductIngredient.objects.create(product=known, ingredient=Ingredient.objects.get(name=name))
    PlanDrugFlag.objects.create(plan=plan, ndc="99900000201", maintenance="N", source="x", set_on=DAYS[0])
    PlanDrugFlag.objects.create(plan=plan, ndc="99900000601", maintenance="S", source="x", set_on=DAYS[0])
    PlanDrugFlag.objects.create(plan=plan, ndc="99900000802", maintenance="Y", source="x", set_on=DAYS[0])
    return plan


def write(plan: Plan, persons: list[dict[str, Any]]) -> list[Member]:
    members = Member.objects.bulk_create(
        Member(plan=plan, source_id=f"T{n}", birth_date=date(1950, 1, 1), death_date=person["dies"])
        for n, person in enumerate(persons)
    )
    for member, person in zip(members, persons, strict=True):
        of = {"plan": plan, "member": member}
        Fill.objects.bulk_create(
            Fill(**of, claim_id=f"F{n}", filled_on=d, ndc=ndc, cost=cost, days_supply=supply, coverage=coverage)
            for n, (d, ndc, cost, supply, coverage) in enumerate(person["fills"])
        )
        Diagnosis.objects.bulk_create(
            Diagnosis(**of, claim_id=f"D{n}", diagnosed_on=d, system="10", code=code, inpatient=inpatient)
            for n, (d, code, inpatient) in enumerate(person["diagnoses"])
        )
        write_periods(of, person)
    return members


def write_periods(of: dict[str, Any], person: dict[str, Any]) -> None:
    for model, name, more in (
        (MemberSpan, "renal", {"kind": "esrd"}),
        (AtRiskSpell, "at_risk", {}),
        (CoverageSpan, "covered", {"contract": "H0001"}),
    ):
        if person[name]:
            first, length = person[name]
            last = first + timedelta(days=length + 1) if length is not None else None
            model.objects.create(**of, **more, period=(first, last))


def said(found: Trace, decided_by: Rules) -> dict[str, Any]:
    """What a row of the statement says, of a trace."""
    return {
        "outcome": found.outcome,
        "path": found.path,
        "cms_reason": found.cms_reason,
        "missing": found.missing,
        "conditions": sorted((one.label, one.source) for one in found.conditions if one.source),
        "drugs": [drug.name for drug in found.drugs if drug.counts],
        "drug_count": found.drug_count,
        "drug_cost": found.shown(decided_by),
        "at_risk": found.at_risk,
        "amounts": [found.to_date, found.rolling, found.quarter],
        "met": [found.met[name] for name in ("conditions", "drugs", "cost", "cms_cost")],
        "found": found.condition_count,
    }


def row_says(row: dict[str, Any]) -> dict[str, Any]:
    conditions, drugs, cost, _ = row["reasons"]
    plain = ("outcome", "path", "cms_reason", "missing", "drugs", "drug_count", "drug_cost", "at_risk")
    return {name: row[name] for name in plain} | {
        "conditions": sorted((one["label"], one["source"]) for one in row["conditions"]),
        "amounts": [Decimal(cost[name]) for name in ("to_date", "rolling", "quarter")],
        "met": [conditions["met"], drugs["met"], cost["met"], cost["cms_met"]],
        "found": conditions["found"],
    }


def both(plan: Plan, decided_by: Rules, day: date, members: Sequence[int]) -> tuple[dict, dict]:
    span = (min(members), max(members))
    rows = sql.rows("eligibility", "decide", **parameters(plan, decided_by, day, span))
    found = traces(plan=plan, rules=decided_by, as_of=day, members=members)
    return {row["member_id"]: row_says(row) for row in rows}, {pk: said(one, decided_by) for pk, one in found.items()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_statement_and_the_trace_agree_on_everything(known_drugs: Plan, data: Any) -> None:
    day, decided_by = data.draw(st.sampled_from(DAYS)), data.draw(rules())
    persons = data.draw(people(day))
    with transaction.atomic():
        members = write(known_drugs, persons)
        by_statement, by_trace = both(known_drugs, decided_by, day, [member.pk for member in members])
        transaction.set_rollback(True)
    assert by_statement == by_trace


@pytest.mark.parametrize("year", [2021, 2024])
def test_they_agree_around_the_amount_of_cms_with_and_without_the_floor(known_drugs: Plan, year: int) -> None:
    """Members a cent below the amount, at it and a cent above; the printed amount likewise, and well above."""
    day, at = date(year, 12, 31), amounts(year)
    start = date(year, 2, 1)
    persons = [
        {"dies": None, "renal": None, "at_risk": None, "covered": None, "diagnoses": [(start, "E119", True)]}
        | {"fills": [(start, "99900000101", cost, 30, "C"), (start, "99900000401", Decimal(0), 30, "C")]}
        for cost in at
    ]
    members = [member.pk for member in write(known_drugs, persons)]
    usual = Rules("drawn", year, CONDITIONS, at[1], minimum_conditions=1, minimum_drugs=2, cost_method="to_date")
    outcomes = set()
    for printed, operator, floor in product([*at, at[1] + 100], ["ge", "gt"], [True, False]):
        decided_by = replace(usual, cost_threshold=printed, cost_operator=operator, cms_floor=floor)
        by_statement, by_trace = both(known_drugs, decided_by, day, members)
        assert by_statement == by_trace
        paths = [by_trace[pk]["path"] for pk in members]
        assert paths == [expected(cost, printed, operator, floor=floor, cms=at[1]) for cost in at]
        outcomes |= set(paths)
    assert outcomes == {"none", "floor", "conditions_drugs_cost"}


def expected(cost: Decimal, printed: Decimal, operator: str, *, floor: bool, cms: Decimal) -> str:
    if cost > printed or (operator == "ge" and cost == printed):
        return "conditions_drugs_cost"
    return "floor" if floor and cost >= cms else "none"


def test_they_agree_on_each_of_20_000_synthetic_members(db: None) -> None:
    """Half of them by a preset of any drug at any time, half by one of maintenance drugs each month."""
    plan = determine.scratch_plan(20_000)
    members = list(Member.objects.of_plan(plan).order_by("pk").values_list("pk", flat=True))
    decided_members: set[int] = set()
    for preset, some in (("bcbsma-2023", members[:10_000]), ("bcbsm-2023", members[10_000:])):
        by_statement, by_trace = both(plan, from_preset(preset), determine.AS_OF, some)
        assert by_statement == by_trace
        assert {one["outcome"] for one in by_trace.values()} >= {"eligible", "not_eligible"}
        decided_members |= by_trace.keys()
    assert len(decided_members) == 20_000
