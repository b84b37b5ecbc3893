"""Who claims are of: every number that a member of the plan goes by or went by."""

from typing import Protocol

import numpy as np
import polars as pl
from django.db import connection

from accounts.models import Plan
from claims.ingest.medicare_numbers import as_kept
from mtm.lib import sql

SEED = 1


class Members(Protocol):
    """Whoever can say whose a number is."""

    def ids_of(self, numbers: pl.Series) -> pl.Series: ...


class Everybody:
    """Knows every number, so that what else is wrong with a record shows."""

    def ids_of(self, numbers: pl.Series) -> pl.Series:
        return pl.zeros(numbers.len(), pl.Int64, eager=True).alias("member_id")


class KnownMembers:
    """Numbers in the order of their hashes, sorted once; a join would build its table anew for every block of a file.

    Should two numbers ever have one hash, the claims of the second are rejected as of an unknown member.
    """

    def __init__(self, plan: Plan) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.statement("claims", "known_members"), {"plan": plan.pk})
            schema = {"number": pl.String, "member_id": pl.Int64}
            found = pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
        found = found.with_columns(pl.col("number").hash(SEED).alias("hash")).sort("hash")
        self.hashes = found["hash"].to_numpy()
        self.numbers, self.ids = found["number"], found["member_id"]

    def ids_of(self, numbers: pl.Series) -> pl.Series:
        """The member_id of each number, null where nobody goes by it."""
        sent = numbers.unique()
        distinct = pl.select(as_kept(pl.lit(sent))).to_series()
        place = np.searchsorted(self.hashes, distinct.hash(SEED).to_numpy())
        within = pl.Series(place < self.hashes.size)
        sent, distinct, place = sent.filter(within), distinct.filter(within), place[place < self.hashes.size]
        held = self.numbers.gather(place) == distinct
        known, ids = sent.filter(held), self.ids.gather(place).filter(held)
        return numbers.replace_strict(known, ids, default=None, return_dtype=pl.Int64).alias("member_id")
