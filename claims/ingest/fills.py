"""Staged fills typed and judged: which rows can be kept, and why the others cannot."""

import polars as pl

from claims.ingest.known_members import Members
from claims.ingest.values import (
    TOO_LARGE,
    as_date,
    as_number,
    as_whole,
    by_distinct,
    first_reason,
    given,
    is_rounded,
)

# The columns of a typed fill, as claims/sql/stage_claims.sql and the table of fills have them.
COLUMNS = (
    *("member_id", "claim_id", "filled_on", "ndc", "quantity", "days_supply", "cost", "coverage", "compound"),
    *("dispensing", "rx_number", "fill_number", "prescriber", "pharmacy", "processed_on"),
)
# A higher number wins where nothing else tells which version of a claim is the later one.
ACTIONS = {"": 0, "update": 0, "adjust": 1, "update adjust": 1, "delete": 2, "update delete": 2}
# Gross drug cost (42 CFR 423.308): ingredient cost + dispensing fee + sales tax + vaccine administration fee.
COST_PARTS = ("ingredient_cost", "dispensing_fee", "sales_tax", "vaccine_fee")
# Of these shapes those of ten digits or eleven are the ones that labels print (twelve characters or thirteen).
PRINTED = r"^([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})$"
# What each number of a fill is below.
BOUNDS = {"quantity": 10**7, "cost": TOO_LARGE}
SHORTEST_NDC = 7  # eleven digits without the zeros that any labeler's code begins with
MARKS = {"compound": ["", "0", "1"], "final": ["", "F", "Y", "N"]}
TEXTS = {"claim_id": 40, "prescriber": 20, "pharmacy": 20, "rx_number": 20}


def judged(staged: pl.DataFrame, members: Members) -> pl.DataFrame:
    """Typed columns with `line`, `action` (0 original, 1 adjustment, 2 deletion), `updated`, `final`; `reason`: null to keep."""
    distinct = [by_distinct(staged[name], value) for name, value in REPEATED.items()]
    quantity_is_rounded = is_rounded(staged["quantity"], 3).alias("quantity_is_rounded")
    typed = staged.select(*texts(), *marks(), *known_marks(), quantity_is_rounded).with_columns(
        *costs(staged), *distinct, members.ids_of(staged["source_id"])
    )
    judged = typed.with_columns(reason(too_long(staged)).alias("reason")).with_columns(of_deletions())
    return judged.drop(name for name in judged.columns if name.startswith("has_"))


def texts() -> list[pl.Expr]:
    return [
        pl.col("line", "claim_id", "rx_number", "prescriber", "pharmacy", "dispensing", "brand"),
        pl.when(given("coverage")).then(pl.col("coverage")).otherwise(pl.lit("C")).alias("coverage"),
        (pl.col("compound") == "1").alias("compound"),
        pl.col("action")
        .str.to_lowercase()
        .replace_strict(ACTIONS, default=None, return_dtype=pl.Int16)
        .alias("action"),
        pl.col("action").str.to_lowercase().str.starts_with("update").alias("updated"),
        (pl.col("final") != "N").alias("final"),
    ]


def marks() -> list[pl.Expr]:
    """Which of the values that may be missing were given: then they must also be good."""
    return [given(name).alias(f"has_{name}") for name in ("quantity", "days_supply", "fill_number", "processed_on")]


def known_marks() -> list[pl.Expr]:
    """Whether a mark is one of those that mean something; another must not silently mean the usual."""
    return [pl.col(name).is_in(known).alias(f"has_known_{name}") for name, known in MARKS.items()]


def too_long(staged: pl.DataFrame) -> list[str]:
    """The columns in which there may be a text that is too long: bytes are counted at once, letters are not."""
    return [name for name, most in TEXTS.items() if (staged[name].str.len_bytes() > most).any()]


def ndc() -> pl.Expr:
    """Eleven digits, or null; leading zeros that a spreadsheet took away are put back.

    Hyphens say where a zero belongs in a code of ten digits (the FDA's 4-4-2, 5-3-2 and 5-4-1).
    """
    text = pl.col("ndc")
    parts = [text.str.extract(PRINTED, place).str.zfill(width) for place, width in ((1, 5), (2, 4), (3, 2))]
    is_printed = text.str.contains(PRINTED) & (text.str.len_bytes() >= 12)
    whole = pl.when(is_printed).then(pl.concat_str(parts)).otherwise(text.str.zfill(11))
    usable = whole.str.contains(r"^[0-9]{11}$") & (whole != "0" * 11) & (text.str.len_bytes() >= SHORTEST_NDC)
    return pl.when(usable).then(whole).alias("ndc")


def small(name: str) -> pl.Expr:
    """A whole number that fits its column."""
    number = as_whole(name)
    return pl.when(number.is_between(0, 32_767)).then(number).cast(pl.Int16).alias(name)


REPEATED = {
    "filled_on": as_date("filled_on"),
    "processed_on": as_date("processed_on"),
    "ndc": ndc(),
    "quantity": as_number("quantity", 3),
    "days_supply": small("days_supply"),
    "fill_number": small("fill_number"),
    "patient_pay": as_number("patient_pay", 2),
}


def costs(staged: pl.DataFrame) -> pl.DataFrame:
    """The cost, and what is told of it: `cost_is_rounded`, and `cost_differs` from its parts, which count."""
    in_parts = not staged.select(pl.all_horizontal((pl.col(name) == "").all() for name in COST_PARTS)).item()
    names = ("cost", *COST_PARTS) if in_parts else ("cost",)
    read = staged.select(
        pl.lit(False).alias("cost_differs"),
        *(as_number(name, 2) for name in names),
        *(is_rounded(staged[name], 2).alias(f"{name}_is_rounded") for name in names),
        *(given(name).alias(f"has_{name}") for name in names if in_parts),
    )
    return read.select(cost_in_parts()) if in_parts else read


def cost_in_parts() -> list[pl.Expr]:
    """The sum of the parts where any is given, else the cost as given."""
    has_parts = pl.any_horizontal(f"has_{name}" for name in COST_PARTS)
    parts_are_rounded = pl.any_horizontal(f"{name}_is_rounded" for name in COST_PARTS)
    return [
        pl.when(has_parts).then(sum_of_parts()).otherwise(pl.col("cost")).alias("cost"),
        pl.when(has_parts).then(parts_are_rounded).otherwise(pl.col("cost_is_rounded")).alias("cost_is_rounded"),
        (has_parts & pl.col("has_cost") & pl.col("cost").ne_missing(sum_of_parts())).alias("cost_differs"),
    ]


def sum_of_parts() -> pl.Expr:
    """Null where a part is no amount or below 0: it would silently make the sum too small."""
    bad = pl.any_horizontal(pl.col(f"has_{name}") & ~(pl.col(name) >= 0).fill_null(False) for name in COST_PARTS)
    whole = pl.sum_horizontal(pl.col(name).fill_null(0) for name in COST_PARTS)
    return pl.when(~bad).then(whole.cast(pl.Decimal(38, 2)))


def reason(long: list[str]) -> pl.Expr:
    """Why a row cannot be kept. A deletion need only say of which claim it is."""
    stays = pl.col("action") < 2
    return first_reason(
        {
            "no claim number": ~given("claim_id"),
            "no known action": pl.col("action").is_null(),
            "no known mark of a compound": ~pl.col("has_known_compound"),
            "no known mark of the final action": ~pl.col("has_known_final"),
            **{f"the {label(name)} is too long": pl.col(name).str.len_chars() > TEXTS[name] for name in long},
            "no valid fill date": stays & pl.col("filled_on").is_null(),
            "no valid NDC": stays & pl.col("ndc").is_null(),
            "no valid quantity": stays & pl.col("has_quantity") & ~between("quantity"),
            "no valid days' supply": stays & pl.col("has_days_supply") & pl.col("days_supply").is_null(),
            "no valid cost": stays & ~between("cost"),
            "no valid coverage status": ~pl.col("coverage").is_in(["C", "E", "O"]),
            "no valid dispensing status": ~pl.col("dispensing").is_in(["", "P", "C"]),
            "no valid fill number": pl.col("has_fill_number") & pl.col("fill_number").is_null(),
            "no valid processing date": pl.col("has_processed_on") & pl.col("processed_on").is_null(),
            # The last, for it alone may pass once the member is known.
            "unknown member": pl.col("member_id").is_null(),
        }
    )


def label(name: str) -> str:
    return {"claim_id": "claim number", "rx_number": "prescription number"}.get(name, f"{name} number")


def between(name: str) -> pl.Expr:
    return pl.col(name).is_between(0, BOUNDS[name], closed="left").fill_null(False)


def of_deletions() -> list[pl.Expr]:
    """Numbers as they are; but a deletion may say anything of what it deletes, as amounts below 0: that is not kept."""
    is_deletion = pl.col("action") == 2
    return [pl.when(is_deletion & ~between(name)).then(None).otherwise(pl.col(name)).alias(name) for name in BOUNDS]
