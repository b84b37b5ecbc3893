"""What the page of one plan year's criteria shows: the values, their words, the CMS figure, what to beware of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict

from claims.models import Condition
from eligibility import criteria as actions
from eligibility.cms import COST_THRESHOLD
from eligibility.criteria_forms import ConditionFormSet, CriteriaForm
from eligibility.determination import counts
from eligibility.edition import edition_of
from eligibility.models import Criteria, Determination
from eligibility.reasons import at_risk_in_words, days_in_force, rule_in_words, values_of
from eligibility.rules import Rules, from_criteria, from_values
from eligibility.validator import verdict

PREFIX = "conditions"
Listed = list[tuple[str, list[str], int]]


def coded_conditions() -> list[Condition]:
    """The shipped table that lists choose from; it belongs to no plan."""
    return list(Condition.objects.all())


def listed_of(criteria: Criteria) -> Listed:
    found = criteria.conditions.prefetch_related("coded_as")
    return [(item.label, [condition.code for condition in item.coded_as.all()], item.visits) for item in found]


def coded(listed: Listed) -> dict[str, list[Condition]]:
    """The list with its codes looked up, as criteria.change wants it."""
    by_code = {condition.code: condition for condition in coded_conditions()}
    return {label: [by_code[code] for code in codes] for label, codes, _ in listed}


def context_of(criteria: Criteria, conditions: list[Condition]) -> dict[str, Any]:
    """The saved criteria for reading: nothing on this part of the page can be changed."""
    names = {condition.code: condition.label for condition in conditions}
    listed = listed_of(criteria)
    return {
        "criteria": criteria,
        "edition": edition_of(criteria),
        "days": days_in_force(criteria),
        "cms": COST_THRESHOLD.get(criteria.plan_year),
        "listed": [(label, [names[code] for code in codes], visits) for label, codes, visits in listed],
        **words_of(values_of(criteria), listed, criteria.plan_year, conditions),
    }


def words_of(values: Mapping[str, Any], listed: Listed, plan_year: int, conditions: list[Condition]) -> dict[str, Any]:
    """The rule in words and its warnings, of saved values or of values being edited."""
    found = verdict(values, plan_year, listed, conditions)
    return {
        "rule": rule_in_words(values, [label for label, _, _ in listed]),
        "at_risk_rule": at_risk_in_words(values, plan_year),
        "errors": found.errors,
        "warnings": found.warnings,
    }


def words_of_form(draft: Criteria, form: CriteriaForm, rows: Any) -> dict[str, Any]:
    return words_of(form.rule_values, rows.rows(), draft.plan_year, coded_conditions())


def forms_of(criteria: Criteria, conditions: list[Condition], data: QueryDict | None = None) -> dict[str, Any]:
    """The form of the numbers and the rows of the list, filled from the draft or from what was posted."""
    choices = [(condition.code, condition.label) for condition in conditions]
    rows = [{"label": label, "coded_as": codes, "visits": visits} for label, codes, visits in listed_of(criteria)]
    options = {"prefix": PREFIX, "form_kwargs": {"choices": choices}}
    if data is not None:
        return {"form": CriteriaForm(data), "rows": ConditionFormSet(data, initial=rows, **options)}
    more = {"edition": edition_of(criteria), "reason": criteria.reason, "starts_on": criteria.starts_on}
    values = values_of(criteria) | more
    return {"form": CriteriaForm(initial=values), "rows": ConditionFormSet(initial=rows, **options)}


def are_valid(form: CriteriaForm, rows: Any) -> bool:
    """Whether both are, and go together."""
    return form.is_valid() and rows.is_valid() and is_long_enough(form, len(rows.rows()))


def is_long_enough(form: CriteriaForm, listed: int) -> bool:
    """Whether a list of so many conditions goes with what a valid form asks for; if not, the form says so."""
    if listed < (needed := form.cleaned_data["minimum_conditions"]):
        form.add_error("minimum_conditions", f"The list has {listed}; nobody could have {needed} of them.")
    return not form.errors


def with_another_row(data: QueryDict) -> QueryDict:
    """What was posted, with room for one more condition."""
    more = data.copy()
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    more[f"{PREFIX}-TOTAL_FORMS"] = str(int(total) + 1 if total.isdecimal() else 1)
    return more


def rules_of(draft: Criteria, form: CriteriaForm, rows: Any) -> Rules:
    """The rules as they stand in a valid form."""
    return from_values(str(draft), draft.plan_year, form.rule_values, rows.rows())


def trial_of(draft: Criteria, rules: Rules, today: date) -> dict[str, Any]:
    """How many members the rules, and what is in force, would make eligible on the trial day; writes nothing."""
    day = trial_day(draft.plan_year, today)
    in_force = actions.in_force(draft.plan, day)
    counted = tried(draft, rules, day)
    beside = tried(draft, from_criteria(in_force), day) if in_force else {}
    lines = [(label, counted[label], beside.get(label)) for label in counted]
    return {"trial": {"day": day, "members": sum_of_outcomes(counted), "lines": lines, "in_force": in_force}}


def tried(draft: Criteria, rules: Rules, day: date) -> dict[str, int]:
    found = counts(plan=draft.plan, rules=rules, as_of=day)
    paths = Determination.Path
    return {
        **{outcome.label: found[outcome.value] for outcome in Determination.Outcome},
        **{f"Eligible by: {path.label.lower()}": found["by_path"][path.value] for path in paths if path != paths.NONE},
    }


def sum_of_outcomes(counted: dict[str, int]) -> int:
    return sum(counted[outcome.label] for outcome in Determination.Outcome)


def trial_day(plan_year: int, today: date) -> date:
    """The day a draft is tried on: the last of a year gone by, else today."""
    return min(today, date(plan_year, 12, 31))
