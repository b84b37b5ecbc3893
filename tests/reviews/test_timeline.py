"""Counting days: supply, overlap, grace, gaps and the proportion of days covered."""

import csv
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from reviews.answers import Answers
from reviews.expressions import ProportionCovered
from reviews.grammar import Drugs
from reviews.rules._rule import coded, filled
from reviews.timeline import DAYS, Coverage, MemberFacts, Timeline, days_from, nth_day, runs, union
from tests.reviews.reference import SETS

AS_OF = date(2026, 9, 30)


def timeline(*fills, as_of=AS_OF, sets=SETS, **facts):
    facts = {"birth_date": date(1956, 6, 15), "sex": "F", "diagnoses": (), **facts}
    return Timeline(MemberFacts(fills=fills, **facts), as_of, sets)


def periods(of, coverage, value_set="S_STATIN"):
    """Covered periods as (month, day) pairs."""
    mask = union(span for course in of.courses(value_set) for span in course.spans(coverage))
    return [((a.month, a.day), (b.month, b.day)) for a, b in of.periods(mask)]


def test_the_window_ends_on_the_review_date():
    member = timeline()
    assert member.date_of(DAYS - 1) == AS_OF
    assert member.day(member.start) == 0
    assert member.last(1) == 1 << DAYS - 1


def test_fills_outside_the_window_are_left_out():
    member = timeline(
        filled("simvastatin", 9, 30, year=2024),  # the day before the first
        filled("simvastatin", 10, 1, year=2024),
        filled("simvastatin", 10, 1),  # tomorrow
    )
    assert [fill.filled_on for fill in member.fills] == [date(2024, 10, 1)]


def test_dispensed_days_start_on_the_date_of_service():
    member = timeline(filled("simvastatin", 1, 1, 30), filled("simvastatin", 1, 21, 30))
    assert periods(member, Coverage.DISPENSED) == [((1, 1), (2, 19))]


def test_supply_of_one_ingredient_follows_on():
    member = timeline(filled("simvastatin", 1, 1, 30), filled("simvastatin", 1, 21, 30))
    assert periods(member, Coverage.SUPPLY) == [((1, 1), (3, 1))]


def test_supply_of_another_ingredient_does_not_wait():
    member = timeline(filled("simvastatin", 1, 1, 30), filled("atorvastatin", 1, 21, 30))
    assert periods(member, Coverage.SUPPLY) == [((1, 1), (2, 19))]


@pytest.mark.parametrize(
    ("refill_day", "last_day"),
    [
        (31, (4, 30)),  # 60 days on hand on 31 January are all carried over
        (30, (4, 29)),  # 61 on hand: one is lost
    ],
)
def test_at_most_60_days_are_carried_over(refill_day, last_day):
    member = timeline(filled("simvastatin", 1, 1, 90), filled("simvastatin", 1, refill_day, 30))
    assert periods(member, Coverage.SUPPLY) == [((1, 1), last_day)]


def test_partial_fills_of_one_product_add_up():
    member = timeline(filled("simvastatin", 1, 1, 10), filled("simvastatin", 1, 1, 20))
    assert periods(member, Coverage.SUPPLY) == [((1, 1), (1, 30))]


def test_two_strengths_on_one_date_run_together():
    weak = filled("simvastatin 5 mg", 1, 1, 30, ingredients=("simvastatin",))
    strong = filled("simvastatin 20 mg", 1, 1, 30, ingredients=("simvastatin",))
    assert periods(timeline(weak, strong), Coverage.SUPPLY) == [((1, 1), (1, 30))]


@pytest.mark.parametrize(
    ("days", "grace"),
    [(7, 7), (30, 7), (31, 7), (32, 8), (60, 15), (90, 22), (100, 25)],
)
def test_grace_is_a_quarter_of_the_last_supply_and_at_least_7_days(days, grace):
    member = timeline(filled("simvastatin", 1, 1, days))
    (start, end) = periods(member, Coverage.ACTIVE)[0]
    assert start == (1, 1)
    assert (date(2026, *end) - date(2026, 1, 1)).days + 1 == days + grace


def test_grace_is_never_more_than_30_days():
    partials = [filled("simvastatin", 1, 1, 100) for _ in range(2)]
    assert periods(timeline(*partials), Coverage.ACTIVE)[0][1] == (8, 13)  # 200 days and 25


@pytest.mark.parametrize(("days", "is_usable"), [(0, False), (1, True), (100, True), (101, False), (-5, False)])
def test_unbelievable_days_supply_is_flagged_and_never_covers(days, is_usable):
    member = timeline(filled("simvastatin", 1, 1, days))
    assert bool(periods(member, Coverage.SUPPLY)) is is_usable
    assert bool(member.flagged()) is not is_usable


def test_a_combination_belongs_to_each_of_its_ingredients_and_is_one_drug():
    caduet = filled("Caduet", 1, 1, ingredients=("atorvastatin", "amlodipine"))
    member = timeline(caduet, filled("atorvastatin", 2, 1))
    assert len(member.courses("S_STATIN")[0].fills) == 2
    assert [course.name for course in member.drugs] == ["amlodipine and atorvastatin", "atorvastatin"]


def test_an_unmapped_fill_is_kept_and_belongs_to_nothing():
    member = timeline(replace(filled("unknown", 1, 1), ingredients=()))
    assert len(member.fills) == 1
    assert member.drugs == ()


def test_an_unknown_value_set_is_an_error_not_an_empty_answer():
    with pytest.raises(KeyError):
        timeline().courses("S_MISSPELT")


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1956, 9, 30), date(2026, 9, 30), 70),
        (date(1956, 10, 1), date(2026, 9, 30), 69),
        (date(1956, 2, 29), date(2026, 2, 28), 69),
        (None, date(2026, 9, 30), None),
    ],
)
def test_age_is_in_completed_years(born, on, age):
    assert timeline(birth_date=born).age_on(on) == age


def test_a_diagnosis_covers_the_days_from_its_first_to_its_last_claim():
    member = timeline(diagnoses=(coded("CANCER", 12, 31, year=2025), coded("ESRD", 1, 1)))
    assert not member.diagnosed("CANCER") & member.measurement_year
    assert member.diagnosed("ESRD") & member.measurement_year


@pytest.mark.parametrize("days", [set(), {0}, {729}, {0, 1, 2, 5, 7, 8, 728, 729}, set(range(730))])
def test_runs_and_the_nth_day_agree_with_counting(days):
    mask = sum(1 << day for day in days)
    listed = [day for first, last in runs(mask) for day in range(first, last + 1)]
    assert listed == sorted(days)
    assert [nth_day(mask, n + 1) for n in range(len(days))] == sorted(days)


def test_days_outside_the_window_are_cut_off():
    assert days_from(-5, 1) == 0b11
    assert days_from(DAYS - 1, DAYS + 40) == 1 << DAYS - 1
    assert days_from(3, 2) == 0


# The worked examples of PQA and our own (docs/rules.md). Those with an inpatient stay are left out: that adjustment is
# not computed.

VECTORS = """\
PQA1,2018-01-01:90:metformin 2018-04-01:90:glipizide,2018-12-31,180,365
PQA3,2018-03-25:90:metformin 2018-07-05:90:metformin 2018-09-25:90:metformin,2018-12-31,270,282
PQA4,2018-01-01:90:metformin 2018-03-25:90:metformin 2018-07-05:90:metformin 2018-10-15:90:metformin,2018-12-31,348,365
OWN5,2018-01-01:90:metformin 2018-03-01:90:glipizide+metformin 2018-06-01:90:glipizide+metformin,2018-12-31,270,365
OWN7,2018-10-02:30:metformin 2018-11-02:30:metformin 2018-12-05:30:metformin,2018-12-31,87,91
OWN8b,2018-01-01:90:metformin 2018-04-10:90:metformin 2018-07-20:90:metformin 2018-10-25:60:metformin,2018-12-31,330,365
OWN9,2018-01-01:30:metformin 2018-02-05:30:metformin 2018-03-10:90:metformin 2018-06-20:90:metformin,2018-08-31,223,243
"""


def vector_fills(claims):
    for claim in claims.split():
        on, days, names = re.fullmatch(r"(.{10}):(\d+):(.+)", claim).groups()
        first = date.fromisoformat(on)
        yield filled(names, first.month, first.day, int(days), year=first.year, ingredients=tuple(names.split("+")))


@pytest.mark.parametrize(
    ("name", "claims", "end", "covered", "period"), list(csv.reader(VECTORS.splitlines())), ids=lambda value: value[:5]
)
def test_pdc_reproduces_the_worked_examples_day_for_day(name, claims, end, covered, period):
    member = timeline(*vector_fills(claims), as_of=date.fromisoformat(end))
    found = member.days_covered("S_PDC_DR")
    assert (found.covered, found.period) == (int(covered), int(period)), name
    drugs = Drugs("S_PDC_DR", "drug", "diabetes medicines")
    assert Answers(member).number(ProportionCovered(drugs)) == Fraction(100 * int(covered), int(period))


def test_pdc_shifts_intervals_as_the_worked_example_does():
    claims = "2018-01-01:90:metformin 2018-03-01:90:glipizide+metformin 2018-06-01:90:glipizide+metformin"
    member = timeline(*vector_fills(claims), as_of=date(2018, 12, 31))
    spans = member.adherence_spans("S_PDC_DR")
    assert [(member.date_of(span.first), member.date_of(span.last)) for span in spans] == [
        (date(2018, 3, 1), date(2018, 5, 29)),  # glipizide
        (date(2018, 6, 1), date(2018, 8, 29)),
        (date(2018, 1, 1), date(2018, 3, 31)),  # metformin
        (date(2018, 4, 1), date(2018, 6, 29)),
        (date(2018, 6, 30), date(2018, 9, 27)),
    ]


@pytest.mark.parametrize(("first", "period"), [(date(2018, 10, 3), 90), (date(2018, 10, 2), 91)])
def test_the_treatment_period_counts_both_its_ends(first, period):
    member = timeline(filled("simvastatin", first.month, first.day, year=2018), as_of=date(2018, 12, 31))
    assert member.days_covered("S_STATIN").period == period


def test_pdc_carries_nothing_over_the_new_year():
    member = timeline(filled("simvastatin", 12, 31, 90, year=2025), filled("simvastatin", 3, 1, 30))
    assert member.days_covered("S_STATIN").covered == 30


def test_pdc_is_not_known_without_a_fill_this_year():
    assert timeline(filled("simvastatin", 12, 31, 90, year=2025)).days_covered("S_STATIN") is None


def test_pdc_carries_more_than_60_days_forward():
    refills = [filled("simvastatin", 1, 1 + n, 90) for n in range(3)]
    assert timeline(*refills).days_covered("S_STATIN").covered == 270
