"""Dispensings: of courses at their pace, and of short courses as illness brings them. One row of a frame is one fill.

Columns: member (place in the block), day, paid (day of payment), code and item (places in Catalogue.codes and .items),
quantity (thousandths), supply (days), refill, prescription, prescriber, pharmacy, nursing, compound, coverage (place in
COVERAGE), part (place in PARTS), version (place in VERSIONS), cents.
"""

import numpy as np
import polars as pl

from mtm.generator import providers
from mtm.generator.arrays import counted, ranked, replaced, running
from mtm.generator.calibration import COMPOUND, NOT_COVERED
from mtm.generator.catalogue import Catalogue
from mtm.generator.courses import Courses, nursing_supply, pick_items, unlisted
from mtm.generator.days import Flags, Ints, Period
from mtm.generator.people import NEVER, People

COVERAGE = ("C", "E", "O")  # DRUG_CVRG_STUS_CD: covered, enhanced benefit, over the counter
PARTS = ("", "P", "C")  # DSPNSNG_STUS_CD: whole, partial fill, completion
VERSIONS = ("", "A", "D")  # ADJSTMT_DLTN_CD: original, adjustment, deletion
ORIGINAL, ADJUSTMENT, DELETION = range(3)

EARLIEST_REFILL = 0.78  # of the days' supply
OTHER_PRESCRIBER, OTHER_PHARMACY, OTHER_FOR_SHORT = 0.04, 0.07, 0.30
SHORT_AGAIN = 0.22
SHORT_BY_BURDEN = 0.40
INFLATION = 1.005
DISPENSING_FEE = (100, 260)  # cents
Rows = dict[str, Ints]
PRESCRIPTIONS = 1_000  # fewer than so many a member; short courses are numbered from half of it


def draw(
    rng: np.random.Generator,
    people: People,
    courses: Courses,
    catalogue: Catalogue,
    fills_a_million: float,
    period: Period,
) -> pl.DataFrame:
    lasting = of_courses(rng, people, courses, period)
    short = of_short_courses(rng, people, catalogue, fills_a_million, period)
    both = {name: np.concatenate([lasting[name], short[name]]) for name in lasting}
    inside = people.covered(both["member"], both["day"], period)
    kept = {name: values[inside] for name, values in both.items()}
    return pl.DataFrame(described(rng, kept, people, catalogue, period))


def of_courses(rng: np.random.Generator, people: People, courses: Courses, period: Period) -> Rows:
    supply = supply_of(rng, people, courses)
    ends = np.minimum(courses.stops, period.length)
    many = ((ends - courses.starts) / (supply * courses.pace * 0.9)).clip(0).astype(np.int64) + 2
    course = np.repeat(np.arange(len(courses)), many)
    refill = counted(many)
    pace = rng.normal(courses.pace[course], courses.spread[course]).clip(EARLIEST_REFILL)
    step = np.where(refill == 0, 0.0, supply[course] * pace)
    day = courses.starts[course] + running(step, many).astype(np.int64)
    going = (day >= 0) & (day < ends[course])
    course, refill, day = course[going], refill[going], day[going]
    member = courses.member[course]
    item = np.where(refill >= courses.change_at[course], courses.later_item[course], courses.item[course])
    return {
        "member": member,
        "day": day,
        "item": item,
        "supply": supply[course],
        "dose": courses.dose[course],
        "refill": refill % 12,
        "prescription": ranked(courses.member)[course] * 10 + refill // 12 % 10,
        "prescriber": replaced(rng, courses.prescriber[course], OTHER_PRESCRIBER, providers.PRIMARY),
        "pharmacy": pharmacy_of(rng, people, courses, course, day),
        "unlisted": courses.unlisted[course],
    }


def supply_of(rng: np.random.Generator, people: People, courses: Courses) -> Ints:
    nursed = people.nursing_from[courses.member] < NEVER
    return np.where(nursed, nursing_supply(rng, len(courses)), courses.supply)


def pharmacy_of(rng: np.random.Generator, people: People, courses: Courses, course: Ints, day: Ints) -> Ints:
    place = courses.pharmacy[course]
    retail = place < providers.KINDS[providers.RETAIL][1]
    other = replaced(rng, place, OTHER_PHARMACY, providers.KINDS[providers.RETAIL][1])
    member = courses.member[course]
    nursing = providers.own_pharmacy(people.number[member], providers.NURSING)
    return np.where(day >= people.nursing_from[member], nursing, np.where(retail, other, place))


def of_short_courses(
    rng: np.random.Generator, people: People, catalogue: Catalogue, fills_a_million: float, period: Period
) -> Rows:
    """One fill each, at times a second one of the same product soon after."""
    member, line = short_courses(rng, people, catalogue, fills_a_million, period)
    first = {
        "member": member,
        "day": rng.integers(0, period.length, len(member)),
        "item": pick_items(rng, line, catalogue),
        "supply": short_supply(rng, line, catalogue),
        "dose": np.ones(len(line), np.int64),
        "refill": np.zeros(len(line), np.int64),
        "prescription": (PRESCRIPTIONS // 2 + ranked(member)) % PRESCRIPTIONS * 10,
        "prescriber": short_prescriber(rng, people, member),
        "pharmacy": short_pharmacy(rng, people, member),
        "unlisted": unlisted(rng, len(line), catalogue),
    }
    again = rng.random(len(member)) < SHORT_AGAIN
    second = {name: values[again] for name, values in first.items()}
    second["day"] = second["day"] + second["supply"] + rng.integers(2, 40, int(again.sum()))
    second["refill"] = second["refill"] + 1
    return {name: np.concatenate([values, second[name]]) for name, values in first.items()}


def short_courses(
    rng: np.random.Generator, people: People, catalogue: Catalogue, fills_a_million: float, period: Period
) -> tuple[Ints, Ints]:
    """Member and line of each."""
    rates = np.array([line.claims * (1 - line.lasting) for line in catalogue.lines]) * fills_a_million
    often = np.exp(SHORT_BY_BURDEN * people.burden - SHORT_BY_BURDEN**2 / 2) * ~people.takes_nothing
    many = rng.poisson(rates.sum() * len(period.years) * often / (1 + SHORT_AGAIN))
    member = np.repeat(np.arange(len(people)), many)
    return member, rng.choice(len(rates), len(member), p=rates / rates.sum())


def short_supply(rng: np.random.Generator, line: Ints, catalogue: Catalogue) -> Ints:
    days = np.array([each.course_days or 30 for each in catalogue.lines])[line]
    varied: Ints = (days * rng.choice([0.7, 1.0, 1.0, 1.0, 1.4], len(line))).astype(np.int64).clip(1)
    return varied


def short_prescriber(rng: np.random.Generator, people: People, member: Ints) -> Ints:
    """The own doctor, or whoever was on duty."""
    doctor = providers.own_doctor((people.choice[member] * providers.PRIMARY).astype(np.int64))
    return replaced(rng, doctor, OTHER_FOR_SHORT, providers.PRESCRIBERS)


def short_pharmacy(rng: np.random.Generator, people: People, member: Ints) -> Ints:
    retail = providers.KINDS[providers.RETAIL][1]
    return replaced(rng, providers.own_pharmacy(people.number[member], providers.RETAIL), OTHER_PHARMACY, retail)


def described(
    rng: np.random.Generator, rows: Rows, people: People, catalogue: Catalogue, period: Period
) -> dict[str, Ints | Flags]:
    """What a fill has besides: amounts, codes and what is odd about it."""
    size, item = len(rows["day"]), rows["item"]
    thousandths = quantities(rows, catalogue)
    return {
        **{name: values for name, values in rows.items() if name not in ("dose", "unlisted")},
        "paid": rows["day"] + rng.integers(0, 12, size),
        "code": np.where(rows["unlisted"] >= 0, rows["unlisted"], item),
        "quantity": thousandths,
        "cents": prices(rng, rows["day"], item, thousandths, catalogue),
        "nursing": rows["day"] >= people.nursing_from[rows["member"]],
        "compound": rng.random(size) < COMPOUND,
        "coverage": rng.choice(3, size, p=[1 - NOT_COVERED, NOT_COVERED / 2, NOT_COVERED / 2]),
        "part": np.zeros(size, np.int64),
        "version": np.full(size, ORIGINAL),
    }


def quantities(rows: Rows, catalogue: Catalogue) -> Ints:
    """Thousandths of a unit; whole tablets, and never none."""
    line = catalogue.item_line[rows["item"]]
    monthly = np.array([each.units for each in catalogue.lines])[line]
    units = monthly * rows["supply"] / 30 * rows["dose"]
    solid = np.array([each.solid for each in catalogue.lines])[line]
    thousandths: Ints = (np.where(solid, np.ceil(units), units).clip(0.1) * 1000).round().astype(np.int64)
    return thousandths


def prices(rng: np.random.Generator, day: Ints, item: Ints, thousandths: Ints, catalogue: Catalogue) -> Ints:
    """Cents: units at the item's price, which rises over time, and a dispensing fee."""
    drift = INFLATION ** (day / 365) * rng.uniform(0.96, 1.04, len(day))
    fee = rng.integers(*DISPENSING_FEE, len(day))
    cents: Ints = (catalogue.item_price[item] * thousandths / 1000 * drift).round().astype(np.int64) + fee
    return cents
