"""The evaluator on day masks agrees with the oracle on sets of dates, on days and supplies at the rules' boundaries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.answers import Answers
from reviews.expressions import (
    MEASUREMENT_YEAR,
    THE_DRUG,
    TODAY,
    Age,
    IsOneOf,
    SomeDrug,
    Started,
    active,
    dispensed,
    last,
    supply,
)
from reviews.grammar import Comparison, Days, Drugs, Number, Term, Unit, Window, terms
from reviews.rules import RULES
from reviews.timeline import DiagnosisFact, Fill, MemberFacts, Timeline
from tests.reviews.oracle import Oracle
from tests.reviews.reference import SETS

AS_OF = (date(2026, 9, 30), date(2026, 1, 1), date(2026, 12, 31), date(2024, 2, 29), date(2026, 3, 31))
EDGES = (1, 2, 3, 6, 7, 8, 14, 15, 29, 30, 31, 44, 59, 60, 61, 84, 89, 90, 91, 100)
CONDITIONS = ("CANCER", "SICKLE", "PALLIATIVE", "ESRD", "LIVER", "RHABDO_MYOPATHY", "PREDIABETES_PCOS", "PREGNANCY")

OPIOIDS = Drugs("S_OPIOID", "opioid", "opioids")
STATINS = Drugs("S_STATIN", "statin", "statins")
EVERY_OPERATOR = (
    ((supply(OPIOIDS) | dispensed(STATINS)) & ~active(OPIOIDS)).days(last(365)) > 30,
    (supply(OPIOIDS) & supply(STATINS)).days(MEASUREMENT_YEAR) <= 29,
    Started(OPIOIDS, TODAY) | (Age() > 65),
    SomeDrug(IsOneOf(THE_DRUG, STATINS)),
)


def expressions(rule) -> list[Term]:
    states = [state.condition for state in rule.states]
    return [rule.applies, rule.fires, rule.closes, *states, *([rule.less_severe] if rule.less_severe else [])]


def boundaries(asked: list[Term]) -> list[int]:
    """Every number of days that matters to some expressions, one less and one more."""
    inside = {term for expression in asked for term in terms(expression)}
    limits = {term.threshold for term in inside if isinstance(term, Comparison) and term.number.unit is Unit.DAYS}
    windows = {window.days for term in inside for window in parts(term, Window) if window.days}
    return sorted({n + step for n in limits | windows | {180, 365, 729} for step in (-1, 0, 1)} | set(EDGES))


def parts(term: Term, kind: type) -> list:
    return [part for name in term.__slots__ if isinstance(part := getattr(term, name), kind)]


def ingredients(asked: list[Term]) -> list[tuple[str, ...]]:
    """Two ingredients of each value set an expression speaks of, a combination, an unmapped NDC and a bystander."""
    inside = {term for expression in asked for term in terms(expression)}
    named = {drugs.value_set for term in inside for drugs in parts(term, Drugs) if drugs.value_set}
    singles = [(name,) for value_set in sorted(named) for name in sorted(SETS[value_set])[:2]]
    pair = tuple(name for single in singles[:3] for name in single)
    return [*singles, pair or ("atorvastatin", "amlodipine"), ("atorvastatin",), ("lisinopril",), ()]


@st.composite
def members(draw, asked: list[Term]):
    """A member and a review date, with everything at or beside a boundary."""
    as_of = draw(st.sampled_from(AS_OF))
    days, drugs = boundaries(asked), ingredients(asked)
    ago = st.sampled_from(days).map(lambda n: as_of - timedelta(days=n)) | st.sampled_from(
        [as_of, date(as_of.year, 1, 1), date(as_of.year - 1, 12, 31), as_of + timedelta(days=1)]
    )
    fills = draw(
        st.lists(
            st.builds(fill, ago, st.sampled_from([*EDGES, 0, 101]), st.sampled_from(drugs), st.integers(0, 3)),
            max_size=12,
        )
    )
    fills = [Fill(str(n), *rest) for n, rest in enumerate(fills)]
    periods = st.tuples(ago, st.sampled_from((0, 1, 30))).map(lambda p: (p[0], p[0] + timedelta(days=p[1])))
    diagnoses = st.builds(lambda c, p: DiagnosisFact(c, *p), st.sampled_from(CONDITIONS), periods)
    age = draw(st.sampled_from((17, 18, 39, 40, 70, 75, 76, None)))
    born = None if age is None else draw(birthdays(as_of, age))
    few = draw(st.lists(diagnoses, max_size=1)), draw(st.lists(periods, max_size=1))
    return MemberFacts(born, "F", tuple(fills), *map(tuple, few)), as_of


def birthdays(as_of: date, age: int):
    anchors = [
        date(as_of.year - age, 1, 1),
        date(as_of.year - age, 1, 2),
        date(as_of.year - age, as_of.month, min(as_of.day, 28)),
    ]
    return st.sampled_from(anchors + [anchor + timedelta(days=1) for anchor in anchors])


def fill(on: date, days: int, names: tuple[str, ...], kind: int) -> tuple:
    """Everything of a fill but its claim id; brands save $24.99, $25.00 or more, or have no generic."""
    price = {0: None, 1: Decimal("0.10"), 2: Decimal("0.10"), 3: None}[kind]
    cost = round(Decimal(days) * (Decimal("0.10") + Decimal(25) / 30), 2) if kind == 2 else Decimal("27.99")
    ndc = f"{names}{kind % 2}"
    return on, days, Decimal(days), cost, ndc, ndc, names, f"Dr. {kind}", "Main Street", kind in (1, 2), price


def disagreements(asked: list[Term], facts: MemberFacts, as_of: date) -> list:
    answers, oracle = Answers(Timeline(facts, as_of, SETS)), Oracle(facts, as_of, SETS)
    told = [(term, answers.holds(term), oracle.holds(term)) for term in asked]
    for term in {inner for expression in asked for inner in terms(expression)}:
        if isinstance(term, Number) and THE_DRUG not in parts(term, Drugs):
            told.append((term, answers.number(term), oracle.number(term)))
        if isinstance(term, Days):
            mask = answers.days(term) & answers.window(last(730))
            told.append((term, {answers.timeline.date_of(n) for n in range(730) if mask >> n & 1}, oracle.days(term)))
    return [(term, ours, theirs) for term, ours, theirs in told if ours != theirs]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_the_evaluator_agrees_with_the_oracle_on_every_rule(rule):
    asked = expressions(rule)

    @settings(max_examples=150, deadline=None)
    @given(members(asked))
    def agree(member):
        assert disagreements(asked, *member) == []

    agree()


@settings(max_examples=150, deadline=None)
@given(members(list(EVERY_OPERATOR)))
def test_the_evaluator_agrees_with_the_oracle_on_every_operator(member):
    assert disagreements(list(EVERY_OPERATOR), *member) == []


def test_an_unknown_number_satisfies_no_comparison():
    answers = Answers(Timeline(MemberFacts(None, "F", (), ()), date(2026, 9, 30), SETS))
    assert not any(answers.holds(told) for told in (Age() < 200, Age() <= 200, Age() > 0, Age() >= 0))


@pytest.mark.parametrize(("days_before", "is_new"), [(180, False), (181, True)])
def test_a_start_is_new_after_180_days_without(days_before, is_new):
    as_of = date(2026, 9, 30)
    dates = (as_of - timedelta(days=days_before), as_of)
    fills = tuple(Fill(str(n), *fill(on, 30, ("oxycodone",), 0)) for n, on in enumerate(dates))
    answers = Answers(Timeline(MemberFacts(None, "F", fills, ()), as_of, SETS))
    assert answers.holds(Started(OPIOIDS, TODAY)) is is_new


def test_expressions_are_data_that_compare_and_hash():
    assert (supply(OPIOIDS).days(last(30)) >= 7) == (supply(OPIOIDS).days(last(30)) >= 7)
    assert len({supply(OPIOIDS), supply(OPIOIDS), active(OPIOIDS)}) == 2


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (supply(OPIOIDS).days(last(30)) >= 1, "there are at least 1 day with opioids in supply in the last 30 days"),
        (supply(OPIOIDS).days(last(30)) < 1, "there are no days with opioids in supply in the last 30 days"),
        (~(Age() < 18), "age on the review date is not less than 18 years"),
        (
            (dispensed(OPIOIDS) | ~active(STATINS)).days(TODAY) > 2,
            "there are more than 2 days with either opioids as dispensed or no statins in use on the review date",
        ),
        (
            ~(Started(OPIOIDS, last(60)) & (Age() <= 75)),
            "it is not the case that opioids started in the last 60 days "
            "(none filled for 180 days before), and age on the review date is at most 75 years",
        ),
    ],
)
def test_expressions_say_themselves_in_plain_words(expression, words):
    assert expression.words() == words
