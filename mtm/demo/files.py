"""The files that the administrator of a demonstration plan gets: claims by the generator, and what claims do not tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import polars as pl

from mtm.generator import generate, names
from mtm.generator.providers import phone
from mtm.generator.rif_fills import BENEFICIARY

# Seen on the page of each load.
LABEL = "synthetic_"
DIRECTORY = "ndc_directory.csv"
CLAIMS = ("pde.csv", "carrier.csv", "outpatient.csv", "inpatient.csv")
SOURCE = "synthetic"
FIRST_MEMBER, NOBODY = str(BENEFICIARY - 1), str(BENEFICIARY)

Row = dict[str, str]


@dataclass(frozen=True)
class PlanFiles:
    directory: Path  # of NDCs
    rif: list[Path]
    csv: list[Path]


def write(folder: Path, *, contract: str, members: int, seed: int, today: date) -> PlanFiles:
    """Last year and this one, as far as it is known today."""
    years = (today.year - 1, today.year)
    generated = generate(members=members, years=years, seed=seed, out=folder, through=today, contract=contract)
    beside = said_beside_claims([folder / name for name in generated.rows if is_of_members(name)], today)
    without_mark(folder / DIRECTORY)
    for name, rows in beside.items():
        pl.DataFrame(rows).write_csv(folder / name)
    named = {name: (folder / name).rename(folder / f"{LABEL}{name}") for name in (*generated.rows, *beside)}
    directory = named.pop(DIRECTORY)
    rif = [path for name, path in named.items() if name in CLAIMS or is_of_members(name)]
    return PlanFiles(directory, rif, [path for path in named.values() if path not in rif])


def without_mark(directory: Path) -> None:
    """Every page and the plan's name say that all is made up; sentences about medicines need not say it of each."""
    directory.write_text(directory.read_text(encoding="utf-8").replace("(synthetic) ", ""), encoding="utf-8")


def is_of_members(name: str) -> bool:
    return name.startswith("beneficiary_")


def said_beside_claims(members: list[Path], today: date) -> dict[str, list[Row]]:
    """Files of our own csv layout: everybody's phone, and of a few of the living what else a plan may know."""
    told = pl.concat(
        pl.read_csv(path, separator="|", columns=["BENE_ID", "DEATH_DT"], infer_schema=False) for path in members
    )
    people = told.group_by("BENE_ID", maintain_order=True).agg(pl.col("DEATH_DT").drop_nulls().len().alias("deaths"))
    living = people.filter(pl.col("deaths") == 0)["BENE_ID"].to_list()
    return {
        "contacts.csv": [*phones(people["BENE_ID"].to_list(), today), *bad_contacts(today)],
        "members.csv": [*languages(living, today)],
        "preferences.csv": [*wishes(living, today)],
        "representatives.csv": [*representatives(living, today)],
        "spans.csv": [*hospice(living, today)],
    }


def phones(numbers: list[str], today: date) -> Iterator[Row]:
    for place, number in enumerate(numbers):
        told = {"source": SOURCE, "as_of": today.isoformat()}
        yield {"member_number": number, "kind": "phone", "value": phone(place), **told}


def bad_contacts(today: date) -> Iterator[Row]:
    """What files of contacts are like: somebody nobody knows, and a word where a number should be."""
    for number, value in ((NOBODY, phone(0)), (FIRST_MEMBER, "on file")):
        yield {"member_number": number, "kind": "phone", "value": value, "source": SOURCE, "as_of": today.isoformat()}


def languages(numbers: list[str], today: date) -> Iterator[Row]:
    """One in nine prefers Spanish; some of them large print."""
    for number, print_size in zip(numbers[4::9], cycle(("", "", "large_print")), strict=False):
        yield {"member_number": number, "language": "es", "format": print_size, "as_of": today.isoformat()}


def wishes(numbers: list[str], today: date) -> Iterator[Row]:
    told = (("phone", "never"), ("text", "never"), ("mail", "preferred"), ("phone", "preferred"))
    for number, (channel, wish) in zip(numbers[8::14], cycle(told), strict=False):
        since = (today - timedelta(days=90)).isoformat()
        yield {"member_number": number, "channel": channel, "wish": wish, "starts_on": since, "source": SOURCE}


def representatives(numbers: list[str], today: date) -> Iterator[Row]:
    scopes = cycle((("daughter", "told"), ("son", "told sent"), ("spouse", "told sent decide")))
    for place, (number, (relationship, scope)) in enumerate(zip(numbers[6::18], scopes, strict=False)):
        yield {
            "member_number": number,
            "name": f"{names.given_name(3 * place, man=relationship == 'son')} {names.surname(place + 1)}",
            "relationship": relationship,
            "scope": scope,
            "phone": phone(place),
            "starts_on": (today - timedelta(days=200)).isoformat(),
        }


def hospice(numbers: list[str], today: date) -> Iterator[Row]:
    for number in numbers[20::150]:
        yield {"member_number": number, "kind": "hospice", "starts_on": (today - timedelta(days=30)).isoformat()}
