"""Reading what rules may know about a range of members: a few statements a shard, never one a member."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Plan
from claims.ingest.layout import HOSPICE, does_not_give
from claims.models import Diagnosis, DrugProduct, Fill, LoadFile, ValueSetMember
from eligibility.models import Enrollment
from members.models import Member, MemberSpan
from mtm.lib import sql
from reviews import timeline
from reviews.rules import Feed
from reviews.timeline import DAYS, DiagnosisFact, MemberFacts

FOREVER = date(9999, 12, 31)


def value_sets() -> dict[str, frozenset[str]]:
    """Every named set of ingredients, by its code."""
    sets: dict[str, set[str]] = defaultdict(set)
    for code, ingredient in ValueSetMember.objects.values_list("value_set__code", "ingredient"):
        sets[code].add(ingredient)
    return {code: frozenset(names) for code, names in sets.items()}


def available_feeds(plan: Plan) -> set[Feed]:
    """The kinds of data the plan has loaded."""
    found = {
        Feed.FILLS: Fill.objects.filter(plan=plan).exists(),
        Feed.DIAGNOSES: Diagnosis.objects.filter(plan=plan).exists(),
        Feed.HOSPICE: hospice_is_known(plan),
        Feed.PRICES: DrugProduct.objects.filter(generic_unit_cost__isnull=False).exists(),
    }
    return {feed for feed, is_there in found.items() if is_there}


def hospice_is_known(plan: Plan) -> bool:
    """No hospice period may mean that nobody is in hospice, unless the enrollment files say that they do not give it."""
    silent = LoadFile.objects.filter(plan=plan, notes__contains=[does_not_give(HOSPICE)])
    return MemberSpan.objects.filter(plan=plan, kind=MemberSpan.Kind.HOSPICE).exists() or not silent.exists()


def facts_of(plan: Plan, first: int, last: int, as_of: date) -> Iterator[tuple[int, MemberFacts]]:
    """Each enrolled member of the range, with everything known up to `as_of`."""
    values = {"plan": plan.pk, "first": first, "last": last, "as_of": as_of, "days": DAYS}
    fills, diagnoses, hospice = fills_of(values), diagnoses_of(values), hospice_of(first, last)
    enrolled = Enrollment.objects.active(plan).filter(member__gte=first, member__lte=last)
    people = Member.objects.filter(pk__in=enrolled.values("member")).order_by("pk")
    for pk, born, sex in people.values_list("pk", "birth_date", "sex"):
        yield pk, MemberFacts(born, sex, tuple(fills[pk]), tuple(diagnoses[pk]), tuple(hospice[pk]))


def fills_of(values: dict[str, Any]) -> dict[int, list[timeline.Fill]]:
    found: dict[int, list[timeline.Fill]] = defaultdict(list)
    for row in sql.rows("reviews", "fills_of_shard", **values):
        member = row.pop("member_id")
        found[member].append(timeline.Fill(**row | {"ingredients": tuple(row["ingredients"])}))
    return found


def diagnoses_of(values: dict[str, Any]) -> dict[int, list[DiagnosisFact]]:
    found: dict[int, list[DiagnosisFact]] = defaultdict(list)
    for row in sql.rows("reviews", "diagnoses_of_shard", **values):
        found[row["member_id"]].append(DiagnosisFact(row["condition"], row["first_on"], row["last_on"]))
    return found


def hospice_of(first: int, last: int) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    spans = MemberSpan.objects.filter(kind=MemberSpan.Kind.HOSPICE, member__gte=first, member__lte=last)
    for member, period in spans.values_list("member", "period"):
        found[member].append(inclusive(period))
    return found


def inclusive(period: DateRange) -> tuple[date, date]:
    return period.lower or date.min, period.upper - timedelta(days=1) if period.upper else FOREVER
