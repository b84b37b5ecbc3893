"""Medicare numbers as CMS keeps them, in capitals without dashes and blanks, wherever a file names a member by one."""

import polars as pl

from claims.ingest.layout import Kind

# Letters and digits stand where CMS has them, but for the eighth and ninth: numbers made for tests have digits there.
SHAPE = r"^[1-9][A-Z][A-Z0-9][0-9][A-Z][A-Z0-9][0-9][A-Z0-9]{2}[0-9]{2}$"


def plain(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[- ]", "").str.to_uppercase()


def as_kept(text: pl.Expr) -> pl.Expr:
    """A Medicare number as it is kept; any other number as it is sent."""
    return pl.when(plain(text).str.contains(SHAPE)).then(plain(text)).otherwise(text)


def of_members(kind: Kind, rows: pl.DataFrame) -> pl.DataFrame:
    """Staged rows with every Medicare number in them as it is kept."""
    if "source_id" in rows.columns:
        rows = rows.with_columns(as_kept(pl.col("source_id")))
    if kind == Kind.MEMBERS:
        rows = rows.with_columns(plain(pl.col("mbi")))
    if kind == Kind.IDENTIFIERS:
        is_medicare = pl.col("kind").str.to_lowercase() == "mbi"
        value = pl.col("value")
        rows = rows.with_columns(pl.when(is_medicare).then(plain(value)).otherwise(as_kept(value)))
    return rows
