"""What is not known and could tip the answer is told as missing, and never a silent no."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Plan
from claims.models import Fill
from eligibility.determination import parameters
from eligibility.explain import reference_of, traces
from eligibility.rules import Rules, from_preset
from eligibility.why import tree
from members.models import Member
from mtm.lib import sql
from tests.conftest import make_member
from tests.eligibility.test_determination import EIGHT, diagnose
from tests.making import fill, unknown_fill

DAY = date(2023, 12, 31)
ANY, EACH_MONTH = "bcbsma-2023", "bcbsm-2023"


def preset(name: str, **changes: Any) -> Rules:
    return replace(from_preset(name), **changes)


def with_eight_drugs(plan: Plan, *conditions: str) -> Member:
    member = make_member(plan, "M1")
    for code in conditions:
        diagnose(member, code, date(2023, 2, 1), date(2023, 5, 1))
    for name in EIGHT:
        fill(member, name, date(2023, 12, 10), cost="4000.00")
    return member


def answer(member: Member, rules: Rules) -> tuple[str, list[str]]:
    """What the statement says, and the trace too."""
    only = (member.pk, member.pk)
    (row,) = sql.rows("eligibility", "decide", **parameters(member.plan, rules, DAY, only))
    found = traces(plan=member.plan, rules=rules, as_of=DAY, members=[member.pk])[member.pk]
    assert (found.outcome, found.missing) == (row["outcome"], row["missing"])
    return row["outcome"], row["missing"]


def test_a_diagnosis_of_long_ago_of_somebody_else_is_no_diagnosis_feed(plan: Plan) -> None:
    diagnose(make_member(plan, "M2"), "E119", date(2015, 1, 1))
    member = with_eight_drugs(plan)
    assert answer(member, preset(ANY)) == ("insufficient_data", ["diagnoses"])
    diagnose(Member.objects.get(source_id="M2"), "I10", date(2023, 1, 1))
    assert answer(member, preset(ANY)) == ("not_eligible", [])


def test_a_fill_of_long_ago_of_somebody_else_is_no_feed_of_fills(plan: Plan) -> None:
    fill(make_member(plan, "M2"), "metformin", date(2015, 1, 1))
    member = make_member(plan, "M1")
    for code in ("E119", "I10", "I509"):
        diagnose(member, code, date(2023, 2, 1), date(2023, 5, 1))
    assert answer(member, preset(ANY)) == ("insufficient_data", ["fills"])


@pytest.mark.parametrize(
    ("unsupplied", "name", "changes", "expected"),
    [
        (8, EACH_MONTH, {}, ("insufficient_data", ["supply"])),
        (1, EACH_MONTH, {}, ("insufficient_data", ["supply"])),
        (0, EACH_MONTH, {}, ("not_eligible", [])),
        (1, EACH_MONTH, {"drug_active_days": 0}, ("eligible", [])),  # nothing hangs on it
        (8, ANY, {"drug_supply": 30}, ("insufficient_data", ["supply"])),
    ],
)
def test_days_of_supply_that_were_not_told(
    plan: Plan, unsupplied: int, name: str, changes: dict[str, Any], expected: tuple[str, list[str]]
) -> None:
    """Fills of seven weeks ago with 30 days each have ended; without days nobody knows."""
    rules, member = preset(name, **changes), with_eight_drugs(plan, "E119", "J449", "I509", "I10")
    Fill.objects.filter(member=member).update(filled_on=date(2023, 11, 1))
    some = Fill.objects.filter(member=member).order_by("pk")[:unsupplied]
    Fill.objects.filter(pk__in=some.values("pk")).update(days_supply=None)
    if unsupplied == 1 and rules.drug_active_days:
        Fill.objects.filter(member=member, days_supply=30).update(days_supply=90)
    assert answer(member, rules) == expected


def test_a_situational_drug_without_days_may_count(plan: Plan) -> None:
    member = with_eight_drugs(plan, "E119", "J449", "I509")
    Fill.objects.filter(member=member, claim_id__contains=EIGHT[0]).delete()
    rules = preset(EACH_MONTH, drug_active_days=0)
    fill(member, "meloxicam", date(2023, 12, 1), days=30)
    assert answer(member, rules) == ("not_eligible", [])
    fill(member, "meloxicam", date(2023, 12, 20), number=2, days_supply=None)
    assert answer(member, rules) == ("insufficient_data", ["supply"])


def test_the_tree_says_what_is_not_known_of_a_drug(plan: Plan) -> None:
    member = with_eight_drugs(plan, "E119", "J449", "I509")
    Fill.objects.filter(member=member).update(days_supply=None, filled_on=date(2023, 11, 1))
    rules = preset(EACH_MONTH)
    found = traces(plan=plan, rules=rules, as_of=DAY, members=[member.pk])[member.pk]
    reference = reference_of(plan, rules, DAY, Fill.objects.values_list("ndc", flat=True))
    root = tree(found, rules, reference)
    assert "fills came without their days of supply" in root.text
    assert any("days of supply were not told" in node.text for _, node in root.walk())


def test_an_unknown_drug_that_could_stand_for_the_third_condition(plan: Plan) -> None:
    rules = preset(EACH_MONTH, drug_proxies=True)
    member = with_eight_drugs(plan, "E119", "I509")
    assert answer(member, rules) == ("not_eligible", [])
    for number, day in enumerate((date(2023, 6, 1), date(2023, 7, 1))):
        unknown_fill(member, day, number=number)
    assert answer(member, rules) == ("insufficient_data", ["drugs"])
    assert answer(member, preset(EACH_MONTH)) == ("not_eligible", [])  # drugs stand for nothing there


def test_one_unknown_drug_stands_for_one_condition_at_most(plan: Plan) -> None:
    rules = preset(EACH_MONTH, drug_proxies=True)
    member = with_eight_drugs(plan, "I509")
    fills: list[Any] = [unknown_fill(member, date(2023, 6, n), number=n) for n in range(1, 5)]
    assert answer(member, rules) == ("not_eligible", [])
    Fill.objects.filter(pk__in=[one.pk for one in fills[2:]]).update(ndc="98765432101")
    assert answer(member, rules) == ("insufficient_data", ["drugs"])
