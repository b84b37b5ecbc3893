"""Members of whom nothing is known but that claims name them, made where a load asks for it.

Claims often come before, or without, the enrollment file. Such a member has a number and nothing else until a file tells
more; where that is not asked for the claims are rejected. A record that is rejected for itself names nobody.
"""

import polars as pl

from claims.ingest.claim_files import JUDGE
from claims.ingest.findings import finding
from claims.ingest.known_members import Everybody
from claims.ingest.layout import CLAIM_KINDS, Kind
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
                    numbers |= named(kind, block.rows[kind], numbers)
        made = sql.run("claims", "bare_members", plan=load.plan_id, numbers=sorted(numbers))
        if made:
            tally.file.findings.append(finding("members made from claims", made, TEXT))


def named(kind: Kind, staged: pl.DataFrame, found: set[str]) -> set[str]:
    """The numbers, as they are kept, of records that will do but for who they are of; not all that were found before.

    Only records of other numbers are judged: of a large file's members nearly all are in its first blocks.
    """
    sent = staged["source_id"].unique().to_frame().with_columns(as_kept(pl.col("source_id")).alias("number"))
    new = sent.filter([number not in found for number in sent["number"]])
    rows = staged.join(new, on="source_id", maintain_order="left")
    kept = JUDGE[kind](rows, Everybody())["reason"].is_null()
    return set(rows.filter(kept)["number"])
