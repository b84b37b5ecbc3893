"""Deciding who is eligible: one statement over all members of a plan, with the numbers and claims behind each decision."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import Plan, User
from claims.models import Load, PlanDrugMapping, ReferenceTable
from eligibility.models import Criteria, Determination
from eligibility.rules import Rules, from_criteria
from mtm.lib import sql

LONGEST_PROXY = 365  # days, of claims/reference/proxies.csv
EVERYONE = (0, 2**62)


def counts(*, plan: Plan, rules: Rules, as_of: date) -> dict[str, Any]:
    """How many members the rules would make eligible on that day; writes nothing."""
    values = parameters(plan, rules, as_of)
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
    written = keep(criteria, parameters(plan, rules, as_of))
    detail = {"as_of": as_of.isoformat(), "members": written}
    audit.record(audit.Kind.DETERMINED, by=by, plan=plan, subject=criteria, detail=detail)
    return written


def keep(criteria: Criteria, values: dict[str, Any]) -> int:
    """Write a decision per member, with what was known of claims and drugs when it was made."""
    known = known_now(criteria.plan)
    seen = {"load": known.load.pk if known.load else None, "drugs_known_at": known.drugs_known_at}
    return sql.run("eligibility", "keep_decisions", inner="decide", criteria=criteria.pk, **values, **seen)


@dataclass(frozen=True)
class KnownNow:
    """The last load of the plan, and when what NDCs mean changed last: by hand, or by a directory."""

    load: Load | None
    drugs_known_at: datetime | None


def known_now(plan: Plan) -> KnownNow:
    newest = Load.objects.filter(plan=plan, status=Load.Status.DONE).order_by("-finished_at", "-pk").first()
    by_hand = PlanDrugMapping.objects.filter(plan=plan).aggregate(a=Max("mapped_at"), b=Max("withdrawn_at"))
    directories = ReferenceTable.objects.aggregate(c=Max("loaded_at"))
    return KnownNow(newest, max(filter(None, (by_hand | directories).values()), default=None))


def parameters(plan: Plan, rules: Rules, as_of: date, members: tuple[int, int] = EVERYONE) -> dict[str, Any]:
    listed = [(label, one, code) for label, one in rules.conditions.items() for code in one.codes]
    by_core = rules.counting == Criteria.Counting.CORE
    return {
        "plan": plan.pk,
        "first": members[0],
        "last": members[1],
        "labels": [label for label, _, _ in listed],
        "codes": [code for _, _, code in listed],
        "visits": [one.visits for _, one, _ in listed],
        "listed_as": [one.with_listed or label for label, one, _ in listed],
        "counts_as": [one.core or label for label, one, _ in listed],
        "counting": Criteria.Counting.CORE if by_core else Criteria.Counting.LISTED,
        **{name: getattr(rules, name) for name in DIRECT},
        "drug_list": list(rules.drug_list),
        "operator": rules.cost_operator,
        "method": rules.cost_method,
        "threshold": rules.cost_threshold,
        "cms_threshold": rules.cms_threshold,
        "prints_at_risk": rules.prints_at_risk,
        "cms_at_risk": rules.cms_at_risk,
        "floor": rules.cms_floor,
        **windows(rules, as_of),
    }


DIRECT = (
    *("minimum_conditions", "drug_proxies", "minimum_drugs", "drugs", "identity", "drug_supply", "drug_active_days"),
    "unknown_drugs_count",
)


def windows(rules: Rules, as_of: date) -> dict[str, Any]:
    """The day of the decision and the last day before each window that ends on it."""
    rolling = months_before(as_of, 12)
    drugs = as_of - timedelta(days=rules.drug_days)
    year = date(as_of.year, 1, 1)
    return {
        "as_of": as_of,
        "year_starts": year,
        "days_in_year": (date(as_of.year + 1, 1, 1) - year).days,
        "rolling_after": rolling,
        "quarter_after": months_before(as_of, 3),
        "diagnoses_after": as_of - timedelta(days=rules.condition_days),
        "drugs_after": drugs,
        "fills_after": min(drugs, rolling, as_of - timedelta(days=LONGEST_PROXY)),
    }


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day: 31 May less three months is 28 February (29 in a leap year)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
