"""Members of whom nothing is known but that claims name them, made where a load asks for it.

Claims often come before, or without, the enrollment file. Such a member has a number and nothing else until a file tells
more; where that is not asked for the claims are rejected.
"""

import polars as pl

from claims.ingest.findings import finding
from claims.ingest.layout import CLAIM_KINDS
from claims.ingest.medicare_numbers import as_kept
from claims.ingest.tally import Tally
from claims.models import Load
from mtm.lib import sql

TEXT = "Nothing but their number is known of them: no name, birth date or coverage."


def make_members_of_claims(tallies: list[Tally], load: Load) -> None:
    """Runs inside the transaction of the load, before its claims are read for good."""
    for tally in tallies:
        numbers: set[str] = set()
        for block in tally.layout.read(tally.source):
            for kind in CLAIM_KINDS:
                if kind in block.rows:
                    numbers.update(block.rows[kind].select(as_kept(pl.col("source_id").unique()))["source_id"])
        made = sql.run("claims", "bare_members", plan=load.plan_id, numbers=sorted(numbers))
        if made:
            tally.file.findings.append(finding("members made from claims", made, TEXT))
