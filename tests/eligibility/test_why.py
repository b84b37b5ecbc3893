"""Why, or why not: the page, the API and the command tell the same tree, down to the claims."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import Kind
from accounts.models import AuditEvent
from claims.models import Fill, Load
from eligibility.determination import determine
from eligibility.explain import explain, reference_of, traces
from eligibility.models import Determination
from eligibility.rules import from_preset
from eligibility.why import cost as cost_node
from eligibility.why import tree
from members.models import AtRiskSpell, Member, MemberSpan
from tests import making
from tests.conftest import make_member
from tests.eligibility.test_determination import EIGHT, diagnose
from tests.making import DAY, fill, unknown_fill

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def near(plan: Any, administrator: Any) -> Member:
    """Two conditions and one claim of a third, seven drugs, exactly the amount."""
    making.criteria_in_force(plan, administrator)
    member = make_member(plan, "N1", first_name="Pearl", last_name="Maple")
    for code in ("E119", "J449"):
        diagnose(member, code, date(2026, 2, 1), date(2026, 5, 1))
    diagnose(member, "I509", date(2026, 2, 1))
    for name in EIGHT[:7]:
        fill(member, name, date(2026, 11, 1), cost="0.00")
    Fill.objects.filter(member=member, claim_id__contains=EIGHT[0]).update(cost="4935.00")
    return member


def page(member: Member) -> str:
    return f"/H0001/members/{member.public_id}/eligibility/"


def test_the_nearest_misses_are_told_in_numbers(near: Member) -> None:
    found = explain(member=near, on=DAY)
    assert (found.trace.outcome, found.misses) == ("not_eligible", ["2 of 3 conditions", "7 of 8 drugs"])
    texts = [node.text for _, node in found.root.walk()]
    assert "Heart failure: claims on 1 day; 2 are needed" in texts
    assert any(text.startswith("$19,740.00 is at least $1,276.00") for text in texts)


def test_every_leaf_names_its_claims_and_codes(near: Member, pharmacist: Any, signed_in: Any) -> None:
    shown = signed_in(pharmacist).get(page(near)).content.decode()
    for words in ("E119-0", "E119", "J449-1", "I509-0", "7 of 8 drugs", "metformin"):
        assert words in shown
    assert shown.count('data-testid="why-claim"') == 5 + 7 * 5  # of drugs, of the cost and of each of its times
    assert AuditEvent.objects.filter(kind=Kind.MEMBER_READ, member_id=near.pk).count() == 1


def test_a_past_day_is_explained_by_what_was_known_to_happen_until_then(near: Member) -> None:
    fill(near, EIGHT[7], date(2026, 11, 5))
    assert explain(member=near, on=DAY).misses == ["2 of 3 conditions"]
    before = explain(member=near, on=date(2026, 3, 1))
    assert before.misses[:2] == ["0 of 3 conditions", "0 of 8 drugs"]


def test_a_stored_decision_that_claims_overtook_is_told(near: Member, pharmacist: Any, signed_in: Any) -> None:
    client, criteria = signed_in(pharmacist), making.criteria_in_force(near.plan, pharmacist)
    determine(criteria=criteria, as_of=DAY, by=None)
    assert b"says the same" in client.get(page(near)).content
    AtRiskSpell.objects.create(plan=near.plan, member=near, period=("2026-01-01", "2026-12-01"))
    changed = client.get(page(near)).content
    assert b"Changed: the at-risk status." in changed
    assert b"2 of 3 conditions on the list." in changed  # what the stored decision was made of
    assert b"whatever the other tests say" in changed


def test_a_claim_withdrawn_after_the_decision_leaves_its_reasons(near: Member, pharmacist: Any) -> None:
    determine(criteria=making.criteria_in_force(near.plan, pharmacist), as_of=DAY, by=None)
    diagnose(near, "I509", date(2026, 4, 1))
    fill(near, EIGHT[7], date(2026, 11, 2))
    Load.objects.create(plan=near.plan, feed="rif", as_of=DAY, status="done", finished_at=timezone.now())
    found = explain(member=near, on=DAY)
    assert found.changed == ["claims, coverage or other files of the plan that were loaded since"]
    assert found.stored_reasons[0] == "Not eligible: 1 condition too few and 1 drug too few."


def test_a_mapping_after_the_decision_is_named(near: Member, pharmacist: Any) -> None:
    diagnose(near, "J459", date(2026, 2, 1), date(2026, 3, 1))
    diagnose(near, "I10", date(2026, 2, 1), date(2026, 3, 1))
    unknown_fill(near, date(2026, 11, 1))
    determine(criteria=making.criteria_in_force(near.plan, pharmacist), as_of=DAY, by=None)
    Determination.objects.update(determined_at=datetime(2026, 11, 1, tzinfo=UTC))
    making.mapped(near.plan, "12345678901", pharmacist, "amlodipine")
    found = explain(member=near, on=DAY)
    assert (found.stored.outcome, found.trace.outcome) == ("insufficient_data", "eligible")
    assert found.changed == ["what drug codes mean, by a mapping or a drug directory"]


def test_a_death_learned_after_the_decision_keeps_its_reasons(near: Member, pharmacist: Any, signed_in: Any) -> None:
    determine(criteria=making.criteria_in_force(near.plan, pharmacist), as_of=DAY, by=None)
    Member.objects.filter(pk=near.pk).update(death_date=date(2026, 5, 20))
    shown = signed_in(pharmacist).get(page(near)).content.decode()
    for words in (
        "the member died on May 20, 2026",
        "Before this was known it was decided: Not eligible:",
        "7 of 8 drugs",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2026-13-01", "Give a day as year-month-day"),
        ("tomorrow", "Give a day as year-month-day"),
        ("2026-11-21", "still to come"),
        ("2001-01-01", "No criteria were in force on Jan 1, 2001."),
    ],
)
def test_a_day_that_cannot_be_explained_is_said(
    asked: str, said: str, near: Member, pharmacist: Any, signed_in: Any
) -> None:
    answer = signed_in(pharmacist).get(page(near), {"on": asked})
    assert (answer.status_code, said in answer.content.decode()) == (200, True)


def test_the_dead_are_not_decided(near: Member, pharmacist: Any, signed_in: Any) -> None:
    Member.objects.filter(pk=near.pk).update(death_date=DAY)
    assert b"the member died on Nov 20, 2026" in signed_in(pharmacist).get(page(near)).content


def test_the_api_tells_the_same_tree(near: Member, pharmacist: Any, signed_in: Any) -> None:
    client = signed_in(pharmacist)
    address = f"/api/v1/plans/H0001/members/{near.public_id}/eligibility/"
    told = client.get(address, {"on": "2026-11-20"}).json()
    assert (told["outcome"], told["misses"]) == ("not_eligible", ["2 of 3 conditions", "7 of 8 drugs"])
    found = explain(member=near, on=DAY)
    assert [(test["depth"], test["text"]) for test in told["tests"]] == [(d, n.text) for d, n in found.root.walk()]
    assert client.get(address, {"on": "2030-01-01"}).status_code == 422
    assert client.get(address, {"on": "2001-01-01"}).status_code == 409


def test_the_command_prints_it(near: Member) -> None:
    out = StringIO()
    call_command("explain", plan="H0001", member="N1", on=DAY, claims=True, stdout=out)
    told = out.getvalue()
    assert "How near: 2 of 3 conditions; 7 of 8 drugs." in told
    assert "[no] Heart failure: claims on 1 day; 2 are needed" in told
    assert "claim E119-0 E119" in told
    with pytest.raises(CommandError, match="no member of that number"):
        call_command("explain", plan="H0001", member="nobody")


@pytest.mark.parametrize(
    ("method", "days"),
    [
        ("rolling", ["2026-11-01", "2026-02-01", "2025-12-01"]),
        ("to_date", ["2026-11-01", "2026-02-01"]),
        ("annualised", ["2026-11-01", "2026-02-01"]),
        ("quarter", ["2026-11-01"]),
        ("likely", ["2026-11-01"]),  # four times $400 is more than $700
    ],
)
def test_the_claims_behind_a_cost_make_it_up(plan: Any, method: str, days: list[str]) -> None:
    """Whatever days of drugs are looked at."""
    member = make_member(plan, "N2")
    for day, cost in ((date(2026, 11, 1), "400"), (date(2026, 2, 1), "300"), (date(2025, 12, 1), "500")):
        fill(member, "metformin", day, cost=cost)
    rules = replace(from_preset("bcbsm-2023"), cost_method=method, drug_days=120)
    found = traces(plan=plan, rules=rules, as_of=DAY, members=[member.pk])[member.pk]
    node = cost_node(found, rules, reference_of(plan, rules, DAY, Fill.objects.values_list("ndc", flat=True)))
    assert [str(claim.day) for claim in node.claims] == days
    made_up = [sum(claim.cost or 0 for claim in part.claims) for part in node.children]
    assert made_up == [found.to_date, found.rolling, found.quarter] == [700, 1200, 400]


def test_leaves_of_the_enrollment_file_name_its_periods(plan: Any) -> None:
    member = make_member(plan, "N3")
    AtRiskSpell.objects.create(plan=plan, member=member, period=("2026-01-01", "2026-12-01"))
    MemberSpan.objects.create(plan=plan, member=member, kind="esrd", period=("2025-03-01", None))
    rules = from_preset("bcbsma-2023")
    found = traces(plan=plan, rules=rules, as_of=DAY, members=[member.pk])[member.pk]
    texts = [node.text for _, node in tree(found, rules, reference_of(plan, rules, DAY, [])).walk()]
    assert any("end-stage renal disease 2025-03-01 to open" in text for text in texts)
    assert any("at-risk beneficiary on this day (2026-01-01 to 2026-11-30)" in text for text in texts)
