"""Deciding who is eligible: one statement over all members of a plan, with the numbers and claims behind each decision."""

from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Plan, User
from eligibility.models import Criteria, Determination
from eligibility.rules import Rules, from_criteria
from mtm.lib import sql

IDENTITIES = ("ingredient", "ndc")
EVERYONE = (0, 2**62)


def counts(*, plan: Plan, rules: Rules, as_of: date, identity: str = "ingredient") -> dict[str, Any]:
    """How many members the rules would make eligible on that day; writes nothing."""
    values = parameters(plan, rules, as_of, identity)
    decided = sql.rows("eligibility", "count_decisions", inner="decide", **values)
    outcomes, paths = Counter[str](), Counter[str]()
    for row in decided:
        outcomes[row["outcome"]] += row["members"]
        if row["outcome"] == Determination.Outcome.ELIGIBLE:
            paths[row["path"]] += row["members"]
    return {
        "members": outcomes.total(),
        **{outcome.value: outcomes[outcome.value] for outcome in Determination.Outcome},
        "by_path": {path.value: paths[path.value] for path in Determination.Path if path != Determination.Path.NONE},
        "criteria": rules.name,
        "as_of": as_of.isoformat(),
    }


@transaction.atomic
def determine(*, criteria: Criteria, as_of: date, by: User | None) -> int:
    """Decide every member by published criteria as of a day; deciding the same day again changes nothing."""
    plan, rules = criteria.plan, from_criteria(criteria)
    values = parameters(plan, rules, as_of, "ingredient") | {"criteria": criteria.pk}
    written = sql.run("eligibility", "keep_decisions", inner="decide", **values)
    detail = {"as_of": as_of.isoformat(), "members": written}
    audit.record(audit.Kind.DETERMINED, by=by, plan=plan, subject=criteria, detail=detail)
    return written


def parameters(
    plan: Plan, rules: Rules, as_of: date, identity: str, members: tuple[int, int] = EVERYONE
) -> dict[str, Any]:
    listed = [(label, code) for label, codes in rules.conditions.items() for code in codes]
    return {
        "plan": plan.pk,
        "as_of": as_of,
        "first": members[0],
        "last": members[1],
        "labels": [label for label, _ in listed],
        "codes": [code for _, code in listed],
        "identity": identity,
        "drugs": rules.drugs,
        "minimum_conditions": rules.minimum_conditions,
        "minimum_drugs": rules.minimum_drugs,
        "threshold": rules.cost_threshold,
        "operator": rules.cost_operator,
        "targets_at_risk": rules.targets_at_risk,
    }
