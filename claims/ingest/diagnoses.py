"""Staged diagnoses typed and judged. A record holds the codes of a claim, or of one line of it; each code becomes a row."""

import polars as pl

from claims.ingest.values import as_date, first_reason, given

COLUMNS = ("member_id", "claim_id", "diagnosed_on", "system", "code", "inpatient")
ROW = ["member_id", "claim_id", "diagnosed_on", "system", "code"]
LONGEST_CODE = 8


def judged(staged: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One line a record, with `codes` as a list and `reason`, null to keep.

    `members` maps every known number of a member (source_id) to member_id.
    """
    known = staged.lazy().join(members.lazy(), on="source_id", how="left", maintain_order="left")
    typed = known.select(
        pl.col("line", "member_id", "claim_id", "action"),
        pl.col("system").replace("", "10"),
        as_date("diagnosed_on"),
        (pl.col("inpatient") == "1").alias("inpatient"),
        codes().alias("codes"),
    )
    return typed.with_columns(reason().alias("reason")).collect()


def codes() -> pl.Expr:
    found = pl.col("codes").str.to_uppercase().str.replace_all(".", "", literal=True).str.split(" ")
    return found.list.filter(pl.element() != "")


def reason() -> pl.Expr:
    longest = pl.col("codes").list.eval(pl.element().str.len_chars()).list.max()
    return first_reason(
        {
            "no claim number": ~given("claim_id"),
            "the claim number is too long": pl.col("claim_id").str.len_chars() > 40,
            "deletion of a claim": pl.col("action") == "delete",
            "not the final action of the claim": pl.col("action") == "not final",
            "unknown member": pl.col("member_id").is_null(),
            "no valid service date": pl.col("diagnosed_on").is_null(),
            "the code system is neither 9 nor 10": ~pl.col("system").is_in(["9", "10"]),
            "no diagnosis code": pl.col("codes").list.len() == 0,
            "a diagnosis code is too long": longest > LONGEST_CODE,
        }
    )


def rows(kept: pl.DataFrame) -> pl.DataFrame:
    """A row a code, each once; of two lines that say the same the first counts."""
    spread = kept.select("line", "codes", *(name for name in COLUMNS if name != "code")).explode("codes")
    # A code on an inpatient line and on another line of the same claim is an inpatient code.
    named = spread.rename({"codes": "code"}).with_columns(pl.col("inpatient").max().over(ROW))
    return named.unique(ROW, keep="first", maintain_order=True)
