"""Decisions and criteria in words: the sentences carry the numbers that decided."""

from datetime import date
from typing import Any

import pytest

from eligibility.models import Criteria, Determination
from eligibility.reasons import days_in_force, in_words, rule_in_words, summary
from tests import making

VALUES = {
    "minimum_conditions": 3,
    "minimum_drugs": 8,
    "drugs": "maintenance",
    "cost_threshold": "1340.00",
    "cost_operator": "ge",
    "at_risk_path": True,
    "list_is_illustrative": False,
}


def reason(test: str, met: bool, found: Any, needed: Any, **more: Any) -> dict[str, Any]:
    return {"test": test, "met": met, "found": found, "needed": needed, **more}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (reason("drugs", False, 7, 8, unmapped=0), "7 of 8 drugs that count."),
        (reason("drugs", True, 9, 8, unmapped=0), "9 drugs that count; at least 8 are needed."),
        (
            reason("drugs", True, 9, 8, unmapped=1),
            "9 drugs that count; at least 8 are needed. 1 more that nobody knows may count too.",
        ),
        (
            reason("drugs", False, 7, 8, unmapped=2),
            "7 of 8 drugs that count. 2 more that nobody knows may count too.",
        ),
        (reason("conditions", False, 1, 3), "1 of 3 conditions on the list."),
        (reason("conditions", True, 3, 3), "3 conditions on the list; at least 3 are needed."),
        (reason("cost", False, "4935.00", "4935.00", operator="gt"), "$4,935.00 is not more than $4,935.00."),
        (reason("cost", True, "4935.00", "4935.00", operator="ge"), "$4,935.00 is at least $4,935.00."),
        (reason("cost", False, "4934.99", "4935.00", operator="ge"), "$4,934.99 is not at least $4,935.00."),
        (reason("at_risk", False, False, True), "Not an at-risk beneficiary on this day."),
        (reason("at_risk", True, True, True), "At-risk beneficiary on this day; that alone is enough."),
        (
            reason("at_risk", False, True, False),
            "At-risk beneficiary on this day, but these criteria do not target at-risk beneficiaries.",
        ),
    ],
)
def test_each_reason_is_a_sentence_with_its_numbers(given: dict[str, Any], said: str) -> None:
    (told,) = in_words([given])
    assert (told.sentence, told.met) == (said, given["met"])


def decided(outcome: str, path: str, *reasons: dict[str, Any]) -> Determination:
    missing = ["claims"] if outcome == "insufficient_data" else []
    return Determination(outcome=outcome, path=path, reasons=list(reasons), missing=missing)


def test_a_near_miss_says_what_was_lacking() -> None:
    decision = decided(
        "not_eligible",
        "none",
        reason("conditions", True, 3, 3),
        reason("drugs", False, 7, 8),
        reason("cost", False, "1.00", "4935.00", operator="ge"),
        reason("at_risk", False, False, True),
    )
    assert summary(decision) == "Not eligible: 1 drug too few and the cost is too low."


@pytest.mark.parametrize(
    ("outcome", "path", "words"),
    [
        ("eligible", "conditions_drugs_cost", "all met"),
        ("eligible", "at_risk", "at-risk beneficiary"),
        ("eligible", "both", "twice over"),
        ("insufficient_data", "none", "Not enough data"),
        ("not_eligible", "none", "Not eligible."),
    ],
)
def test_every_outcome_has_words(outcome: str, path: str, words: str) -> None:
    assert words in summary(decided(outcome, path))


def test_the_rule_reads_as_members_will_read_it() -> None:
    assert rule_in_words(VALUES, ["Diabetes", "Asthma"]) == [
        "You have 3 or more long-term health problems from this list: Diabetes, Asthma.",
        "You take 8 or more Part D maintenance drugs.",
        "Your Part D drugs cost at least $1,340.00 a year.",
    ]
    assert "such as: none yet" in rule_in_words(VALUES | {"list_is_illustrative": True}, [])[0]


def test_drafts_are_in_force_on_no_day(plan: Any, administrator: Any) -> None:
    published = making.criteria_in_force(plan, administrator)
    assert days_in_force(published) == (date(2026, 1, 1), date(2026, 12, 31))
    assert days_in_force(Criteria(status="draft")) is None
