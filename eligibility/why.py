"""A trace as a tree in plain words: what was asked, whether it is met, how near it was, and the claims behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from eligibility.history import Days, Diagnosed, Filled
from eligibility.models import Criteria, Determination
from eligibility.reasons import METHODS, MISSING, SUMMARIES, dollars, plural
from eligibility.rules import Rules
from eligibility.trace import Condition, Trace
from eligibility.trace_drugs import Drug, Reference
from eligibility.words import say

C = TypeVar("C", Diagnosed, Filled)
NOT_COUNTED = {
    "supply": "fewer days of supply than are needed",
    "ended": "its supply has ended",
    "scope": "not one of the drugs that count",
}

UNKNOWN = {"drugs": "no directory knows whether it counts", "supply": "days of supply were not told, so it may count"}


@dataclass(frozen=True)
class Claim:
    """A claim a leaf rests on. `code`: the diagnosis code or the NDC; `what`: its name; cost only of fills."""

    number: str
    day: date
    code: str
    what: str = ""
    cost: Decimal | None = None


@dataclass
class Node:
    """`met` is None where nobody knows."""

    text: str
    met: bool | None
    children: list["Node"] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def tree(found: Trace, rules: Rules, reference: Reference) -> Node:
    """The whole decision; its root says the outcome."""
    eligible = found.outcome == Determination.Outcome.ELIGIBLE
    unknown = found.outcome == Determination.Outcome.INSUFFICIENT_DATA
    ways = [by_criteria(found, rules, reference), at_risk(found, rules)]
    return Node(outcome_in_words(found), None if unknown else eligible, ways)


def outcome_in_words(found: Trace) -> str:
    if found.outcome == Determination.Outcome.ELIGIBLE:
        return SUMMARIES[Determination.Path(found.path)]
    if found.outcome == Determination.Outcome.INSUFFICIENT_DATA:
        return f"Not enough data: {' and '.join(MISSING[what] for what in found.missing)}."
    return "Not eligible."


def misses(found: Trace, rules: Rules) -> list[str]:
    """What was lacking, the smallest gap in words; nothing for the eligible."""
    if found.outcome == Determination.Outcome.ELIGIBLE:
        return []
    lacking = []
    if not found.met["conditions"]:
        lacking.append(f"{found.condition_count} of {rules.minimum_conditions} conditions")
    if not found.met["drugs"]:
        lacking.append(f"{found.drug_count} of {rules.minimum_drugs} drugs")
    if not found.met["cost"]:
        lacking.append(cost_in_words(found, rules))
    return lacking


def cost_in_words(found: Trace, rules: Rules) -> str:
    relation = "at least" if rules.cost_operator == "ge" else "more than"
    negated = "" if found.met["cost"] else "not "
    return f"{dollars(found.shown(rules))} is {negated}{relation} {dollars(rules.cost_threshold)}"


def by_criteria(found: Trace, rules: Rules, reference: Reference) -> Node:
    """Conditions, drugs and cost: all three are needed."""
    tests = [conditions(found, rules), drugs(found, rules, reference), cost(found, rules, reference)]
    answers = {test.met for test in tests}
    met = False if False in answers else None if None in answers else True
    return Node("Conditions, drugs and cost, all three", met, tests)


def conditions(found: Trace, rules: Rules) -> Node:
    by = " of CMS core diseases" if rules.counting == "core" else ""
    text = f"{plural(found.condition_count, 'condition')}{by}; {rules.minimum_conditions} are needed"
    listed = [one for one in found.conditions if one.source]
    near = [one for one in found.conditions if not one.source and one.diagnoses]
    met = found.met["conditions"] or (None if found.conditions_could_be else False)
    return Node(text, met, [condition(one, found) for one in listed + near])


def condition(one: Condition, found: Trace) -> Node:
    if one.source == "enrollment file":
        return Node(f"{one.label}: by the enrollment file, end-stage renal disease {in_days(found.renal)}", True)
    if one.source == "drugs":
        return Node(f"{one.label}: by drugs given for nothing else", True, claims=[dispensed(f) for f in one.fills])
    days = len({diagnosis.day for diagnosis in one.diagnoses})
    inpatient = any(diagnosis.inpatient for diagnosis in one.diagnoses)
    seen = "an inpatient claim" if inpatient else f"claims on {plural(days, 'day')}; {one.visits} are needed"
    return Node(f"{one.label}: {seen}", bool(one.source), claims=[diagnosed(d) for d in by_day(one.diagnoses)])


def drugs(found: Trace, rules: Rules, reference: Reference) -> Node:
    kind = say(f"drugs_{rules.drugs}")
    text = f"{plural(found.drug_count, 'drug')} of: {kind}; {rules.minimum_drugs} are needed"
    possible = sum(one.counts is not False for one in found.drugs) >= rules.minimum_drugs
    met = found.met["drugs"] or (None if possible else False)
    in_order = sorted(found.drugs, key=lambda one: (one.counts is False, one.counts is None, one.name))
    return Node(text, met, [drug(one, reference) for one in in_order])


def drug(one: Drug, reference: Reference) -> Node:
    seen = f"{one.name}: {plural(len(one.fills), 'fill')}, {one.supply} days of supply"
    if one.counts is None:
        seen += f"; {' and '.join(UNKNOWN[what] for what in one.unknown)}"
    elif not one.counts:
        seen += f"; {NOT_COUNTED[one.why]}"
    return Node(seen, one.counts, claims=[dispensed(fill, reference) for fill in by_day(one.fills)])


def cost(found: Trace, rules: Rules, reference: Reference) -> Node:
    claims = {name: [dispensed(fill, reference) for fill in by_day(fills)] for name, fills in found.fills.items()}
    parts = [
        Node(f"Year to date: {dollars(found.to_date)}", None, claims=claims["to_date"]),
        Node(f"Last twelve months: {dollars(found.rolling)}", None, claims=claims["rolling"]),
        Node(f"Last three months: {dollars(found.quarter)}", None, claims=claims["quarter"]),
    ]
    text = f"{cost_in_words(found, rules)} ({METHODS[rules.cost_method]})"
    if rules.cms_threshold is not None and rules.cms_floor and found.met["cms_cost"] != found.met["cost"]:
        reached = "reaches" if found.met["cms_cost"] else "does not reach"
        text += f"; it {reached} the {dollars(rules.cms_threshold)} of CMS, where the amount itself is enough"
    reached = found.met["cost"] or (rules.cms_floor and found.met["cms_cost"])
    met = True if reached else False if reference.has_fills else None
    return Node(text, met, parts, claims[behind(found, rules)])


def behind(found: Trace, rules: Rules) -> str:
    """Which of the three times the cost is made up of."""
    if rules.cost_method == Criteria.CostMethod.LIKELY:
        return "quarter" if 4 * found.quarter > found.to_date else "to_date"
    return {"rolling": "rolling", "quarter": "quarter"}.get(rules.cost_method, "to_date")


def at_risk(found: Trace, rules: Rules) -> Node:
    targeted = rules.prints_at_risk or (rules.cms_floor and rules.cms_at_risk)
    if not found.at_risk:
        return Node("Not an at-risk beneficiary on this day", False)
    if targeted:
        by = "" if rules.prints_at_risk else ", by the CMS rule (42 CFR 423.153(d)(2)(ii))"
        return Node(f"An at-risk beneficiary on this day ({in_days(found.spells)}); that alone is enough{by}", True)
    return Node(f"An at-risk beneficiary ({in_days(found.spells)}), whom these criteria do not target", False)


def in_days(periods: Iterable[Days]) -> str:
    """Periods of the enrollment file as it told them, such as 2026-01-01 to 2026-11-30."""
    return ", ".join(f"{days.first or 'always'} to {days.last or 'open'}" for days in periods)


def by_day(claims: Iterable[C]) -> list[C]:
    return sorted(claims, key=lambda claim: (claim.day, claim.claim), reverse=True)


def diagnosed(diagnosis: Diagnosed) -> Claim:
    system = "ICD-9-CM" if diagnosis.system == "9" else "ICD-10-CM"
    return Claim(diagnosis.claim, diagnosis.day, diagnosis.code, f"{system}{', inpatient' * diagnosis.inpatient}")


def dispensed(fill: Filled, reference: Reference | None = None) -> Claim:
    label = reference.drugs[fill.ndc].label if reference else ""
    return Claim(fill.claim, fill.day, fill.ndc, label or "", fill.cost)
