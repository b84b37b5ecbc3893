"""Periods of members that their claims tell: the days of hospice claims are days in hospice.

They are kept among the periods that enrollment files tell and held to the same rules; the claims themselves are counted
by their diagnoses, so that a record is still accounted for once.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from claims.ingest import medicare_numbers
from claims.ingest.findings import finding
from claims.ingest.layout import STAGED, Kind
from claims.ingest.member_files import analyze, no_nested_loops
from claims.ingest.stream import CopyStream
from claims.ingest.tally import Tally
from claims.ingest.values import as_date
from claims.models import Load
from mtm.lib import sql

TEXT = "Periods taken from the days of hospice claims; an enrollment file that says otherwise later holds."
NO_PERIOD = "Their days are no period, so they tell of none; their diagnoses were judged for themselves."
OUTCOMES = """
SELECT
    count(*) FILTER (WHERE reason IS NULL),
    count(*) FILTER (WHERE reason NOT IN ('duplicate', 'unknown member', 'no member number'))
FROM judged_spans
"""


def keep_periods(tallies: list[Tally], load: Load) -> None:
    """Runs inside the transaction of the load, once the members of its files are known."""
    for tally in tallies:
        if tally.layout.periods:
            with no_nested_loops():
                sql.run("claims", "stage_members")
                stage(tally.layout.periods(tally.source), load.as_of)
                tell(tally, *kept(load))


def stage(periods: Iterator[pl.DataFrame], day: date) -> None:
    """A claim of days to come is known on the day of the load."""
    columns = ("line", *STAGED[Kind.SPANS])
    as_of = pl.when(as_date("as_of") > day).then(pl.lit(day.isoformat())).otherwise("as_of")
    with CopyStream("stage_spans", columns) as stream:
        for rows in periods:
            # A claim has a line for each of its services.
            once = rows.unique([name for name in rows.columns if name != "line"], keep="first", maintain_order=True)
            told = medicare_numbers.of_members(Kind.SPANS, once).with_columns(as_of=as_of)
            stream.write(told.select(columns))


def kept(load: Load) -> tuple[int, int]:
    """How many of the periods are news, and how many are none."""
    values: dict[str, Any] = {"plan": load.plan_id, "as_of": load.as_of}
    analyze("stage_spans")
    sql.run("claims", "judge_spans", **values)
    analyze("judged_spans")
    sql.run("claims", "keep_spans", **values)
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES)
        news, none = cursor.fetchone()
    return news, none


def tell(tally: Tally, news: int, none: int) -> None:
    told = [("hospice periods from claims", news, TEXT), ("hospice claims without a period", none, NO_PERIOD)]
    tally.file.findings += [finding(name, count, text) for name, count, text in told if count]
