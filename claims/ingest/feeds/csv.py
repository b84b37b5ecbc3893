"""Our own layout: one file a kind, one header line, columns by our names (docs/feeds.md).

Files that other people lay out load by the same feed with a mapping of their columns to ours (claims.ingest.mapping).
"""

import polars as pl

from claims.ingest.delimited import Rows, delimited
from claims.ingest.layout import STAGED, Feed, FileLayout, Kind
from claims.ingest.mapping import layouts_of

NUMBER = "member_number"
# The columns without which a record of the kind says nothing; the others may be missing from the file.
REQUIRED = {
    Kind.PRESCRIBERS: ("npi",),
    Kind.PHARMACIES: ("npi",),
    Kind.DRUG_FLAGS: ("ndc", "maintenance"),
    Kind.MEMBERS: (NUMBER,),
    Kind.IDENTIFIERS: (NUMBER, "kind", "value"),
    Kind.COVERAGE: (NUMBER,),
    Kind.SPANS: (NUMBER, "kind"),
    Kind.AT_RISK: (NUMBER, "status", "effective_on"),
    Kind.CONTACTS: (NUMBER, "kind", "value"),
    Kind.PREFERENCES: (NUMBER, "channel", "wish", "starts_on"),
    Kind.REPRESENTATIVES: (NUMBER, "name", "scope", "starts_on"),
    Kind.DIAGNOSES: (NUMBER, "claim_id", "diagnosed_on", "codes"),
    Kind.FILLS: (NUMBER, "claim_id", "filled_on", "ndc"),
}


def columns_of(kind: Kind) -> dict[str, str]:
    """Our column of each staged column."""
    return {name: NUMBER if name == "source_id" else name for name in STAGED[kind]}


def layout_of(kind: Kind) -> FileLayout:
    columns = columns_of(kind)
    return FileLayout(
        (kind,),
        rf"(.*[-_. ])?{kind}([-_. ].*)?\.(csv|txt)",
        delimited(
            {kind: [Rows({staged: pl.col(ours) for staged, ours in columns.items()})]},
            delimiters=",;|\t",
            required=REQUIRED[kind],
            optional=tuple(name for name in columns.values() if name not in REQUIRED[kind]),
        ),
    )


FEED = Feed(
    name="csv", title="csv: our own columns, or others by a mapping", layouts=tuple(layout_of(kind) for kind in Kind)
)


def mapped(mapping: str) -> Feed:
    """The feed for files laid out as a mapping says: the name of one that is shipped, or its text.

    Raises FileProblem where the mapping is not right.
    """
    return Feed(name=FEED.name, title=FEED.title, layouts=layouts_of(mapping, columns_of))
