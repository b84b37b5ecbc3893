"""A run: members in blocks, each drawn from its own random numbers, so that fewer members are the first of more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from mtm.generator import (
    at_risk,
    benefit,
    conditions,
    courses,
    directory,
    fills,
    people,
    providers,
    readme,
    rif_fills,
    rif_members,
    rif_visits,
    versions,
    visits,
)
from mtm.generator.acceptance import Figures, Seen, Tally
from mtm.generator.cases import Case, put_people, put_rows
from mtm.generator.catalogue import Catalogue
from mtm.generator.conditions import Disease
from mtm.generator.courses import Uptake
from mtm.generator.days import Period
from mtm.generator.edges import EDGES
from mtm.generator.files import Files
from mtm.generator.people import People
from mtm.generator.rif_fills import NO_CONTRACT

BLOCK = 2_000
MOST_MEMBERS = 8_999_999  # more would share Medicare numbers (names.py)
# Fills a member and year for each million claims of 2017, fitted to the target of calibration.py.
FILLS_A_MILLION = 0.0236


@dataclass(frozen=True)
class Run:
    members: int
    period: Period
    seed: int
    contract: str

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue()

    @cached_property
    def uptake(self) -> Uptake:
        return Uptake(self.catalogue, FILLS_A_MILLION)

    @cached_property
    def tallies(self) -> list[Tally]:
        """One a complete year."""
        return [Tally(self.catalogue, self.period, year) for year in self.period.complete_years]


@dataclass(frozen=True)
class Block:
    """What is known of some members; the frames hold places in `people`."""

    number: int
    people: People
    disease: Disease
    fills: pl.DataFrame
    visits: pl.DataFrame
    spells: pl.DataFrame


@dataclass(frozen=True)
class Outcome:
    """Rows by file, and the figures of each complete year."""

    rows: dict[str, int]
    figures: list[Figures]


def generate(
    *,
    members: int,
    years: Sequence[int],
    seed: int,
    out: Path,
    through: date | None = None,
    contract: str = NO_CONTRACT,
) -> Outcome:
    """Write the files of a plan into the folder `out`; what was paid or told after `through` is left out."""
    run = Run(members, Period(tuple(years), through or date(years[-1], 12, 31)), seed, contract)
    with Files(out) as files:
        files.write("ndc_directory.csv", directory.rows(run.catalogue), ",")
        for block in blocks(run):
            write(block, run, files)
        files.say("README.txt", readme.text(members, run.period, seed, files.rows))
    return Outcome(files.rows, [tally.figures() for tally in run.tallies])


def blocks(run: Run) -> Iterator[Block]:
    for number in range(-(-run.members // BLOCK)):
        yield first_members(draw(run, number), run.members - number * BLOCK)


def draw(run: Run, number: int) -> Block:
    """All members of a block, however many of them are wanted: what a member gets must not hang on that."""
    rng = np.random.default_rng([run.seed, number])
    numbers = np.arange(number * BLOCK, (number + 1) * BLOCK, dtype=np.int64) + 1
    drawn = people.draw(rng, numbers, run.seed, run.period)
    disease = conditions.draw(rng, drawn.burden, drawn.men, run.period)
    taken = courses.draw(rng, drawn, disease, run.catalogue, run.uptake, run.period)
    dispensed = versions.corrected(rng, fills.draw(rng, drawn, taken, run.catalogue, FILLS_A_MILLION, run.period))
    seen = visits.draw(rng, drawn, disease, run.period)
    block = Block(number, drawn, disease, dispensed, seen, at_risk.draw(rng, drawn, run.period))
    return finished(with_edges(block, run) if number == 0 else block, run.period)


def with_edges(block: Block, run: Run) -> Block:
    """The first members replaced by those of edges.py."""
    cases = [Case(place, run.catalogue, run.period) for place in range(len(EDGES))]
    for case, edge in zip(cases, EDGES.values(), strict=True):
        edge(case)
    put_people(cases, block.people, block.disease)
    return Block(
        block.number,
        block.people,
        block.disease,
        put_rows(block.fills, cases, [row for case in cases for row in case.fills]),
        put_rows(block.visits, cases, [row for case in cases for row in case.visits]),
        put_rows(block.spells, cases, [row for case in cases for row in case.spells]),
    )


def finished(block: Block, period: Period) -> Block:
    """With numbers of rows and claims, and who pays what."""
    sent = benefit.shared(versions.numbered(block.fills), block.people, period)
    return Block(block.number, block.people, block.disease, sent, rif_visits.numbered(block.visits), block.spells)


def first_members(block: Block, wanted: int) -> Block:
    if wanted >= BLOCK:
        return block
    kept = pl.col("member") < wanted
    drawn, disease = block.people.first(wanted), block.disease.first(wanted)
    frames = (frame.filter(kept) for frame in (block.fills, block.visits, block.spells))
    return Block(block.number, drawn, disease, *frames)


def write(block: Block, run: Run, files: Files) -> None:
    period, members = run.period, block.people
    for year in period.known_years:
        files.write(f"beneficiary_{year}.csv", rif_members.rows(members, block.disease, year, run.contract, period))
    sent = versions.known(block.fills, period.last_known).sort("sent", maintain_order=True)
    files.write("pde.csv", rif_fills.rows(sent, members, run.catalogue, block.number, run.contract, period))
    seen = rif_visits.known(block.visits, period.last_known)
    for kind, name in rif_visits.NAMES.items():
        files.write(name, rif_visits.rows(seen, kind, members, block.number, period))
    files.write("at_risk.csv", at_risk.rows(block.spells, members, period), ",")
    files.write("prescribers.csv", providers.prescribers(block.number), ",")
    files.write("pharmacies.csv", providers.pharmacies(block.number), ",")
    written = Seen(members, rif_members.esrd_flag(members, block.disease), sent, seen, block.spells)
    for tally in run.tallies:
        tally.add(written)
