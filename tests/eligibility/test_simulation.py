"""A simulation says before publishing what publishing then does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.audit import Kind
from accounts.models import AuditEvent, Plan
from eligibility import criteria, enrollment
from eligibility.determination import determine
from eligibility.models import Criteria, Enrollment, SimulatedMember, Simulation
from eligibility.simulation import simulate
from members.models import AtRiskSpell, Member
from mtm.bench.determine import scratch_plan
from tests import making
from tests.conftest import make_member
from tests.eligibility.test_determination import EIGHT, diagnose
from tests.making import DAY, fill

pytestmark = pytest.mark.usefixtures("on_the_day")


def taking(
    plan: Plan, name: str, *, drugs: int, cost: str, codes: tuple[str, ...] = ("E119", "J449", "M069")
) -> Member:
    member = make_member(plan, name)
    for code in codes:
        diagnose(member, code, date(2026, 2, 1), date(2026, 5, 1))
    fill(member, EIGHT[0], date(2026, 2, 1), cost=cost)  # so that the last quarter foresees less
    for drug in EIGHT[:drugs]:
        fill(member, drug, date(2026, 11, 1), cost="0.00")
    return member


@pytest.fixture
def draft(plan: Plan, administrator: Any) -> Criteria:
    """In force: eight drugs. The draft: seven, and a little more money."""
    running = making.criteria_in_force(plan, administrator)
    made = criteria.draft_next(criteria=running, plan_year=2026, by=administrator)
    Criteria.objects.filter(pk=made.pk).update(minimum_drugs=7, cost_threshold="1250.00", reason="Fewer drugs")
    return Criteria.objects.get(pk=made.pk)


@pytest.fixture
def tried(draft: Criteria, plan: Plan, administrator: Any) -> Simulation:
    stays = taking(plan, "S1", drugs=8, cost="2000.00")
    taking(plan, "S2", drugs=7, cost="2000.00")  # enters
    taking(plan, "S3", drugs=6, cost="2000.00")  # lacks a drug
    taking(plan, "S4", drugs=5, cost="2000.00")  # lacks two
    taking(plan, "S5", drugs=8, cost="1200.00")  # lacks fifty dollars
    taking(plan, "S6", drugs=8, cost="2000.00", codes=("E119", "J449"))  # lacks a condition
    taking(plan, "S7", drugs=6, cost="10.00")  # lacks two things
    making.enrolled(stays, administrator)
    return simulate(draft=draft, as_of=DAY, accepting=50, minutes=90, by=administrator)


def of(tried: Simulation, change: str) -> list[str]:
    return list(tried.members.filter(change=change).order_by("pk").values_list("member__source_id", flat=True))


def test_who_enters_leaves_and_stays(tried: Simulation) -> None:
    assert [of(tried, change) for change in ("entering", "leaving", "staying")] == [["S2"], [], ["S1"]]
    assert (tried.outcomes["eligible"], tried.paths) == (2, {"conditions_drugs_cost": 2})
    assert (tried.reviews, tried.hours) == (1, 2)


def test_who_lacks_one_thing_is_counted_by_how_much(tried: Simulation) -> None:
    tried.refresh_from_db()
    assert tried.misses == [
        ["1 condition short", 1],
        ["1 drug short", 1],
        ["2 drugs short", 1],
        ["up to $100 short", 1],
    ]


def test_who_leaves_by_a_narrower_draft_is_listed(plan: Plan, administrator: Any) -> None:
    leaves = taking(plan, "S1", drugs=8, cost="2000.00", codes=("E119", "J449"))
    first = making.criteria_to_publish(plan, administrator)
    Criteria.objects.filter(pk=first.pk).update(minimum_conditions=2)
    running = making.published(Criteria.objects.get(pk=first.pk), administrator, on=date(2026, 1, 1))
    making.enrolled(leaves, administrator)
    made = criteria.draft_next(criteria=running, plan_year=2026, by=administrator)
    Criteria.objects.filter(pk=made.pk).update(minimum_conditions=3)
    tried = simulate(draft=Criteria.objects.get(pk=made.pk), as_of=DAY, accepting=50, minutes=90, by=administrator)
    assert [of(tried, change) for change in ("entering", "leaving", "staying")] == [[], ["S1"], []]


def test_publishing_then_does_exactly_that(db: None, administrator: Any) -> None:
    """On the members of the benchmark, of whom some have opted out: who takes part afterwards is who it said."""
    plan, day = scratch_plan(600), date(2023, 12, 30)
    first = criteria.draft_from_preset(plan=plan, preset="bcbsma-2023", plan_year=2023, by=None)
    running = making.published(Criteria.objects.get(pk=first.pk), administrator, on=date(2023, 1, 1))
    run(running, plan, day)
    out = list(Enrollment.objects.order_by("pk")[:3])
    for taking_part in out:
        enrollment.opt_out(enrollment=taking_part, reason="no", on=day, by=administrator)
    made = criteria.draft_next(criteria=running, plan_year=2023, by=administrator)
    changed = {"minimum_drugs": 5, "cost_threshold": "3000.00", "minimum_conditions": 2, "reason": "Wider"}
    Criteria.objects.filter(pk=made.pk).update(**changed)
    draft = Criteria.objects.get(pk=made.pk)
    before = taking_part_in(plan)
    tried = simulate(draft=draft, as_of=day, accepting=100, minutes=60, by=administrator)
    making.published(draft, administrator, on=day)
    run(draft, plan, day)
    after = taking_part_in(plan)
    told = {change: set(tried.members.filter(change=change).values_list("member", flat=True)) for change in CHANGES}
    assert told["entering"] == after - before != set()
    assert told["staying"] | told["leaving"] == before != set()
    assert told["out"] >= {taking_part.member_id for taking_part in out}
    assert tried.reviews == len(after)


CHANGES = SimulatedMember.Change.values


def run(decider: Criteria, plan: Plan, day: date) -> None:
    determine(criteria=decider, as_of=day, by=None)
    enrollment.enroll_eligible(plan=plan, plan_year=day.year, on=day, by=None)


def taking_part_in(plan: Plan) -> set[int]:
    return set(Enrollment.objects.active(plan).values_list("member", flat=True))


def test_at_risk_members_are_not_told_to_who_may_not_see_charts(
    draft: Criteria, member: Any, administrator: Any, auditor: Any, signed_in: Any
) -> None:
    AtRiskSpell.objects.create(plan=member.plan, member=member, period=("2026-01-01", "2027-01-01"))
    made = simulate(draft=draft, as_of=DAY, accepting=60, minutes=60, by=None)
    asked = f"/H0001/criteria/simulations/{made.public_id}/", {"change": "entering"}
    row = 'data-testid="simulated-member"'
    for who, told in ((administrator, 0), (auditor, 1)):
        shown = signed_in(who).get(*asked).content.decode().split("outcomes")[0]
        assert (shown.count(row), shown.count("At-risk beneficiary")) == (1, told)


def test_the_page_shows_numbers_lists_and_a_picture(
    tried: Simulation, administrator: Any, auditor: Any, signed_in: Any
) -> None:
    address = f"/H0001/criteria/simulations/{tried.public_id}/"
    shown = signed_in(administrator).get(address, {"change": "entering"}).content.decode()
    assert shown.count('data-testid="simulated-member"') == 1
    assert "up to $100 short" in shown
    assert "<rect" in shown
    assert AuditEvent.objects.filter(kind=Kind.MEMBER_LISTED).count() == 1
    assert signed_in(auditor).get(address).status_code == 200


def test_making_one_by_the_form_and_what_is_no_percentage(draft: Criteria, administrator: Any, signed_in: Any) -> None:
    client, address = signed_in(administrator), f"/H0001/criteria/{draft.public_id}/simulate/"
    assert client.post(address, {"accepting": 101, "minutes": 0}).status_code == 422
    answer = client.post(address, {"accepting": 40, "minutes": 30})
    made = Simulation.objects.filter(criteria=draft).get()
    assert answer["Location"] == f"/H0001/criteria/simulations/{made.public_id}/"


def test_the_database_refuses_a_share_that_is_none(draft: Criteria) -> None:
    with pytest.raises(DatabaseError, match="accepting_is_a_percentage"), transaction.atomic():
        simulate(draft=draft, as_of=DAY, accepting=101, minutes=60, by=None)


def test_a_simulation_never_changes(tried: Simulation) -> None:
    for change in (lambda: Simulation.objects.update(minutes=1), lambda: tried.members.update(change="leaving")):
        with pytest.raises(DatabaseError, match="a simulation never changes"), transaction.atomic():
            change()


def test_what_was_simulated_for_criteria_in_review_is_kept(tried: Simulation, draft: Criteria, auditor: Any) -> None:
    criteria.send_for_review(draft=draft, by=auditor)
    for rows in (tried.members.all(), Simulation.objects.all()):
        with pytest.raises(DatabaseError, match="a simulation never changes"), transaction.atomic():
            rows.delete()


def test_nobody_passes_by_review_in_the_database(draft: Criteria, administrator: Any) -> None:
    by_hand = {"published_at": datetime.now(UTC), "published_by": administrator}
    with pytest.raises(DatabaseError, match="published out of review"), transaction.atomic():
        Criteria.objects.filter(pk=draft.pk).update(status="published", **by_hand)
    sent = {"sent_at": datetime.now(UTC), "sent_by": administrator}
    with pytest.raises(DatabaseError, match="after a simulation"), transaction.atomic():
        Criteria.objects.filter(pk=draft.pk).update(status="in_review", **sent)
