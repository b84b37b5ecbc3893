"""The claim side of a load: fills and diagnoses read, judged, stored, and netted against what is known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import polars as pl
from django.conf import settings
from django.db import connection

from claims.ingest import diagnoses, fills
from claims.ingest.findings import Findings, finding
from claims.ingest.known_members import KnownMembers
from claims.ingest.layout import DAY, Kind, frame
from claims.ingest.partitions import Partition, analyze, of_new_plan
from claims.ingest.progress import Progress
from claims.ingest.seen import Seen
from claims.ingest.stream import CopyStream
from claims.ingest.tally import Tally, total
from claims.models import Load
from mtm.lib import sql

# Rows are stored in the order of members within runs of this many.
RUN = 100_000
STAGED = {
    Kind.FILLS: ("file_id", "line", *fills.COLUMNS, "action", "updated", "final"),
    Kind.DIAGNOSES: ("file_id", "line", *diagnoses.COLUMNS),
}
# What is put aside beside a plan's first claims also says whether an earlier row of the claim may have been stored.
ASIDE = {
    Kind.FILLS: (*STAGED[Kind.FILLS], "may_be_known"),
    Kind.DIAGNOSES: STAGED[Kind.DIAGNOSES],
}
STORED = {
    Kind.FILLS: ("plan_id", "file_id", *fills.COLUMNS, "adjusted"),
    Kind.DIAGNOSES: ("plan_id", "file_id", *diagnoses.COLUMNS),
}
JUDGE = {Kind.FILLS: fills.judged, Kind.DIAGNOSES: diagnoses.judged}
UNCLEAR = "Nothing says which version of the claim is the last; a correction without a processing day is taken for it."
Blocks = Iterator[tuple[Tally, pl.DataFrame]]


def load_claims(kind: Kind, tallies: list[Tally], load: Load, progress: Progress) -> None:
    """Read the files of the kind and leave each tally complete. Runs inside the transaction of the load."""
    mine = [tally for tally in tallies if kind in tally.layout.kinds]
    if not mine:
        return
    partition = of_new_plan(kind, load.plan_id)
    # The connection is busy with COPY while the files are read, so nothing is asked of it then.
    rows = judged(kind, mine, KnownMembers(load.plan), progress, load.as_of)
    if partition:
        with spool() as late:
            store_new(kind, rows, partition, late)
            progress.step(f"giving {kind} their keys")
            partition.join()
            copy_file(f"stage_{kind}", ASIDE[kind], late)
    else:
        stage_all(kind, rows)
    progress.step(f"comparing {kind} with what is known")
    sql.run("claims", f"net_{kind}", plan=load.plan_id)
    if partition is None:
        analyze(kind, load.plan_id)
    count_netted(kind, mine)
    if kind == Kind.FILLS:
        look_for_unclear(mine)


def store_new(kind: Kind, blocks: Blocks, partition: Partition, late: IO[bytes]) -> None:
    """A plan's first claims go straight into a table of their own; what may repeat another claim is put aside."""
    partition.create()
    seen = Seen()
    with CopyStream(partition.table, STORED[kind], freeze=True) as stream:
        runs = Runs(stream, kind)
        for tally, rows in blocks:
            before = seen.before(rows["claim_id"])
            new = in_whole_records(kind, rows, ~before & is_alone(kind, rows))
            runs.add(rows.filter(new).with_columns(pl.lit(partition.plan).alias("plan_id")))
            accept(tally, rows.filter(new))
            aside = rows.with_columns(before.alias("may_be_known")).filter(~new)
            aside.select(ASIDE[kind]).write_csv(late, include_header=False)
        runs.flush()


def stage_all(kind: Kind, blocks: Blocks) -> None:
    with CopyStream(f"stage_{kind}", STAGED[kind]) as stream:
        for _, rows in blocks:
            stream.write(rows.select(STAGED[kind]))


def judged(kind: Kind, tallies: list[Tally], members: KnownMembers, progress: Progress, as_of: date) -> Blocks:
    """The rows to keep of each block of each file; the others are counted with their reasons."""
    for tally in tallies:
        findings = Findings(kind)
        for block in tally.blocks(progress):
            if tally.is_first_side(kind):
                tally.reject_each(block)
            rows = judge_block(kind, tally, block.rows.get(kind), members)
            findings.look_at(rows)
            tally.reach(rows[DAY[kind]], as_of)
            yield tally, rows.with_columns(pl.lit(tally.file.pk).alias("file_id"))
        tally.file.findings += findings.found()


def judge_block(kind: Kind, tally: Tally, staged: pl.DataFrame | None, members: KnownMembers) -> pl.DataFrame:
    found = JUDGE[kind](frame(kind, [], []) if staged is None else staged, members)
    kept = found.filter(pl.col("reason").is_null()).drop("reason")
    if kind == Kind.FILLS:
        tally.reject_all(found)
        return kept.with_columns((pl.col("action") == 1).alias("adjusted"))
    # A record may give a row a code system; it is rejected once, and only where all of them are.
    refused = found.filter(~pl.col("line").is_in(kept["line"].implode()))
    tally.reject_all(refused.unique("line", keep="first", maintain_order=True))
    tally.noticed["diagnosis codes that are none"] += int(kept["unshaped"].sum())
    rows = diagnoses.rows(kept)
    tally.repeat(kept["line"].n_unique() - rows["line"].n_unique())
    return rows


def is_alone(kind: Kind, rows: pl.DataFrame) -> pl.Series:
    """Rows that need no look at other rows of the block to be stored as they are."""
    if kind == Kind.DIAGNOSES:
        return pl.repeat(True, rows.height, eager=True)
    return ~rows["claim_id"].is_duplicated() & (rows["action"] < 2) & ~rows["updated"] & rows["final"]


def in_whole_records(kind: Kind, rows: pl.DataFrame, new: pl.Series) -> pl.Series:
    """Diagnoses are counted by record: one of which a row is put aside is put aside as a whole."""
    if kind == Kind.FILLS or new.all():
        return new
    return new & ~rows["line"].is_in(rows["line"].filter(~new).implode())


def accept(tally: Tally, rows: pl.DataFrame) -> None:
    if "cost" in rows.columns:
        tally.accept(rows.height, total(rows["cost"]))
    else:
        tally.accept(rows["line"].n_unique())


NETTED = {
    Kind.FILLS: "SELECT file_id, is_duplicate, count(*), coalesce(sum(cost), 0) FROM netted_fills GROUP BY 1, 2",
    Kind.DIAGNOSES: "SELECT file_id, is_duplicate, count(*), 0.00 FROM netted_diagnoses GROUP BY 1, 2",
}


def count_netted(kind: Kind, tallies: list[Tally]) -> None:
    """What became of the staged records, by file."""
    with connection.cursor() as cursor:
        cursor.execute(NETTED[kind])
        by_file = {tally.file.pk: tally for tally in tallies}
        for file, is_duplicate, records, amount in cursor.fetchall():
            tally = by_file[file]
            (tally.repeat if is_duplicate else tally.accept)(records, amount)


def look_for_unclear(tallies: list[Tally]) -> None:
    """Versions of a claim of which nothing says which is the later one; the same one is taken in any order of files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_id, count(*) FROM ranked_version WHERE is_unclear GROUP BY file_id")
        unclear = dict(cursor.fetchall())
    for tally in tallies:
        if found := unclear.get(tally.file.pk):
            tally.file.findings.append(finding("unclear versions", found, UNCLEAR))


def spool() -> IO[bytes]:
    """A file without a name, where there is room for the files of loads."""
    folder = Path(settings.LOAD_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder)


def copy_file(table: str, columns: tuple[str, ...], file: IO[bytes]) -> None:
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", file)


@dataclass
class Runs:
    """Gathers rows into runs, each sorted by member and day before it is written."""

    stream: CopyStream
    kind: Kind
    gathered: list[pl.DataFrame] = field(default_factory=list)
    held: int = 0

    def add(self, rows: pl.DataFrame) -> None:
        self.gathered.append(rows.select(STORED[self.kind]))
        self.held += rows.height
        if self.held >= RUN:
            self.flush()

    def flush(self) -> None:
        if self.gathered:
            run = pl.concat(self.gathered).sort("member_id", DAY[self.kind])
            self.gathered, self.held = [], 0
            self.stream.write(run)
