"""What CMS itself requires, by plan year, with where each figure was read."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Cited:
    amount: Decimal
    source: str
    verified: bool


# The yearly cost of covered Part D drugs from which a sponsor must target (42 CFR 423.153(d)(2)(i)(C)).
COST_THRESHOLD = {
    2022: Cited(Decimal("4696.00"), "printed by Blue Cross Blue Shield of Massachusetts", verified=False),
    2023: Cited(Decimal("4935.00"), "printed by BCBSM/BCN and Blue Cross Blue Shield of Massachusetts", verified=False),
    2024: Cited(Decimal("5330.00"), "printed by an Express Scripts program page", verified=False),
    2025: Cited(Decimal("1623.00"), "second-hand, plan pages and vendor notices", verified=False),
    2026: Cited(Decimal("1276.00"), "second-hand, plan pages", verified=False),
    2027: Cited(Decimal("1340.00"), "second-hand, citing the CMS memo of 2026-05-01", verified=False),
}

# At-risk beneficiaries must be targeted from this plan year on, whatever a plan's page says (42 CFR 423.153(d)(2)(ii)).
AT_RISK_FROM = 2022
