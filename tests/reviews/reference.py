"""The value sets the project ships, as the rules need them: id to ingredient names."""

import csv
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "claims" / "reference"

with (REFERENCE / "sets.csv").open(encoding="utf-8") as lines:
    SETS = {row["set_id"]: frozenset(row["members"].split(";")) for row in csv.DictReader(lines)}

with (REFERENCE / "conditions.csv").open(encoding="utf-8") as lines:
    CONDITION_IDS = {row["condition_id"] for row in csv.DictReader(lines)}
