"""Made-up prescribers and pharmacies, so many to a block of members; their NPIs fail the check digit, so nobody can have one."""

import numpy as np
import polars as pl

from mtm.generator import names
from mtm.generator.days import Ints
from mtm.generator.families import SPECIALTIES
from mtm.generator.files import MARK

PRIMARY, OF_A_SPECIALTY = 100, 5
PRESCRIBERS = PRIMARY + OF_A_SPECIALTY * len(SPECIALTIES)
RETAIL, NURSING, MAIL, SPECIAL = range(4)
KINDS = (("Corner Pharmacy", 18), ("Long-Term Care Pharmacy", 2), ("Mail Pharmacy", 2), ("Specialty Pharmacy", 2))
PHARMACIES = sum(count for _, count in KINDS)
FIRST_OF = tuple(sum(count for _, count in KINDS[:kind]) for kind in range(len(KINDS)))
# RIF codes of what kind of pharmacy it is (PHRMCY_SRVC_TYPE_CD), by KINDS.
SERVICE = ("01", "05", "06", "08")


def impossible_npi(base: int) -> str:
    """Nine digits and a wrong check digit (Luhn over 80840 and the number)."""
    digits = [int(digit) for digit in f"80840{base:09}"]
    doubled = [2 * digit if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits))]
    right = -sum(value // 10 + value % 10 for value in doubled) % 10
    return f"{base:09}{(right + 1) % 10}"


def prescriber_npis(block: int) -> list[str]:
    return [impossible_npi(190_000_000 + block * PRESCRIBERS + place) for place in range(PRESCRIBERS)]


def pharmacy_npis(block: int) -> list[str]:
    return [impossible_npi(195_000_000 + block * PHARMACIES + place) for place in range(PHARMACIES)]


def prescribers(block: int) -> pl.DataFrame:
    first = block * PRESCRIBERS
    places = range(PRESCRIBERS)
    return pl.DataFrame(
        {
            "npi": prescriber_npis(block),
            "name": [f"Dr. {names.given_name(first + n, n % 2 == 0)} {names.surname(first + n + 1)}" for n in places],
            "phone": [phone(first + n) for n in places],
            "fax": [phone(first + n + 50) for n in places],
            "specialty": [specialty(n) for n in places],
            "note": [MARK for _ in places],
        }
    )


def pharmacies(block: int) -> pl.DataFrame:
    kinds = [name for name, count in KINDS for _ in range(count)]
    return pl.DataFrame(
        {
            "npi": pharmacy_npis(block),
            "name": [f"{kind} No. {block * PHARMACIES + n + 1} (synthetic)" for n, kind in enumerate(kinds)],
            "phone": [phone(block * PHARMACIES + n) for n in range(PHARMACIES)],
            "note": [MARK for _ in kinds],
        }
    )


def phone(number: int) -> str:
    """555-0100 to 555-0199 are kept free for made-up numbers."""
    return f"1-800-555-01{number % 100:02}"


def specialty(place: int) -> str:
    return "Primary care" if place < PRIMARY else SPECIALTIES[(place - PRIMARY) // OF_A_SPECIALTY]


def own_doctor(choice: Ints) -> Ints:
    return choice % PRIMARY


def own_specialist(member: Ints, of_specialty: Ints) -> Ints:
    """The member's one specialist of each specialty, among the block's."""
    return PRIMARY + of_specialty * OF_A_SPECIALTY + (member * 7 + of_specialty) % OF_A_SPECIALTY


def own_pharmacy(member: Ints, kind: int) -> Ints:
    place: Ints = FIRST_OF[kind] + np.asarray(member * 11) % KINDS[kind][1]
    return place


def service(pharmacy: Ints) -> Ints:
    """Place in KINDS of each pharmacy."""
    return np.searchsorted(np.array(FIRST_OF), pharmacy, side="right") - 1
