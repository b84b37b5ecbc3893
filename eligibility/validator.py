"""What stands in the way of publishing criteria, and what to beware of, by the rules of their plan year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from claims.models import Condition, ConditionCode
from eligibility.cms import AT_RISK_FROM, CORE_DISEASES_BEFORE, CORE_DISEASES_FROM, COST_THRESHOLD, LATE_CORE_DISEASES
from eligibility.models import Criteria, Program
from eligibility.reasons import dollars

# The action plan of the first form of CMS; since 2022 it is the Recommended To-Do List.
OLD_NAME, NEW_NAMES_FROM = "Medication Action Plan", 2022
Rows = Iterable[tuple[str, Iterable[str], int]]


@dataclass(frozen=True)
class Verdict:
    """`errors` block publishing; `warnings` are shown and kept."""

    errors: list[str]
    warnings: list[str]


def verdict(values: Mapping[str, Any], plan_year: int, listed: Rows, known: Iterable[Condition]) -> Verdict:
    """Of settings by name and (label, codes, visits) rows, saved or being edited."""
    rows = [(label, list(codes)) for label, codes, _ in listed]
    groups = {condition.code: condition.core_group for condition in known}
    return Verdict(
        [
            *list_errors(values, rows),
            *overlap_errors(values, rows, groups),
            *core_errors(values, plan_year, rows, groups),
            *cms_errors(values, plan_year),
        ],
        [*warnings(values, plan_year), *counting_warnings(values, plan_year)],
    )


def of_draft(draft: Criteria) -> Verdict:
    values = {name: getattr(draft, name) for name in Criteria.SETTINGS}
    listed = [
        (item.label, [condition.code for condition in item.coded_as.all()], item.visits)
        for item in draft.conditions.prefetch_related("coded_as")
    ]
    found = verdict(values, draft.plan_year, listed, Condition.objects.all())
    program = Program.objects.filter(criteria=draft).first()
    return Verdict(found.errors, found.warnings + (of_documents(program, draft.plan_year) if program else []))


def of_documents(program: Program, plan_year: int) -> list[str]:
    """What to beware of in the documents of a plan year."""
    found = []
    if plan_year >= NEW_NAMES_FROM and OLD_NAME in program.action_plan_label:
        found.append(f"Since {NEW_NAMES_FROM} CMS calls the {OLD_NAME} the Recommended To-Do List.")
    if not program.template_verified:
        found.append("Nobody has compared the wording of the letters with the form of CMS (CMS-10396).")
    return found


def list_errors(values: Mapping[str, Any], rows: list[tuple[str, list[str]]]) -> list[str]:
    found = []
    if len(rows) < values["minimum_conditions"]:
        found.append(f"List at least {values['minimum_conditions']} conditions; there are {len(rows)}.")
    if empty := [label for label, codes in rows if not codes]:
        found.append(f"Every listed condition needs at least one coded condition behind it: {', '.join(empty)}.")
    if values["list_is_illustrative"] and not values["beyond_list"]:
        found.append("The list says “such as”: decide what counts beside it.")
    if values["drugs"] == Criteria.Drugs.LISTED and not values["drug_list"]:
        found.append("Name the drugs on the plan's list.")
    return found


def overlap_errors(
    values: Mapping[str, Any], rows: list[tuple[str, list[str]]], groups: Mapping[str, str]
) -> list[str]:
    """Rows that share codes make two conditions of one disease, unless they are counted by the core disease of both."""
    prefixes: dict[str, set[tuple[str, str]]] = {}
    for code, *prefix in ConditionCode.objects.values_list("condition__code", "system", "prefix"):
        prefixes.setdefault(code, set()).add((prefix[0], prefix[1]))
    cores = {label: next((groups[code] for code in codes if groups.get(code)), "") for label, codes in rows}
    by_core = values["counting"] == Criteria.Counting.CORE
    return [
        f"One disease would count twice: {one} and {other} share codes."
        for (one, codes), (other, others) in combinations(rows, 2)
        if any(within(prefixes, a, b) or within(prefixes, b, a) for a in codes for b in others)
        and not (by_core and cores[one] and cores[one] == cores[other])
    ]


def within(prefixes: Mapping[str, set[tuple[str, str]]], part: str, whole: str) -> bool:
    """Whether every code of one condition is one of the other."""
    return part == whole or all(
        any(system == other and prefix.startswith(start) for other, start in prefixes.get(whole, ()))
        for system, prefix in prefixes.get(part, {("", "")})
    )


def core_errors(
    values: Mapping[str, Any], plan_year: int, rows: list[tuple[str, list[str]]], groups: Mapping[str, str]
) -> list[str]:
    """All core diseases from 2025 on (42 CFR 423.153(d)(2)(iii)); before that five of nine (not verified)."""
    every = set(groups.values()) - {""}
    if plan_year < CORE_DISEASES_FROM:
        every -= LATE_CORE_DISEASES
    named = {groups.get(code, "") for _, codes in rows for code in codes} & every
    if values["beyond_list"] == Criteria.BeyondList.CORE:
        named = every
    missing = ", ".join(sorted(every - named))
    if plan_year >= CORE_DISEASES_FROM and missing:
        return [f"Core chronic diseases not on the list (42 CFR 423.153(d)(2)(iii)): {missing}."]
    if plan_year < CORE_DISEASES_FROM and len(named) < CORE_DISEASES_BEFORE:
        return [f"At least {CORE_DISEASES_BEFORE} core chronic diseases belong on the list; there are {len(named)}."]
    return []


def cms_errors(values: Mapping[str, Any], plan_year: int) -> list[str]:
    found = []
    cms = COST_THRESHOLD.get(plan_year)
    if cms and Decimal(values["cost_threshold"]) > cms.amount:
        found.append(f"The cost is above the CMS figure of {dollars(cms.amount)} for {plan_year}.")
    if plan_year >= CORE_DISEASES_FROM and values["drugs"] == Criteria.Drugs.LISTED:
        found.append(f"From {CORE_DISEASES_FROM} on all Part D maintenance drugs count; a list of drugs is too narrow.")
    return found


def warnings(values: Mapping[str, Any], plan_year: int) -> list[str]:
    found = []
    if values["cost_operator"] == Criteria.Operator.MORE_THAN:
        found.append(
            "“More than” leaves out members exactly at the amount; the rule says "
            "“greater than or equal to” (42 CFR 423.153(d)(2)(i)(C))."
        )
    if not values["at_risk_path"] and plan_year >= AT_RISK_FROM:
        how = "come in by the CMS rule only" if values["cms_floor"] else "are left out"
        found.append(f"At-risk beneficiaries, whom the rule targets (42 CFR 423.153(d)(2)(ii)), {how}.")
    if not values["cms_floor"]:
        found.append(
            "Without the CMS rule as a floor, members whom CMS requires you to target can be left out: those exactly at "
            "the amount, those between two amounts, at-risk beneficiaries. An audit counts each."
        )
    if values["list_is_illustrative"]:
        found.append("The list says “such as”; members cannot tell from it whether their condition counts.")
    if values["cost_method"] in {Criteria.CostMethod.TO_DATE, Criteria.CostMethod.ROLLING}:
        found.append("Only cost of the past counts; the rule speaks of cost a member is likely to incur.")
    if plan_year not in COST_THRESHOLD:
        found.append(f"No CMS figure is known for {plan_year}; nothing was compared with it.")
    return found


def counting_warnings(values: Mapping[str, Any], plan_year: int) -> list[str]:
    if plan_year < CORE_DISEASES_FROM or values["counting"] == Criteria.Counting.CORE:
        return []
    return [
        f"From {CORE_DISEASES_FROM} on the rule speaks of core diseases (42 CFR 423.153(d)(2)(iii)); counted by the list, "
        "two entries of one of them, such as asthma and COPD, are two."
    ]
