"""A dry run of a draft on the claims of a day: who would enter, leave and stay in the program, and who is how near."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from eligibility.criteria import in_force, lock
from eligibility.determination import parameters
from eligibility.edition import edition_of
from eligibility.enrollment import may_enroll
from eligibility.models import Criteria, Determination, Enrollment, SimulatedMember, Simulation
from eligibility.rules import Rules, from_criteria
from mtm.lib import sql

Change = SimulatedMember.Change
ELIGIBLE = Determination.Outcome.ELIGIBLE
# Members who lack only cost, by how much they lack.
COST_STEPS = (Decimal(100), Decimal(500), Decimal(1000), Decimal(2500))


@transaction.atomic
def simulate(*, draft: Criteria, as_of: date, accepting: int, minutes: int, by: User | None) -> Simulation:
    """Decide all members by the draft, hold it against who takes part on that day, and keep the difference as evidence."""
    lock(draft)
    drafted = decisions(draft, as_of)
    made = Simulation.objects.create(
        plan=draft.plan,
        criteria=draft,
        beside=in_force(draft.plan, as_of),
        edition=edition_of(draft),
        as_of=as_of,
        made_by=by,
        accepting=accepting,
        minutes=minutes,
        outcomes=Counter(row["outcome"] for row in drafted.values()),
        paths=Counter(row["path"] for row in drafted.values() if row["outcome"] == ELIGIBLE),
        misses=near_misses(drafted.values(), from_criteria(draft)),
    )
    SimulatedMember.objects.bulk_create(changed(made, drafted), batch_size=5_000)
    audit.record(audit.Kind.CRITERIA_SIMULATED, by=by, plan=draft.plan, subject=draft)
    return made


def decisions(criteria: Criteria, as_of: date) -> dict[int, dict[str, Any]]:
    """By member: outcome, path, and the numbers the decision turned on."""
    values = parameters(criteria.plan, from_criteria(criteria), as_of)
    return {row["member_id"]: row for row in sql.rows("eligibility", "slim_decisions", inner="decide", **values)}


def changed(made: Simulation, drafted: dict[int, dict[str, Any]]) -> list[SimulatedMember]:
    eligible = {member for member, row in drafted.items() if row["outcome"] == ELIGIBLE}
    paths = {member: row["path"] for member, row in drafted.items()}
    return [
        SimulatedMember(
            simulation=made,
            plan_id=made.plan_id,
            member_id=member,
            change=change,
            path=paths.get(member, Determination.Path.NONE),
        )
        for change, members in change_of(made, eligible).items()
        for member in sorted(members)
    ]


def change_of(made: Simulation, eligible: set[int]) -> dict[Change, set[int]]:
    """The members of each change: those who take part on the day, beside those who would be enrolled."""
    taking_part = Enrollment.objects.active(made.plan).filter(plan_year=made.as_of.year)
    enrolled = set(taking_part.values_list("member_id", flat=True))
    free = may_enroll(plan=made.plan, plan_year=made.criteria.plan_year, on=made.as_of)
    return {
        Change.ENTERING: (eligible & free) - enrolled,
        Change.LEAVING: enrolled - eligible,
        Change.STAYING: eligible & enrolled,
        Change.OUT: eligible - free - enrolled,
    }


def near_misses(rows: Any, rules: Rules) -> list[tuple[str, int]]:
    """Of the members who lack one test only: what they lack, the nearest first, and how many they are."""
    counted = Counter(place for row in rows if (place := lacking(row, rules)))
    return [(label, members) for (_, _, label), members in sorted(counted.items())]


def lacking(row: dict[str, Any], rules: Rules) -> tuple[int, int, str] | None:
    """Which test, how far, and in words; None for the eligible and for who lacks more than one test."""
    if row["outcome"] == ELIGIBLE:
        return None
    tests = (row["conditions_met"], row["drugs_met"], row["cost_met"])
    if tests.count(False) != 1:
        return None
    if not row["conditions_met"]:
        short = rules.minimum_conditions - row["conditions"]
        return 0, short, f"{short} condition{'s' * (short > 1)} short"
    if not row["drugs_met"]:
        short = rules.minimum_drugs - row["drugs"]
        return 1, short, f"{short} drug{'s' * (short > 1)} short"
    gap = rules.cost_threshold - row["cost"]
    step = next((step for step in COST_STEPS if gap <= step), None)
    return 2, int(step or 10**6), f"up to ${step:,} short" if step else f"more than ${COST_STEPS[-1]:,} short"
