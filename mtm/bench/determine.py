"""Deciding and writing down the eligibility of all members of a plan against one pass over the same fills, grouped by member."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from accounts.models import Plan
from eligibility.criteria import draft_from_preset
from eligibility.determination import keep, parameters
from eligibility.explain import traces
from eligibility.models import Criteria
from eligibility.rules import from_criteria, from_preset
from members.models import Member
from mtm.bench import Result, interleaved, peak_mib
from mtm.lib import sql

AS_OF = date(2023, 12, 31)
PRESET = "bcbsma-2023"
CHECKED = 2_000  # members whose decision is compared with the obvious one
BOUND = "PostgreSQL: sum of cost and number of NDCs by member, one pass"


def run(members: int) -> Result:
    with transaction.atomic():
        plan = scratch_plan(members)
        criteria = draft_from_preset(plan=plan, preset=PRESET, plan_year=AS_OF.year, by=None)
        seconds, bound = interleaved(lambda: decide_and_write(criteria), lambda: one_pass(plan))
        peak = peak_mib()
        equal = agrees(plan)
        transaction.set_rollback(True)
    return Result(
        bench="determine",
        size=members,
        unit="members",
        seconds=seconds,
        rate=members / seconds,
        bound=BOUND,
        bound_seconds=bound,
        ratio=seconds / bound if equal else None,
        equal=equal,
        peak_mib=peak,
        workers=1,
    )


def decide_and_write(criteria: Criteria) -> int:
    """A determination per member, as each load brings it; taken back, so that the next time writes them again."""
    with transaction.atomic():
        written = keep(criteria, parameters(criteria.plan, from_criteria(criteria), AS_OF))
        transaction.set_rollback(True)
    return written


def scratch_plan(members: int) -> Plan:
    """Made-up members with about 40 fills and 12 diagnoses each, in a transaction that is rolled back."""
    plan = Plan.objects.create(code="Z9999", name="Benchmark (synthetic)")
    for name in ("bench_products", "bench_members", "bench_fills", "bench_diagnoses"):
        sql.run("mtm", name, plan=plan.pk, members=members, as_of=AS_OF)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE members_member, claims_fill, claims_diagnosis, claims_drugproduct")
    return plan


def one_pass(plan: Plan) -> list[Any]:
    return sql.rows("mtm", "bench_one_pass", plan=plan.pk, as_of=AS_OF)


def agrees(plan: Plan) -> bool:
    """Whether the first members are decided as their traces say, one member at a time in plain Python."""
    checked = list(Member.objects.of_plan(plan).order_by("pk").values_list("pk", flat=True)[:CHECKED])
    values = parameters(plan, from_preset(PRESET), AS_OF, members=(checked[0], checked[-1]))
    fast = {row["member_id"]: row["outcome"] for row in sql.rows("eligibility", "decide", **values)}
    slow = traces(plan=plan, rules=from_preset(PRESET), as_of=AS_OF, members=checked)
    return fast == {member: found.outcome for member, found in slow.items()}
