"""Text from files as values, without raising: what is no date or no number becomes null. The SQL twin is migration 0002."""

import polars as pl

DATES = ((r"^[0-9]{8}$", "%Y%m%d"), (r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "%Y-%m-%d"))
MONTH_BY_NAME = (r"^[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}$", "%d-%b-%Y")
# Dollars that no claim costs; sums of a few such would not fit their column.
TOO_LARGE = 10**10
NUMBER = r"^-?([0-9]{1,15}(\.[0-9]{1,6})?|\.[0-9]{1,6})$"


def by_distinct(column: pl.Series, value: pl.Expr) -> pl.Series:
    """The value of each text, worked out once for each distinct text: days, codes and quantities repeat a thousandfold."""
    distinct = column.unique().to_frame().with_columns(value.alias("value"))
    if distinct.is_empty():
        return distinct["value"].alias(column.name)
    found = column.replace_strict(distinct[column.name], distinct["value"], return_dtype=distinct["value"].dtype)
    return found.alias(column.name)


def as_date(name: str) -> pl.Expr:
    """20250131, 2025-01-31 or 31-Jan-2025."""
    text = pl.col(name)
    day = pl.coalesce(
        pl.when(text.str.contains(shape)).then(text).str.to_date(form, strict=False)
        for shape, form in (*DATES, MONTH_BY_NAME)
    )
    return pl.when(day.dt.year() > 0).then(day).alias(name)


def as_number(name: str, places: int) -> pl.Expr:
    """A decimal rounded half away from zero, as PostgreSQL rounds."""
    number = exact_number(name).round(places, mode="half_away_from_zero")
    return number.cast(pl.Decimal(38, places)).alias(name)


def exact_number(name: str) -> pl.Expr:
    """A decimal with all the places it may have."""
    text = pl.col(name)
    return pl.when(text.str.contains(NUMBER)).then(text).cast(pl.Decimal(38, 6))


def is_rounded(texts: pl.Series, places: int) -> pl.Expr:
    """Whether a number has more places than are kept; numbers are compared only where a text is long enough for that."""
    behind_point = texts.str.len_bytes() - texts.str.find(".", literal=True)
    if not (behind_point > places + 1).any():
        return pl.lit(False)
    return (exact_number(texts.name) != as_number(texts.name, places)).fill_null(False)


def as_whole(name: str) -> pl.Expr:
    """A whole number; null where there is a fraction."""
    return pl.when(as_number(name, 6) == as_number(name, 0)).then(as_number(name, 0).cast(pl.Int64)).alias(name)


def given(name: str) -> pl.Expr:
    return pl.col(name) != ""


def first_reason(reasons: dict[str, pl.Expr]) -> pl.Expr:
    """The first of the reasons whose condition holds; null where none does."""
    return pl.coalesce(pl.when(condition).then(pl.lit(reason)) for reason, condition in reasons.items())
