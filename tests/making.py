"""Making rows for tests: criteria in force, determinations, enrollments, alerts, reviews."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Plan, User
from claims.drug_mapping import map_ndc
from claims.models import DrugProduct, Fill, Ingredient, PlanDrugMapping, ProductIngredient
from eligibility import criteria
from eligibility.cms import COST_THRESHOLD
from eligibility.models import Criteria, Determination, Enrollment
from eligibility.rules import presets
from eligibility.simulation import simulate
from members.models import Member
from reviews.models import Alert, SweepRun

DAY = date(2026, 11, 20)


def criteria_in_force(plan: Plan, by: User, *, year: int = 2026) -> Criteria:
    found = Criteria.objects.filter(plan=plan, plan_year=year, status="published").first()
    if found:
        return found
    return published(criteria_to_publish(plan, by, year), by, on=date(year, 1, 1))


def criteria_to_publish(plan: Plan, by: User, year: int = 2026) -> Criteria:
    """A draft of a preset that holds what CMS asks of the year: its cost at most, and its core diseases."""
    draft = criteria.draft_from_preset(plan=plan, preset="bcbsm-2023", plan_year=year, by=by)
    amount = min(draft.cost_threshold, COST_THRESHOLD[year].amount)
    Criteria.objects.filter(pk=draft.pk).update(beyond_list="core", cost_threshold=amount)
    return Criteria.objects.get(pk=draft.pk)


def preset_in_force(plan: Plan, preset: str, by: User) -> Criteria:
    """A preset as it was printed, in force in its own year; a list that says "such as" is taken for the whole list."""
    year = presets()[preset]["plan_year"]
    draft = criteria.draft_from_preset(plan=plan, preset=preset, plan_year=year, by=by)
    if draft.list_is_illustrative:
        Criteria.objects.filter(pk=draft.pk).update(beyond_list="nothing")
    return published(Criteria.objects.get(pk=draft.pk), by, on=date(year, 1, 1))


def published(draft: Criteria, by: User, *, on: date) -> Criteria:
    """Simulated and sent for review by somebody else, then published."""
    second, _ = User.objects.get_or_create(email="second@example.org", defaults={"full_name": "Second Person"})
    simulate(draft=draft, as_of=on, accepting=60, minutes=60, by=second)
    criteria.send_for_review(draft=draft, by=second)
    return criteria.publish(draft=draft, on=on, by=by)


def determined(member: Member, by: User, *, on: date = DAY) -> Determination:
    """Eligible by the three tests."""
    decision, _ = Determination.objects.get_or_create(
        plan=member.plan,
        member=member,
        criteria=criteria_in_force(member.plan, by),
        as_of=on,
        defaults={
            "outcome": "eligible",
            "path": "conditions_drugs_cost",
            "conditions": [],
            "drugs": [],
            "drug_count": 8,
            "drug_cost": "5000.00",
            "at_risk": False,
            "reasons": [],
        },
    )
    return decision


def enrolled(member: Member, by: User, *, on: date = DAY) -> Enrollment:
    return Enrollment.objects.create(
        plan=member.plan,
        member=member,
        determination=determined(member, by, on=on),
        plan_year=on.year,
        enrolled_on=on,
        cmr_offer_due_on=on,
        ends_on=date(on.year, 12, 31),
    )


def alert(member: Member, *, rule: str = "opioid-benzodiazepine", severity: int = 2, **fields: Any) -> Alert:
    run = SweepRun.objects.create(plan=member.plan, quarter="2026-Q4", as_of=DAY, rules={rule: 1})
    known = {
        "rule_version": 1,
        "quarter": "2026-Q4",
        "category": "safety",
        "headline": "An opioid and a benzodiazepine overlap on 12 days.",
        "why_now": "Seven days of overlap were reached.",
        "prescriber_text": "Review need for both.",
        "member_text": "Two of your medicines can make you very sleepy.",
        "evidence": {"fills": [], "covered": {}, "measured": []},
        "fact_hash": f"{member.pk}-{rule}",
        "due_on": DAY,
    }
    return Alert.objects.create(
        plan=member.plan, member=member, run=run, rule=rule, severity=severity, **known | fields
    )


def fill(member: Member, ingredient: str, on: date, *, days: int = 30, number: int = 1, **fields: Any) -> Fill:
    """A fill of a made-up product of one ingredient."""
    substance, _ = Ingredient.objects.get_or_create(name=ingredient)
    product, _ = DrugProduct.objects.get_or_create(
        ndc=f"88888{substance.pk:06}", defaults={"label": f"{ingredient} tablet", "source": "test"}
    )
    ProductIngredient.objects.get_or_create(product=product, ingredient=substance)
    known = {"quantity": "30", "days_supply": days, "cost": "10.00", "prescriber": "1999999001", "pharmacy": "PH1"}
    claim = f"{member.source_id}-{ingredient}-{on}-{number}"
    return Fill.objects.create(
        plan=member.plan, member=member, claim_id=claim, filled_on=on, ndc=product.ndc, **known | fields
    )


def unknown_fill(member: Member, on: date, *, ndc: str = "12345678901", number: int = 1, **fields: Any) -> Fill:
    """A fill of a code that no directory names."""
    known = {"quantity": "30", "days_supply": 30, "cost": "5.00"}
    claim = f"{member.source_id}-{ndc}-{number}"
    return Fill.objects.create(plan=member.plan, member=member, claim_id=claim, filled_on=on, ndc=ndc, **known | fields)


def mapped(plan: Plan, ndc: str, by: User, *ingredients: str) -> PlanDrugMapping:
    """A code that the plan has mapped by hand, to metformin if nothing else is said."""
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    names = ingredients or ("metformin",)
    return map_ndc(plan=plan, ndc=ndc, ingredients=names, reason="package label", at=at, by=by)
