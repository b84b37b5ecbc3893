"""Decisions and criteria in plain words: why a member is or is not eligible, and what a rule says and lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from eligibility.cms import AT_RISK_FROM, COST_THRESHOLD
from eligibility.models import Criteria, Determination
from eligibility.words import ENGLISH, say, spanish_conditions

TITLES = {"conditions": "Conditions", "drugs": "Drugs", "cost": "Yearly drug cost", "at_risk": "At-risk beneficiary"}
SUMMARIES = {
    Determination.Path.CONDITIONS_DRUGS_COST: "Eligible: conditions, drugs and cost are all met.",
    Determination.Path.AT_RISK: "Eligible as an at-risk beneficiary, whatever the other tests say.",
    Determination.Path.BOTH: "Eligible twice over: by conditions, drugs and cost, and as an at-risk beneficiary.",
    Determination.Path.FLOOR: "Eligible by the CMS rule, though not by the printed words.",
}
MISSING = {
    "claims": "no claims of this member fall into the time that is looked at",
    "diagnoses": "no diagnoses of that time are loaded for this plan, and they could make the member eligible",
    "fills": "no fills of that time are loaded for this plan",
    "drugs": "drugs that no directory knows could make the member eligible",
    "supply": "fills came without their days of supply, which could make the member eligible",
}
METHODS = {
    "likely": "the larger of the year to date and four times the last three months",
    "to_date": "the year to date",
    "rolling": "the last twelve months",
    "annualised": "the year to date, stretched to a year",
    "quarter": "four times the last three months",
}
# A drug whose supply reaches into so many days is one that is taken each month.
A_MONTH = 31


@dataclass(frozen=True)
class Reason:
    title: str
    met: bool
    sentence: str


def in_words(reasons: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """Each test of a determination as a sentence that carries the numbers it was decided on."""
    return [
        Reason(TITLES[reason["test"]], bool(reason["met"]), SENTENCES[reason["test"]](reason)) for reason in reasons
    ]


def summary(decision: Determination) -> str:
    """The outcome, and for a near miss what was lacking."""
    if decision.outcome == Determination.Outcome.INSUFFICIENT_DATA:
        return f"Not enough data: {' and '.join(MISSING[what] for what in decision.missing)}."
    if decision.outcome == Determination.Outcome.ELIGIBLE:
        return SUMMARIES[Determination.Path(decision.path)]
    lacking = [lack(reason) for reason in decision.reasons if not reason["met"] and reason["test"] != "at_risk"]
    return f"Not eligible: {' and '.join(lacking)}." if lacking else "Not eligible."


def lack(reason: Mapping[str, Any]) -> str:
    if reason["test"] == "cost":
        return "the cost is too low"
    missing = reason["needed"] - reason["found"]
    return f"{plural(missing, reason['test'].removesuffix('s'))} too few"


def conditions_sentence(reason: Mapping[str, Any]) -> str:
    said = counted(reason, "condition", "on the list")
    listed, core = reason.get("on_list", 0), reason.get("core", 0)
    if listed == core:
        return said
    return f"{said} {plural(listed, 'condition')} of the list, {plural(core, 'core disease')} of CMS."


def drugs_sentence(reason: Mapping[str, Any]) -> str:
    unmapped = reason.get("unmapped", 0)
    said = counted(reason, "drug", "that counts" if reason["met"] and reason["found"] == 1 else "that count")
    if not unmapped:
        return said
    return f"{said} {unmapped} more that nobody knows may count too."


def counted(reason: Mapping[str, Any], noun: str, which: str) -> str:
    if reason["met"]:
        return f"{plural(reason['found'], noun)} {which}; at least {reason['needed']} are needed."
    return f"{reason['found']} of {reason['needed']} {noun}s {which}."


def cost_sentence(reason: Mapping[str, Any]) -> str:
    found, needed = dollars(reason["found"]), dollars(reason["needed"])
    relation = "at least" if reason.get("operator", "ge") == "ge" else "more than"
    method = f" ({METHODS[reason['method']]})" if "method" in reason else ""
    said = f"{found}{method} is {'' if reason['met'] else 'not '}{relation} {needed}."
    if reason.get("cms_met") and not reason["met"]:
        return f"{said} It is at least the {dollars(reason['cms_needed'])} of CMS."
    return said


def at_risk_sentence(reason: Mapping[str, Any]) -> str:
    if not reason["found"]:
        return "Not an at-risk beneficiary on this day."
    if reason["met"]:
        return "At-risk beneficiary on this day; that alone is enough."
    return "At-risk beneficiary on this day, but these criteria do not target at-risk beneficiaries."


SENTENCES = {
    "conditions": conditions_sentence,
    "drugs": drugs_sentence,
    "cost": cost_sentence,
    "at_risk": at_risk_sentence,
}


def plural(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def dollars(amount: Decimal | str) -> str:
    """$4,935.00: cents always, because a decision may turn on one."""
    return f"${Decimal(amount):,.2f}"


def rule_in_words(values: Mapping[str, Any], labels: list[str], language: str = ENGLISH) -> list[str]:
    """The rule as members read it, from the values of a draft or of published criteria. Grade 6 or below."""
    which = say("rule_such_as" if values.get("list_is_illustrative") else "rule_list", language)
    listed = ", ".join(labels) or say("rule_none_yet", language)
    drugs, more = say(f"drugs_{values['drugs']}", language), say(f"rule_{values['cost_operator']}", language)
    when = say("rule_each_month", language) if 0 < values.get("drug_active_days", 0) <= A_MONTH else ""
    return [
        say("rule_conditions", language, number=values["minimum_conditions"], which=which, listed=listed),
        say("rule_drugs", language, number=values["minimum_drugs"], drugs=drugs, when=when),
        say("rule_cost", language, more=more, amount=dollars(values["cost_threshold"])),
    ]


def labels_of(criteria: Criteria, language: str = ENGLISH) -> list[str]:
    """The plan's list as it prints it; in Spanish by the names of the coded conditions behind each entry."""
    if language == ENGLISH:
        return list(criteria.conditions.values_list("label", flat=True))
    names = spanish_conditions()
    listed = criteria.conditions.prefetch_related("coded_as")
    # One entry of several names is held together, so that the list has as many entries as the plan's.
    return [" / ".join([names[one.code] for one in item.coded_as.all()] or [item.label]) for item in listed]


def at_risk_in_words(values: Mapping[str, Any], plan_year: int, language: str = ENGLISH) -> str:
    """The at-risk path, where the criteria or the CMS rule under them take it."""
    if plan_year >= AT_RISK_FROM and (values["at_risk_path"] or values["cms_floor"]):
        return say("rule_at_risk", language)
    return ""


def floor_in_words(values: Mapping[str, Any], plan_year: int, language: str = ENGLISH) -> str:
    """What the CMS rule adds to the printed words; nothing where the words are as wide, or the floor is off."""
    cms = COST_THRESHOLD.get(plan_year)
    if not values["cms_floor"] or cms is None:
        return ""
    printed = Decimal(values["cost_threshold"])
    if printed < cms.amount or (printed == cms.amount and values["cost_operator"] == Criteria.Operator.AT_LEAST):
        return ""
    return say("rule_floor", language, amount=dollars(cms.amount), year=plan_year)


def values_of(criteria: Criteria) -> dict[str, Any]:
    """The values of criteria by field name, as a form or a comparison needs them."""
    return {name: getattr(criteria, name) for name in Criteria.SETTINGS}


def days_in_force(criteria: Criteria) -> tuple[date, date] | None:
    """The first and the last day on which the criteria decide; None for drafts and for what was replaced at once."""
    if criteria.status in {Criteria.Status.DRAFT, Criteria.Status.IN_REVIEW} or criteria.effective.isempty:
        return None
    return criteria.effective.lower, criteria.effective.upper - timedelta(days=1)
