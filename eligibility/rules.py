"""Criteria as plain values, from a preset or from a plan year's row: what the determination is computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from claims.models import Condition
from eligibility.cms import AT_RISK_FROM, CORE_DISEASES_FROM, COST_THRESHOLD, LATE_CORE_DISEASES
from eligibility.models import Criteria

VISITS = 2  # claims on different days, if none is inpatient (CCW)


@dataclass(frozen=True)
class Listed:
    """A condition that counts: met by any of the coded ones; `visits` claims needed; `core`: its CMS core disease or "".

    `with_listed`: the one of the list that it counts once with, where it only completes the core disease of that one.
    """

    codes: tuple[str, ...]
    visits: int = VISITS
    core: str = ""
    with_listed: str = ""


@dataclass(frozen=True)
class Rules:
    """`conditions` by label; amounts in dollars, times in days. The fields are those of Criteria."""

    name: str
    plan_year: int
    conditions: Mapping[str, Listed]
    cost_threshold: Decimal
    minimum_conditions: int = 3
    counting: str = "listed"
    condition_days: int = 730
    drug_proxies: bool = False
    minimum_drugs: int = 8
    drugs: str = "maintenance"
    drug_list: tuple[str, ...] = ()
    identity: str = "ingredient"
    drug_days: int = 365
    drug_supply: int = 0
    drug_active_days: int = 0
    cost_operator: str = "ge"
    cost_method: str = "likely"
    at_risk_path: bool = True
    cms_floor: bool = True
    # Only for trials without a drug directory: what nobody knows is taken for a drug that counts.
    unknown_drugs_count: bool = field(default=False)

    @property
    def cms_threshold(self) -> Decimal | None:
        cited = COST_THRESHOLD.get(self.plan_year)
        return cited.amount if cited else None

    @property
    def prints_at_risk(self) -> bool:
        """Whether the criteria themselves take in at-risk beneficiaries, which none could before CMS made the path."""
        return self.at_risk_path and self.cms_at_risk

    @property
    def cms_at_risk(self) -> bool:
        return self.plan_year >= AT_RISK_FROM


# Those settings that stand in criteria and rules alike; the list of conditions is put together below.
SHARED = tuple(name for name in Criteria.SETTINGS if name not in {"list_is_illustrative", "beyond_list"})


@cache
def presets() -> dict[str, dict[str, Any]]:
    """The four criteria sets that plans have printed, by name."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(files("eligibility").joinpath("presets.yaml").read_text())
    return {name: values | {"cost_threshold": Decimal(values["cost_threshold"])} for name, values in loaded.items()}


def from_preset(name: str) -> Rules:
    """The rules of a preset; KeyError if there is none of that name."""
    values = presets()[name]
    listed = [(label, codes, VISITS) for label, codes in values["conditions"].items()]
    return from_values(name, values["plan_year"], values, listed)


def without_directory(rules: Rules) -> Rules:
    """For trials without a drug directory, on years that are over: every NDC is a drug, and one that nobody knows counts.

    Such a trial is held against other programs' counts of those years, and there cost is what it was: that of twelve
    months. What a member was likely to incur is a question of a year that still runs.
    """
    return replace(
        rules,
        identity=Criteria.Identity.NDC,
        unknown_drugs_count=True,
        cost_method=Criteria.CostMethod.ROLLING,
    )


def from_criteria(criteria: Criteria) -> Rules:
    listed = [
        (item.label, sorted(condition.code for condition in item.coded_as.all()), item.visits)
        for item in criteria.conditions.prefetch_related("coded_as")
    ]
    values = {name: getattr(criteria, name) for name in Criteria.SETTINGS}
    return from_values(str(criteria), criteria.plan_year, values, listed)


def from_values(
    name: str, plan_year: int, values: Mapping[str, Any], listed: Iterable[tuple[str, Iterable[str], int]]
) -> Rules:
    """Rules from settings by name, where one that is missing has its usual value, and (label, codes, visits) rows."""
    known = {condition.code: condition for condition in Condition.objects.all()}
    conditions = {label: of_list(tuple(codes), visits, known) for label, codes, visits in listed}
    if values.get("beyond_list") == Criteria.BeyondList.CORE:
        conditions |= beyond(conditions, known, plan_year)
    settings = {key: values[key] for key in SHARED if key in values}
    settings["drug_list"] = tuple(drug.lower() for drug in settings.get("drug_list", ()))
    return Rules(name=name, plan_year=plan_year, conditions=conditions, **settings)


def of_list(codes: tuple[str, ...], visits: int, known: Mapping[str, Condition]) -> Listed:
    """A condition of the list; of an event that one claim proves, one is enough (CCW) unless the list asks for more."""
    single = visits == VISITS and bool(codes) and all(known[code].one_claim_counts for code in codes)
    return Listed(codes, 1 if single else visits, next((g for code in codes if (g := known[code].core_group)), ""))


def beyond(conditions: Mapping[str, Listed], known: Mapping[str, Condition], plan_year: int) -> dict[str, Listed]:
    """The other CMS core diseases, where a list that says "such as" is decided to mean them too: each of them once.

    Of a core disease that the list names in part, what is left counts as that part, so that it is neither lost nor counted twice.
    """
    listed = {code: label for label, one in reversed(list(conditions.items())) for code in one.codes}
    found = {}
    not_yet = LATE_CORE_DISEASES if plan_year < CORE_DISEASES_FROM else frozenset()
    for group in sorted({condition.core_group for condition in known.values()} - {""} - not_yet):
        codes = [code for code, condition in known.items() if condition.core_group == group]
        partly = next((listed[code] for code in codes if code in listed), "")
        label = f"{group}, other" if partly or group in conditions else group
        if left := tuple(code for code in codes if code not in listed):
            found[label] = Listed(left, VISITS, group, partly)
    return found
