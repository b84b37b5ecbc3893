"""Making one member of two rows that are one person: numbers, facts, periods, contacts and claims all lead to one.

What nobody can decide for somebody else stays where it is: enrollments, reviews and letters of the row that goes. That
row is kept for them, marked as merged; where there are none it is removed.
"""

from typing import Any

from django.db import connection, transaction

from accounts import audit
from accounts.models import Plan, User
from claims.ingest.layout import CLAIM_KINDS, ORDER
from members.models import Identifier, Member
from mtm.lib import sql

MEMBER_KINDS = [kind for kind in ORDER if kind not in CLAIM_KINDS]
KEPT = ("members", "spans", "at_risk", "contacts", "preferences", "representatives")


class MergeProblem(Exception):
    """Why two members cannot be merged, in words."""


@transaction.atomic
def merge(*, current: Member, former: Member, by: User | None) -> Member:
    """Make one member of the two, under the number of `current`; gives the row that stays."""
    if current.plan_id != former.plan_id or current == former:
        raise MergeProblem("Two members of one plan are needed.")
    sql.run("claims", "stage_members")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO wanted_merges VALUES (%s, %s, 'merged', current_date)", [current.pk, former.pk])
    merge_wanted(plan=current.plan, by=by)
    return Identifier.objects.get(plan=current.plan, value=current.source_id).member


def merge_wanted(*, plan: Plan, by: User | None) -> int:
    """Merge the pairs in the temporary table wanted_merges, all at once where they do not share a member; how many.

    Runs inside the transaction of whoever filled the table, and leaves the staging tables of a load empty.
    """
    done = 0
    if not sql.run("claims", "merge_begin"):
        return done
    while absorbed := one_round(plan):
        done += len(absorbed)
        remove_unused(plan, absorbed)
    if done:
        audit.record(audit.Kind.MEMBERS_MERGED, by=by, plan=plan, detail={"members": done})
    return done


def one_round(plan: Plan) -> list[int]:
    """The rows that went."""
    if not sql.run("claims", "merge_choose"):
        return []
    values: dict[str, Any] = {"plan": plan.pk, "file": None, "as_of": None}
    sql.run("claims", "merge_numbers", **values)
    sql.run("claims", "stage_members")
    for kind in MEMBER_KINDS:
        sql.run("claims", f"judge_{kind}", **values)
    sql.run("claims", "merge_members")
    for name in KEPT:
        sql.run("claims", f"keep_{name}", **values)
    merge_claims(values)
    return [row["absorbed_id"] for row in sql.rows("claims", "merge_next")]


def merge_claims(values: dict[str, Any]) -> None:
    sql.run("claims", "stage_claims")
    sql.run("claims", "merge_claims", **values)
    sql.run("claims", "net_fills", **values)
    sql.run("claims", "stage_claims")


def remove_unused(plan: Plan, absorbed: list[int]) -> None:
    """Rows that went and to which nothing belongs any more."""
    used: set[int] = set()
    for relation in Member._meta.related_objects:
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{name}__in": absorbed})
        used.update(rows.values_list(f"{name}_id", flat=True))
    with connection.cursor() as cursor:
        unused = [pk for pk in absorbed if pk not in used]
        cursor.execute("DELETE FROM members_member WHERE plan_id = %s AND id = ANY(%s)", [plan.pk, unused])
