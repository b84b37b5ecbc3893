"""What CMS itself requires, by plan year, with where each figure was read."""

from dataclasses import dataclass
from decimal import Decimal

RECALLED = "recalled; agrees within 0.5 % with the yearly growth of the Part D deductible (rds.cms.hhs.gov)"


@dataclass(frozen=True)
class Cited:
    """`verified`: read in an official text, not second-hand."""

    amount: Decimal
    source: str
    verified: bool = False


# The yearly cost of covered Part D drugs from which a sponsor must target (42 CFR 423.153(d)(2)(i)(C)).
COST_THRESHOLD = {
    2011: Cited(Decimal("3000.00"), "supporting statement of the information collection (omb.report)", verified=True),
    2012: Cited(Decimal("3100.20"), RECALLED),
    2013: Cited(Decimal("3144.00"), RECALLED),
    2014: Cited(Decimal("3017.00"), "second-hand, a consultant's notice"),
    2015: Cited(Decimal("3138.00"), RECALLED),
    2016: Cited(Decimal("3507.00"), RECALLED),
    2017: Cited(Decimal("3919.00"), RECALLED),
    2018: Cited(Decimal("3967.00"), RECALLED),
    2019: Cited(Decimal("4044.00"), RECALLED),
    2020: Cited(Decimal("4255.00"), RECALLED),
    2021: Cited(Decimal("4376.00"), RECALLED),
    2022: Cited(Decimal("4696.00"), "printed by Blue Cross Blue Shield of Massachusetts"),
    2023: Cited(Decimal("4935.00"), "printed by BCBSM/BCN and Blue Cross Blue Shield of Massachusetts"),
    2024: Cited(Decimal("5330.00"), "printed by an Express Scripts program page"),
    2025: Cited(Decimal("1623.00"), "second-hand, plan pages and vendor notices"),
    2026: Cited(Decimal("1276.00"), "second-hand, plan pages"),
    2027: Cited(Decimal("1340.00"), "second-hand, citing the CMS memo of 2026-05-01"),
}

# At-risk beneficiaries must be targeted from this plan year on, whatever a plan's page says (42 CFR 423.153(d)(2)(ii)).
AT_RISK_FROM = 2022
# From this plan year every core chronic disease is on the list (42 CFR 423.153(d)(2)(iii)), and HIV/AIDS is one of them.
CORE_DISEASES_FROM = 2025
LATE_CORE_DISEASES = frozenset({"HIV/AIDS"})
# Before that, so many of the nine (recalled, not verified: sub-regulatory guidance of those years).
CORE_DISEASES_BEFORE = 5
