"""Criteria as plain values, from a preset or from a plan year's row: what the determination is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from eligibility.cms import AT_RISK_FROM
from eligibility.models import Criteria


@dataclass(frozen=True)
class Rules:
    """`conditions` maps each listed condition to the coded conditions that meet it; cost is in dollars."""

    name: str
    plan_year: int
    minimum_conditions: int
    conditions: Mapping[str, tuple[str, ...]]
    minimum_drugs: int
    drugs: str
    cost_threshold: Decimal
    cost_operator: str
    at_risk_path: bool

    @property
    def targets_at_risk(self) -> bool:
        return self.at_risk_path or self.plan_year >= AT_RISK_FROM


@cache
def presets() -> dict[str, dict[str, Any]]:
    """The four criteria sets that plans have printed, by name."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(files("eligibility").joinpath("presets.yaml").read_text())
    return loaded


def from_preset(name: str) -> Rules:
    """The rules of a preset; KeyError if there is none of that name."""
    values = presets()[name]
    return Rules(
        name=name,
        plan_year=values["plan_year"],
        minimum_conditions=values["minimum_conditions"],
        conditions={label: tuple(codes) for label, codes in values["conditions"].items()},
        minimum_drugs=values["minimum_drugs"],
        drugs=values["drugs"],
        cost_threshold=Decimal(values["cost_threshold"]),
        cost_operator=values["cost_operator"],
        at_risk_path=values["at_risk_path"],
    )


def from_criteria(criteria: Criteria) -> Rules:
    listed = criteria.conditions.prefetch_related("coded_as")
    return Rules(
        name=str(criteria),
        plan_year=criteria.plan_year,
        minimum_conditions=criteria.minimum_conditions,
        conditions={item.label: tuple(sorted(c.code for c in item.coded_as.all())) for item in listed},
        minimum_drugs=criteria.minimum_drugs,
        drugs=criteria.drugs,
        cost_threshold=criteria.cost_threshold,
        cost_operator=criteria.cost_operator,
        at_risk_path=criteria.at_risk_path,
    )
