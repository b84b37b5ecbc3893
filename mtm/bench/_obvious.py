"""Eligibility the slow, obvious way: rows into Python, one member at a time. It checks the statement that is fast."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Plan
from claims.models import ConditionCode, Diagnosis, Fill, PlanDrugFlag, PlanDrugMapping, ProductIngredient
from eligibility.rules import Rules
from members.models import AtRiskSpell, Member, MemberSpan


def decide_slowly(plan: Plan, rules: Rules, as_of: date, members: Sequence[int]) -> dict[int, str]:
    """Outcome of each of the members. `as_of` must not be 29 February."""
    fills = fills_by_member(members, as_of.replace(year=as_of.year - 1), as_of)
    diagnoses = diagnoses_by_member(members, as_of.replace(year=as_of.year - 2), as_of)
    prefixes = {label: prefixes_of(codes) for label, codes in rules.conditions.items()}
    spells = AtRiskSpell.objects.filter(plan=plan, status=AtRiskSpell.Status.AT_RISK, period__contains=as_of)
    at_risk = set(spells.values_list("member", flat=True))
    two_years = DateRange(as_of.replace(year=as_of.year - 2), as_of, "(]")
    spans = MemberSpan.objects.filter(plan=plan, kind=MemberSpan.Kind.ESRD, period__overlap=two_years)
    esrd = set(spans.values_list("member", flat=True))
    codes = {ndc for found in fills.values() for ndc, _, _ in found}
    drugs_by_ndc = drugs_of(plan, codes)
    decided = {}
    for member in Member.objects.of_plan(plan).filter(pk__in=members):
        if member.death_date and member.death_date <= as_of:
            continue
        own, ill = fills[member.pk], diagnoses[member.pk]
        conditions = sum(
            has_condition(ill, wanted) or (member.pk in esrd and "ESRD" in rules.conditions[label])
            for label, wanted in prefixes.items()
        )
        enough = conditions >= rules.minimum_conditions and drugs(own, drugs_by_ndc, rules) >= rules.minimum_drugs
        enough = enough and costs_enough(own, rules)
        if enough or (member.pk in at_risk and rules.targets_at_risk):
            decided[member.pk] = "eligible"
        else:
            decided[member.pk] = "not_eligible" if own or ill else "insufficient_data"
    return decided


def fills_by_member(members: Sequence[int], after: date, until: date) -> dict[int, list[tuple[str, Decimal, int]]]:
    found: dict[int, list[tuple[str, Decimal, int]]] = defaultdict(list)
    rows = Fill.objects.filter(member__in=members, coverage="C", filled_on__gt=after, filled_on__lte=until)
    for member, ndc, cost, days in rows.values_list("member_id", "ndc", "cost", "days_supply"):
        found[member].append((ndc, cost, days))
    return found


def diagnoses_by_member(
    members: Sequence[int], after: date, until: date
) -> dict[int, list[tuple[str, str, date, bool]]]:
    found: dict[int, list[tuple[str, str, date, bool]]] = defaultdict(list)
    rows = Diagnosis.objects.filter(member__in=members, diagnosed_on__gt=after, diagnosed_on__lte=until)
    for member, *diagnosis in rows.values_list("member_id", "system", "code", "diagnosed_on", "inpatient"):
        found[member].append(tuple(diagnosis))
    return found


def prefixes_of(conditions: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(ConditionCode.objects.filter(condition__code__in=conditions).values_list("system", "prefix"))


def has_condition(diagnoses: list[tuple[str, str, date, bool]], prefixes: list[tuple[str, str]]) -> bool:
    """One inpatient claim, or two others on different days."""
    meant = [
        (day, inpatient)
        for system, code, day, inpatient in diagnoses
        if any(system == wanted and code.startswith(prefix) for wanted, prefix in prefixes)
    ]
    return any(inpatient for _, inpatient in meant) or len({day for day, _ in meant}) >= 2


def drugs_of(plan: Plan, codes: set[str]) -> dict[str, tuple[str, str]]:
    """By NDC: what identifies its drug, and how it counts as maintenance. Nobody knows: its first nine digits, and ''."""
    held, mapped = held_by_product(), mapped_by_hand(plan)
    by_nine: dict[str, list[set[tuple[str, str]]]] = defaultdict(list)
    for ndc, parts in held.items():
        by_nine[ndc[:9]].append(parts)
    flags = dict(PlanDrugFlag.objects.filter(plan=plan).values_list("ndc", "maintenance"))
    found = {}
    for ndc in codes:
        siblings = by_nine[ndc[:9]]
        agreed = siblings[0] if siblings and all(one == siblings[0] for one in siblings) else None
        parts = held.get(ndc) or agreed or mapped.get(ndc) or {(f"NDC {ndc[:9]}", "")}
        found[ndc] = " / ".join(sorted(name for name, _ in parts)), flags.get(ndc) or strictest(m for _, m in parts)
    return found


def held_by_product() -> dict[str, set[tuple[str, str]]]:
    held: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows = ProductIngredient.objects.values_list("product__ndc", "ingredient__name", "ingredient__maintenance")
    for ndc, *part in rows:
        held[ndc].add(tuple(part))
    return held


def mapped_by_hand(plan: Plan) -> dict[str, set[tuple[str, str]]]:
    mapped: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows = PlanDrugMapping.objects.filter(plan=plan, withdrawn_at=None)
    for ndc, *part in rows.values_list("ndc", "ingredients__name", "ingredients__maintenance"):
        mapped[ndc].add(tuple(part))
    return mapped


def strictest(kinds: Iterable[str]) -> str:
    """A combination counts as its part that counts most."""
    found = set(kinds)
    return next(kind for kind in ("Y", "S", "N", "") if kind in found)


def drugs(fills: list[tuple[str, Decimal, int]], by_ndc: dict[str, tuple[str, str]], rules: Rules) -> int:
    days: dict[str, int] = defaultdict(int)
    kinds: dict[str, set[str]] = defaultdict(set)
    for ndc, _, supply in fills:
        name, kind = by_ndc[ndc]
        days[name] += supply
        kinds[name].add(kind)
    return sum(counts(rules.drugs, kinds[name], days[name]) for name in days)


def counts(which: str, kinds: set[str], days: int) -> bool:
    return which == "any" or "Y" in kinds or "" in kinds or ("S" in kinds and days >= 60)


def costs_enough(fills: list[tuple[str, Decimal, int]], rules: Rules) -> bool:
    cost = sum((cost for _, cost, _ in fills), Decimal(0))
    return cost >= rules.cost_threshold if rules.cost_operator == "ge" else cost > rules.cost_threshold
