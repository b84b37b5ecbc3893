"""ndc_directory.csv: what the plan's NDCs hold, in the columns that claims/directory/flattened.py reads."""

from collections import Counter

import polars as pl

from mtm.generator.catalogue import Catalogue, Line


def rows(catalogue: Catalogue) -> pl.DataFrame:
    line = catalogue.items["line"]
    numbers = rxcuis(catalogue)
    return pl.DataFrame(
        {
            "ndc11": catalogue.items["ndc"],
            "rxcui": pl.repeat("", len(line), eager=True),
            "tty": pl.Series(("SCD", "SBD")).gather(catalogue.items["brand"].cast(pl.Int64)),
            "name": catalogue.items["name"],
            "in_rxcui": in_line_order(catalogue, numbers).gather(line),
            "in_name": in_line_order(catalogue, {name: name for name in numbers}).gather(line),
        }
    )


def rxcuis(catalogue: Catalogue) -> dict[str, str]:
    """By ingredient; none where two of our ingredients share one (nasal, inhaled), so that the name decides."""
    count = Counter(drug["rxcui_in"] for drug in catalogue.drugs.values())
    return {name: drug["rxcui_in"] if count[drug["rxcui_in"]] == 1 else "" for name, drug in catalogue.drugs.items()}


def in_line_order(catalogue: Catalogue, values: dict[str, str]) -> pl.Series:
    def joined(line: Line) -> str:
        return "|".join(values[name] for name in line.ingredients)

    return pl.Series([joined(line) for line in catalogue.lines])
