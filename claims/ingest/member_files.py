"""The member side of a load: each file staged as text, judged and kept by the statements of its kinds in claims/sql/."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import connection

from claims.ingest import medicare_numbers
from claims.ingest.layout import CLAIM_KINDS, ORDER, STAGED, Block, Kind
from claims.ingest.progress import Progress
from claims.ingest.stream import CopyStream
from claims.ingest.tally import Tally
from claims.merging import merge_wanted
from claims.models import Load
from mtm.lib import sql

# All of them for every file: facts of a person also tell of numbers and contacts.
KINDS = [kind for kind in ORDER if kind not in CLAIM_KINDS]
CHANGED_BY = {
    Kind.MEMBERS: ("members_member", "members_identifier"),
    Kind.IDENTIFIERS: ("members_identifier",),
    Kind.COVERAGE: ("members_spanentry",),
    Kind.SPANS: ("members_spanentry",),
}


def load_members(tallies: list[Tally], load: Load, progress: Progress) -> None:
    """Runs inside the transaction of the load; a later file is judged beside what an earlier one left."""
    with no_nested_loops():
        for tally in tallies:
            sql.run("claims", "stage_members")
            for block in tally.blocks(progress):
                stage(block, tally, load.as_of)
            keep(tally, load)
            merge_wanted(plan=load.plan, by=load.requested_by)


def odd_packages(coverage: pl.DataFrame) -> int:
    """How many periods name a package that is none of CMS's."""
    return coverage.filter((pl.col("pbp") != "") & ~pl.col("pbp").str.contains("^[0-9]{3}$")).height


@contextmanager
def no_nested_loops() -> Iterator[None]:
    """Tables are empty one moment and full the next: a loop planned for the empty one would go on for hours."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def of_a_year(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Facts of a year that runs are as of the day before the load, and corrections of them as of its day."""
    before = (day - timedelta(days=1)).isoformat()
    latest = pl.when(pl.col("as_of").str.ends_with("-12-31")).then(pl.lit(before)).otherwise(pl.lit(day.isoformat()))
    is_day = pl.col("as_of").str.contains("^[0-9]{4}-")
    return rows.with_columns(as_of=pl.when(is_day).then(pl.min_horizontal("as_of", latest)).otherwise("as_of"))


def stage(block: Block, tally: Tally, day: date) -> None:
    tally.reject_each(block)
    for kind, rows in block.rows.items():
        if kind in KINDS and rows.height:
            if kind == Kind.COVERAGE:
                tally.noticed["odd benefit packages"] += odd_packages(rows)
            if tally.layout.tells_years:
                rows = of_a_year(rows, day)
            columns = ("line", *STAGED[kind])
            with CopyStream(f"stage_{kind}", columns) as stream:
                stream.write(medicare_numbers.of_members(kind, rows).select(columns))


def keep(tally: Tally, load: Load) -> None:
    """Judge every kind before any is kept: a record lands whole or not at all."""
    values: dict[str, Any] = {"plan": load.plan_id, "file": tally.file.pk, "as_of": load.as_of}
    # Nobody else gathers statistics of temporary tables, and of thousands of rows a plan without them is a bad one.
    analyze("members_member", "members_identifier")
    for kind in KINDS:
        # A kind may have added rows to the kinds that follow it.
        analyze(f"stage_{kind}", "new_numbers")
        sql.run("claims", f"judge_{kind}", **values)
        analyze(f"judged_{kind}")
    [found] = sql.rows("claims", "differing_statements", **values)
    tally.noticed["two statements of one day differ"] += found["records"]
    with connection.cursor() as cursor:
        cursor.execute(JUDGED)
        for kind in KINDS:
            cursor.execute(GATHER.format(kind=kind))
        for kind in KINDS:
            cursor.execute(REJECT_WHOLE.format(kind=kind))
        cursor.execute(OUTCOMES)
        count(cursor.fetchall(), tally)
    for kind in KINDS:
        sql.run("claims", f"keep_{kind}", **values)
        analyze(*CHANGED_BY.get(kind, ()))


def analyze(*tables: str) -> None:
    if tables:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def count(outcomes: list[tuple[int, str | None, bool]], tally: Tally) -> None:
    for line, reason, is_new in outcomes:
        if reason:
            tally.reject(line, reason)
        elif is_new:
            tally.accept(1)
        else:
            tally.repeat(1)


JUDGED = """
CREATE TEMPORARY TABLE IF NOT EXISTS judged_line (line bigint, reason text) ON COMMIT DROP;
TRUNCATE judged_line;
"""
GATHER = "INSERT INTO judged_line SELECT line, reason FROM judged_{kind}"
REJECT_WHOLE = """
UPDATE judged_{kind} SET reason = 'another part of the record is not valid'
WHERE (reason IS NULL OR reason = 'duplicate')
  AND line IN (SELECT line FROM judged_line WHERE reason <> 'duplicate')
"""
# One row a record: why it is rejected, else whether any part of it is new.
OUTCOMES = """
SELECT line, min(reason) FILTER (WHERE reason <> 'duplicate'), bool_or(reason IS NULL)
FROM judged_line
GROUP BY line
ORDER BY line
"""
