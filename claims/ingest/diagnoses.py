"""Staged diagnoses typed and judged. A record holds the codes of a claim, or of one line of it; each code becomes a row."""

import polars as pl

from claims.ingest.known_members import Members
from claims.ingest.values import as_date, by_distinct, first_reason, given

COLUMNS = ("member_id", "claim_id", "diagnosed_on", "system", "code", "inpatient")
ROW = ["member_id", "claim_id", "diagnosed_on", "system", "code"]
# What a code can look like without its dot, by code system.
SHAPES = {
    "9": "([0-9]{3}|V[0-9]{2}|E[0-9]{3})[0-9]{0,2}",
    "10": "[A-Z][0-9][A-Z0-9]{1,5}",
}


def judged(staged: pl.DataFrame, members: Members) -> pl.DataFrame:
    """One line a record, with `codes` as a list, `unshaped` (how many are none) and `reason`, null to keep."""
    system = staged["system"].replace("", "10")
    texts, left_out = with_shape(in_capitals(staged["codes"]), system)
    typed = staged.select(
        pl.col("line", "claim_id"),
        pl.col("action").str.to_lowercase(),
        pl.col("inpatient").is_in(["", "0", "1"]).alias("has_known_inpatient"),
        system,
        (pl.col("inpatient") == "1").alias("inpatient"),
        by_distinct(staged["diagnosed_on"], as_date("diagnosed_on")),
        in_list(texts).alias("codes"),
        left_out.alias("unshaped"),
        members.ids_of(staged["source_id"]),
    )
    return typed.with_columns(reason().alias("reason"))


def in_capitals(texts: pl.Series) -> pl.Series:
    """The codes of each record without dots, parted by blanks."""
    if texts.str.contains(".", literal=True).any():
        texts = texts.str.replace_all(".", "", literal=True)
    # Most of a record's places for codes are empty, and those at its end need not become a list to be left out.
    return texts.str.to_uppercase().str.strip_chars(" ")


def with_shape(texts: pl.Series, system: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The texts without what cannot be a code of its system, and how many of each were left out.

    Nearly all records are right as they are, so only the others are taken apart.
    """
    left_out = pl.zeros(texts.len(), pl.UInt32, eager=True)
    for name, shape in SHAPES.items():
        places = ((system == name) & ~texts.str.contains(f"^(({shape})( +|$))*$")).arg_true()
        if places.len():
            found = in_list(texts.gather(places))
            kept = found.list.eval(pl.element().filter(pl.element().str.contains(f"^({shape})$")))
            texts = texts.scatter(places, kept.list.join(" "))
            left_out = left_out.scatter(places, found.list.len() - kept.list.len())
    return texts, left_out


def in_list(texts: pl.Series) -> pl.Series:
    """The distinct codes of each record."""
    return texts.str.split(" ").list.unique(maintain_order=True).list.filter(pl.element() != "")


def reason() -> pl.Expr:
    return first_reason(
        {
            "no claim number": ~given("claim_id"),
            "the claim number is too long": pl.col("claim_id").str.len_chars() > 40,
            "deletion of a claim": pl.col("action") == "delete",
            "no known action": ~pl.col("action").is_in(["", "delete", "not final"]),
            "no known mark of a stay": ~pl.col("has_known_inpatient"),
            "not the final action of the claim": pl.col("action") == "not final",
            "the code system is neither 9 nor 10": ~pl.col("system").is_in(["9", "10"]),
            "no valid service date": pl.col("diagnosed_on").is_null(),
            "no diagnosis code": (pl.col("codes").list.len() == 0) & (pl.col("unshaped") == 0),
            "no valid diagnosis code": pl.col("codes").list.len() == 0,
            # The last, for it alone may pass once the member is known.
            "unknown member": pl.col("member_id").is_null(),
        }
    )


def rows(kept: pl.DataFrame) -> pl.DataFrame:
    """A row a code, each once; of two lines that say the same the first counts."""
    spread = kept.select("line", "codes", *(name for name in COLUMNS if name != "code")).explode("codes")
    named = spread.rename({"codes": "code"})
    if named["inpatient"].n_unique() > 1:
        # A code on an inpatient line and on another line of the same claim is an inpatient code.
        named = named.with_columns(pl.col("inpatient").max().over(ROW))
    # One claim may have many lines; where each line is a claim of its own no code can stand twice.
    if kept["claim_id"].n_unique() == kept.height:
        return named
    return named.unique(ROW, keep="first", maintain_order=True)
