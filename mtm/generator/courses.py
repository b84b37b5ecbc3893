"""Which drugs a member takes for long, from when to when, as which product, by whom, and how well they keep to it."""

from dataclasses import dataclass

import numpy as np

from mtm.generator import conditions, providers
from mtm.generator.calibration import (
    HABITS,
    NEW_STOP_EARLY,
    NURSING,
    STARTS_A_YEAR,
    STOPS_A_YEAR,
    SUPPLIES,
    UNKNOWN_NDC,
)
from mtm.generator.catalogue import SPECIALTY_PRICE, Catalogue
from mtm.generator.conditions import CONDITIONS, PLACE, Disease
from mtm.generator.days import Flags, Floats, Ints, Period
from mtm.generator.families import TREATS
from mtm.generator.people import People

# Use without the condition, against use with it; and how much burden raises use.
WITHOUT, BY_BURDEN, BY_BURDEN_ALONE = 0.035, 0.20, 0.36
MOST = 0.93  # no drug is taken by more of those with the condition
SECOND_OF_FAMILY = 0.035
SPECIALIST, DOUBLE_DOSE = 0.35, 0.10
# During a course: the maker changes, the package, the strength; never.
CHANGES = (0.16, 0.08, 0.10, 0.66)
LONGEST_TRIAL = 120  # days, of a new course that is dropped early
REFERENCE_MEMBERS = 12_000


@dataclass
class Courses:
    """One place a course; items as in catalogue.Catalogue, days as in days.py."""

    member: Ints
    item: Ints
    later_item: Ints
    change_at: Ints  # the refill from which `later_item` is dispensed
    supply: Ints  # days
    starts: Ints
    stops: Ints
    pace: Floats  # days between fills as a share of the days' supply, mean
    spread: Floats
    dose: Ints  # units against the usual
    prescriber: Ints
    pharmacy: Ints
    unlisted: Ints  # the code written where no directory has the product; -1 where it does

    def __len__(self) -> int:
        return len(self.member)


class Uptake:
    """How likely a member takes a drug of each family: such that over all members it has its published share of claims."""

    def __init__(self, catalogue: Catalogue, fills_a_million: float) -> None:
        lines = catalogue.lines
        self.families = catalogue.families
        place = {name: number for number, name in enumerate(self.families)}
        self.of_line = np.array([place[line.family] for line in lines])
        # Point prevalence: fills a year of the line, over the fills of a year of taking it.
        taken = [line.claims * line.lasting * fills_a_million * line.mean_days * 1.07 / 365 for line in lines]
        self.share = np.array(taken)
        self.treats = np.zeros((len(CONDITIONS), len(self.families)), bool)
        for name, treated in TREATS.items():
            if name in place:
                self.treats[[PLACE[each] for each in treated], place[name]] = True
        self.level = self._fit()

    def wish(self, disease: Flags, burden: Floats) -> Floats:
        """Relative, one row a member and one column a family."""
        treated = (disease.astype(np.float32) @ self.treats.astype(np.float32)) > 0
        alone = ~self.treats.any(axis=0)
        slope = np.where(alone, BY_BURDEN_ALONE, BY_BURDEN)
        return np.where(treated | alone, 1.0, WITHOUT) * np.exp(slope * burden[:, None])

    def _fit(self) -> Floats:
        rng = np.random.default_rng(1)
        burden = rng.standard_normal(REFERENCE_MEMBERS)
        has = rng.random((REFERENCE_MEMBERS, len(CONDITIONS))) < conditions.chances(rng, burden)
        wish = self.wish(has, burden)
        wanted = np.bincount(self.of_line, self.share, len(self.families))
        level: Floats = wanted / wish.mean(axis=0)
        for _ in range(8):
            level *= wanted / np.minimum(level * wish, MOST).mean(axis=0).clip(1e-12)
        return level

    def chances(self, disease: Flags, burden: Floats) -> Floats:
        chance: Floats = np.minimum(self.level * self.wish(disease, burden), MOST)
        return chance


def draw(
    rng: np.random.Generator, people: People, disease: Disease, catalogue: Catalogue, uptake: Uptake, period: Period
) -> Courses:
    member, family = takers(rng, people, disease, uptake, period)
    line = pick_lines(rng, family, uptake)
    starts, stops = spans(rng, len(member), period)
    item = pick_items(rng, line, catalogue)
    supply = supplies(rng, line, catalogue)
    pace, spread = habits(rng, len(member))
    later, change_at = changes(rng, item, catalogue)
    return Courses(
        member=member,
        item=item,
        later_item=later,
        change_at=change_at,
        supply=supply,
        starts=starts,
        stops=stops,
        pace=pace,
        spread=spread,
        dose=np.where(doubled(rng, line, catalogue), 2, 1),
        prescriber=prescribers(rng, people, member, line, catalogue),
        pharmacy=pharmacies(people, member, line, supply, catalogue),
        unlisted=unlisted(rng, len(member), catalogue),
    )


def takers(
    rng: np.random.Generator, people: People, disease: Disease, uptake: Uptake, period: Period
) -> tuple[Ints, Ints]:
    """Member and family of each course; some take two of one family."""
    chance = uptake.chances(disease.has, people.burden) * (1 + begun(period))
    chance[people.takes_nothing] = 0
    member, family = np.nonzero(rng.random(chance.shape) < chance)
    again = rng.random(len(member)) < SECOND_OF_FAMILY
    return np.concatenate([member, member[again]]), np.concatenate([family, family[again]])


def pick_lines(rng: np.random.Generator, family: Ints, uptake: Uptake) -> Ints:
    """A line of each family, by its share of takers."""
    order = np.argsort(uptake.of_line, kind="stable")
    heights = np.cumsum(uptake.share[order])
    tops = np.concatenate([[0.0], heights])
    edges = np.searchsorted(uptake.of_line[order], np.arange(len(uptake.families) + 1))
    low, high = tops[edges[family]], tops[edges[family + 1]]
    place = np.searchsorted(heights, low + rng.random(len(family)) * (high - low), side="right")
    picked: Ints = order[np.minimum(place, edges[family + 1] - 1)]
    return picked


def spans(rng: np.random.Generator, size: int, period: Period) -> tuple[Ints, Ints]:
    """First and last day. Most were taken before; of those begun since, many are dropped after a few fills."""
    new = rng.random(size) < begun(period) / (1 + begun(period))
    starts = np.where(new, rng.integers(-LONGEST_TRIAL, period.length, size), -rng.integers(1, 91, size))
    lasting = (rng.exponential(1 / STOPS_A_YEAR, size) * 365).astype(np.int64)
    early = new & (rng.random(size) < NEW_STOP_EARLY)
    return starts, starts + np.where(early, rng.integers(20, LONGEST_TRIAL, size), lasting)


def begun(period: Period) -> float:
    """Courses begun from shortly before the first year on, against those taken for long: the first year has trials, too."""
    return STARTS_A_YEAR * (period.length + LONGEST_TRIAL) / 365


def pick_items(rng: np.random.Generator, line: Ints, catalogue: Catalogue) -> Ints:
    """Strength, brand or generic, maker and package of each."""
    groups = catalogue.groups
    per_line = np.bincount(groups["line"].to_numpy())
    first_group = np.concatenate([[0], np.cumsum(per_line)])[:-1]
    group = first_group[line] + (rng.random(len(line)) * per_line[line]).astype(np.int64)
    share = np.array([each.brand_share for each in catalogue.lines])
    brand = rng.random(len(line)) < share[line]
    first = np.where(brand, groups["item_true"].to_numpy()[group], groups["item_false"].to_numpy()[group])
    size = np.where(brand, groups["len_true"].to_numpy()[group], groups["len_false"].to_numpy()[group])
    # Members of one maker are many: the square of a uniform number favours the first.
    picked: Ints = first.astype(np.int64) + (rng.random(len(line)) ** 2 * size).astype(np.int64)
    return picked


def supplies(rng: np.random.Generator, line: Ints, catalogue: Catalogue) -> Ints:
    heights = np.cumsum([each.supplies for each in catalogue.lines], axis=1)
    place = (rng.random(len(line))[:, None] > heights[line]).sum(axis=1)
    days: Ints = np.array(SUPPLIES)[np.minimum(place, len(SUPPLIES) - 1)]
    return days


def nursing_supply(rng: np.random.Generator, size: int) -> Ints:
    """In a nursing facility drugs come in short cycles."""
    return rng.choice(SUPPLIES, size, p=NURSING)


def habits(rng: np.random.Generator, size: int) -> tuple[Floats, Floats]:
    rows = np.array([values[1:] for values in HABITS.values()])
    habit = rng.choice(len(rows), size, p=[values[0] for values in HABITS.values()])
    return rows[habit, 0], rows[habit, 1]


def changes(rng: np.random.Generator, item: Ints, catalogue: Catalogue) -> tuple[Ints, Ints]:
    """The item of later refills, and the refill at which it comes."""
    first, size = catalogue.group_start[item], catalogue.group_size[item]
    kind = rng.choice(4, len(item), p=CHANGES)
    maker = first + (item - first + 2) % size
    package = first + ((item - first) ^ 1)
    last = len(catalogue.item_line) - 1
    stronger = np.minimum(item + catalogue.stride[item], last)
    strength = np.where(catalogue.item_line[stronger] == catalogue.item_line[item], stronger, item)
    return np.choose(kind, [maker, package, strength, item]), rng.integers(1, 9, len(item))


def doubled(rng: np.random.Generator, line: Ints, catalogue: Catalogue) -> Flags:
    can = np.array([each.solid and each.units <= 60 for each in catalogue.lines])
    flags: Flags = can[line] & (rng.random(len(line)) < DOUBLE_DOSE)
    return flags


def prescribers(rng: np.random.Generator, people: People, member: Ints, line: Ints, catalogue: Catalogue) -> Ints:
    of_line = catalogue.specialty[line]
    special = (of_line >= 0) & (rng.random(len(line)) < SPECIALIST)
    doctor = providers.own_doctor((people.choice[member] * providers.PRIMARY).astype(np.int64))
    return np.where(special, providers.own_specialist(people.number[member], of_line), doctor)


def pharmacies(people: People, member: Ints, line: Ints, supply: Ints, catalogue: Catalogue) -> Ints:
    """Ninety days by mail for those who use it; dear drugs from a specialty pharmacy; the rest near home."""
    number = people.number[member]
    dear = np.array([max(each.cost, each.brand_cost * (each.brand_share > 0.5)) for each in catalogue.lines])
    place = providers.own_pharmacy(number, providers.RETAIL)
    by_mail = people.mail[member] & (supply == 90)
    place = np.where(by_mail, providers.own_pharmacy(number, providers.MAIL), place)
    return np.where(dear[line] > SPECIALTY_PRICE, providers.own_pharmacy(number, providers.SPECIAL), place)


def unlisted(rng: np.random.Generator, size: int, catalogue: Catalogue) -> Ints:
    return np.where(rng.random(size) < UNKNOWN_NDC, rng.integers(*catalogue.unlisted, size), -1)
