from accounts.models import Plan, User
from members.models import Member
from mtm.state import PARTS, state_hash
from reviews import alerts
from tests.making import alert, enrolled


def test_the_hash_changes_with_a_decision_and_with_nothing_else(
    member: Member, pharmacist: User, other_plan: Plan
) -> None:
    enrolled(member, pharmacist)
    found = alert(member)
    before = state_hash(member.plan)
    assert set(before) == {*PARTS, "all"}
    assert state_hash(member.plan) == before
    alerts.claim(alert=found, by=pharmacist)
    after = state_hash(member.plan)
    assert {part for part in before if before[part] != after[part]} == {"alerts", "all"}


def test_it_is_of_one_plan(member: Member, pharmacist: User, other_plan: Plan) -> None:
    before = state_hash(other_plan)
    enrolled(member, pharmacist)
    assert state_hash(other_plan) == before
