"""Made-up diagnoses and fills: conditions by prevalence, drugs by condition, refills by how well the member keeps to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mtm.demo.people import PRESCRIBERS
from mtm.demo.therapies import DISEASES, PRODUCTS, Disease, Product

MONTHS_OF_CLAIMS = 23


@dataclass(frozen=True)
class Habit:
    """How a member refills: days late at each refill, and after how many fills they stop (0: never)."""

    late: tuple[int, int]
    stops_after: int = 0


GOOD, GAPS, STOPS = Habit((-3, 4)), Habit((6, 28)), Habit((-2, 6), stops_after=6)


def diseases_of(random: Random) -> list[Disease]:
    """Conditions come together: a burden drawn for the member scales every share."""
    burden = random.choice((0.3, 0.6, 0.9, 1.2, 1.7))
    return [disease for disease in DISEASES if random.random() < min(disease.share * burden, 0.95)]


def diagnoses(member: str, diseases: list[Disease], random: Random, today: date) -> Iterator[tuple[object, ...]]:
    """Rows for stage_diagnoses: each condition on two to five visits."""
    for disease in diseases:
        for visit in range(random.randint(2, 5)):
            day = today - timedelta(days=random.randint(10, 690))
            yield member, f"{member}-{disease.code}-{visit}", day.isoformat(), "10", disease.code, False, ""


def fills(member: str, diseases: list[Disease], random: Random, today: date) -> Iterator[tuple[object, ...]]:
    """Rows for stage_fills."""
    doctor = random.choice(PRESCRIBERS)[0]
    taken = {label for disease in diseases for label, share in disease.drugs if random.random() < share}
    for label in sorted(taken):
        prescriber = doctor if random.random() < 0.8 else random.choice(PRESCRIBERS)[0]
        habit = random.choices((GOOD, GAPS, STOPS), (0.7, 0.21, 0.09))[0]
        yield from course(member, PRODUCTS[label], prescriber, habit, random, today)


def course(
    member: str, product: Product, prescriber: str, habit: Habit, random: Random, today: date
) -> Iterator[tuple[object, ...]]:
    supply = random.choice((30, 30, 30, 90))
    quantity = supply * random.choice((1, 1, 2)) if product.unit_cost < 5 else supply
    day = today - timedelta(days=random.randint(60, MONTHS_OF_CLAIMS * 30))
    number = 0
    while day <= today and not (habit.stops_after and number >= habit.stops_after):
        number += 1
        cost = (product.unit_cost * quantity + Decimal("2.50")).quantize(Decimal("0.01"))
        claim = f"{member}-{product.ndc[-3:]}-{number:03}"
        yield (
            *(member, claim, day.isoformat(), product.ndc, quantity, supply, cost, True),
            *(prescriber, f"PH{int(prescriber) % 7}", ""),
        )
        day += timedelta(days=supply + random.randint(*habit.late))
