"""Medical claims: visits and stays, and the diagnosis codes they carry."""

import numpy as np
import polars as pl

from mtm.generator.arrays import counted
from mtm.generator.conditions import BACKGROUND, CONDITIONS, Disease
from mtm.generator.days import Ints, Period
from mtm.generator.people import People

CARRIER, OUTPATIENT, INPATIENT = range(3)
KINDS = (0.765, 0.215, 0.020)  # shares of claims, by kind
SLOTS = 12
# Claims a member and month: a base, more for each condition.
CHECKED = 0.90  # share of half-years with a check-up, for those who have anything
BASE, A_CONDITION, BY_BURDEN = 0.33, 0.128, 0.12
# Codes of a claim beyond the first, by kind (mean of a Poisson number), and how many slots are tried.
MORE_CODES = (0.62, 0.9, 6.0)
OWN = 0.66  # share of codes that are the member's own conditions
SUSPECTED = 0.02  # of the others: conditions suspected once and not found
ALTERNATIVE = 0.25  # share of codes of a condition that are not the member's usual one

CODES = tuple(dict.fromkeys((*(code for item in CONDITIONS for code in item.codes), *BACKGROUND)))
PLACE = {code: place for place, code in enumerate(CODES)}
BACKGROUND_PLACES = np.array([PLACE[code] for code in BACKGROUND])
FIRST_CODES = np.array([PLACE[item.codes[0]] for item in CONDITIONS])
CODES_OF = [np.array([PLACE[code] for code in item.codes]) for item in CONDITIONS]


def draw(rng: np.random.Generator, people: People, disease: Disease, period: Period) -> pl.DataFrame:
    """One row a claim: member, kind, day, end, and `codes`, twelve places in CODES with -1 for none."""
    member, day = dates(rng, people, disease, period)
    kind = rng.choice(3, len(member), p=KINDS)
    asked = rng.poisson(np.array(MORE_CODES)[kind]).clip(0, SLOTS - 1) + 1
    codes = carried(rng, member, day, asked, disease)
    listed, on = checkups(rng, people, disease, period)
    codes = np.concatenate([codes, all_conditions(rng, listed, on, disease)])
    member, day = np.concatenate([member, listed]), np.concatenate([day, on])
    kind = np.concatenate([kind, np.full(len(listed), CARRIER)])
    frame = pl.DataFrame(
        {
            "member": member,
            "kind": kind,
            "day": day,
            "end": day + np.where(kind == INPATIENT, rng.integers(1, 9, len(day)), 0),
            "prescriber": rng.integers(0, 1 << 20, len(day)),
            "lines": 1 + (rng.random(len(day)) < 0.25).astype(np.int64),
            **{f"code{slot}": codes[:, slot] for slot in range(SLOTS)},
        }
    )
    return frame.sort("member", "day", maintain_order=True)


def dates(rng: np.random.Generator, people: People, disease: Disease, period: Period) -> tuple[Ints, Ints]:
    """Member and day of each claim, while covered."""
    rate = (BASE + A_CONDITION * disease.has.sum(axis=1)) * np.exp(BY_BURDEN * people.burden)
    member = np.repeat(np.arange(len(people)), rng.poisson(rate * 12 * len(period.years)))
    day = rng.integers(0, period.length, len(member))
    inside = people.covered(member, day, period)
    return member[inside], day[inside]


def checkups(rng: np.random.Generator, people: People, disease: Disease, period: Period) -> tuple[Ints, Ints]:
    """Member and day of visits, one in each half of a year, at which the doctor lists all conditions."""
    halves = period.month_starts[:-1:6]
    shape = (len(people), len(halves))
    going = np.broadcast_to(disease.has.sum(axis=1)[:, None] > 0, shape) & (rng.random(shape) < CHECKED)
    member, half = np.nonzero(going)
    day = halves[half] + rng.integers(0, 181, len(member))
    inside = people.covered(member, day, period)
    return member[inside], day[inside]


def all_conditions(rng: np.random.Generator, member: Ints, day: Ints, disease: Disease) -> Ints:
    """Codes of what each member has by then, the core diseases first; as many as a claim holds."""
    has = disease.has[member] & (disease.begins[member] <= day[:, None])
    claim, own = np.nonzero(has)
    slot = counted(has.sum(axis=1))
    kept = slot < SLOTS
    table = np.full((len(member), SLOTS), -1)
    table[claim[kept], slot[kept]] = code_of(rng, own[kept], member[claim[kept]])
    return table


def carried(rng: np.random.Generator, member: Ints, day: Ints, asked: Ints, disease: Disease) -> Ints:
    """Codes of each claim, none twice, those there are first."""
    claim = np.repeat(np.arange(len(member)), asked)
    slot = counted(asked)
    code = one_code(rng, member[claim], day[claim], disease)
    table = np.full((len(member), SLOTS), -1)
    table[claim, slot] = code
    for later in range(1, SLOTS):
        table[(table[:, :later] == table[:, later : later + 1]).any(axis=1), later] = -1
    order = np.argsort(table < 0, axis=1, kind="stable")
    return np.take_along_axis(table, order, axis=1)


def one_code(rng: np.random.Generator, member: Ints, day: Ints, disease: Disease) -> Ints:
    own = own_condition(rng, member, disease)
    begun = (own >= 0) & (day >= disease.begins[member, own])
    is_own = begun & (rng.random(len(member)) < OWN)
    background = BACKGROUND_PLACES[(rng.random(len(member)) ** 1.5 * len(BACKGROUND)).astype(np.int64)]
    suspected = FIRST_CODES[rng.integers(0, len(CONDITIONS), len(member))]
    others = np.where(rng.random(len(member)) < SUSPECTED, suspected, background)
    return np.where(is_own, code_of(rng, own, member), others)


def own_condition(rng: np.random.Generator, member: Ints, disease: Disease) -> Ints:
    """One of the member's conditions at random, those that cause more visits more often; -1 for members with none."""
    weights = disease.has * np.array([item.visits for item in CONDITIONS])
    heights = np.cumsum(weights, axis=1)
    aim = rng.random(len(member)) * heights[member, -1]
    place: Ints = (heights[member] <= aim[:, None]).sum(axis=1)
    return np.where(heights[member, -1] > 0, place.clip(0, len(CONDITIONS) - 1), -1)


def code_of(rng: np.random.Generator, condition: Ints, member: Ints) -> Ints:
    """Each member has a usual code of a condition, and sometimes gets another."""
    sizes = np.array([len(codes) for codes in CODES_OF])
    starts = np.cumsum(sizes) - sizes
    flat = np.concatenate(CODES_OF)
    usual = (member * 31 + condition * 7) % 97
    pick = np.where(rng.random(len(member)) < ALTERNATIVE, rng.integers(0, 97, len(member)), usual)
    chosen: Ints = flat[starts[condition] + pick % sizes[condition]]
    return chosen
