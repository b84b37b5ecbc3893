"""Who would be eligible in a year by the CMS rules of 2024 and 2025, counted over generated claims."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from mtm.generator.calibration import COST_THRESHOLDS
from mtm.generator.days import Flags, Ints
from mtm.generator.text import words
from mtm.generator.visits import CODES, INPATIENT, SLOTS

CONDITIONS = Path(__file__).parents[2] / "claims" / "reference" / "conditions.csv"
# The ten core chronic diseases of 2025 (42 CFR 423.153(d)(2)(iii)) in the words of conditions.csv.
CORE = words(
    "Alzheimer;Bone disease-arthritis;CHF;Diabetes;Dyslipidemia;ESRD;Hypertension;Mental health;Respiratory disease;HIV/AIDS",
    ";",
)
LEAST_CONDITIONS, LEAST_DRUGS, LEAST_DAYS = 3, 8, 60
LOOK_BACK = 730  # days in which a condition must have been told


def by_rules(size: int, fills: pl.DataFrame, visits: pl.DataFrame, esrd: Flags, at_risk: Ints) -> dict[int, Flags]:
    """For each rule's year, which of `size` members are eligible by the fills of a year and the visits of two.

    `fills` are final and have `drug` and `maintenance`; `at_risk` are members with a limitation.
    """
    covered = fills.filter(pl.col("coverage") == 0)
    enough = (drugs(covered, size) >= LEAST_DRUGS) & (core_diseases(visits, esrd) >= LEAST_CONDITIONS)
    spent = cents(covered, size)
    limited = np.isin(np.arange(size), at_risk)
    return {
        2024: (enough & (spent > COST_THRESHOLDS[2024] * 100)) | limited,
        2025: (enough & (spent >= COST_THRESHOLDS[2025] * 100)) | limited,
    }


def drugs(covered: pl.DataFrame, size: int) -> Ints:
    """Maintenance drugs of each member; situational ones only when taken for sixty days."""
    taken = covered.group_by("member", "drug").agg(pl.col("supply").sum(), pl.col("maintenance").first())
    counts = (pl.col("maintenance") == "Y") | ((pl.col("maintenance") == "S") & (pl.col("supply") >= LEAST_DAYS))
    return np.bincount(taken.filter(counts)["member"].to_numpy(), minlength=size)


def cents(covered: pl.DataFrame, size: int) -> Ints:
    spent = covered.group_by("member").agg(pl.col("cents").sum())
    sums = np.zeros(size, np.int64)
    sums[spent["member"].to_numpy()] = spent["cents"].to_numpy()
    return sums


def core_diseases(visits: pl.DataFrame, esrd: Flags) -> Ints:
    """How many each member has: one hospital stay or two days of other claims, or the enrollment file's word for ESRD."""
    codes = visits.select(f"code{slot}" for slot in range(SLOTS)).to_numpy()
    found = np.stack(
        [with_disease(visits, core_codes()[group][codes].any(axis=1), len(esrd)) for group in CORE], axis=1
    )
    found[:, CORE.index("ESRD")] |= esrd
    counts: Ints = found.sum(axis=1)
    return counts


def with_disease(visits: pl.DataFrame, told: Flags, size: int) -> Flags:
    """Which members have it, given which of the claims tell it."""
    claims = visits.filter(pl.Series(told))
    has = np.bincount(claims.unique(["member", "day"])["member"].to_numpy(), minlength=size) >= 2
    has[claims.filter(pl.col("kind") == INPATIENT)["member"].to_numpy()] = True
    return has


@cache
def core_codes() -> dict[str, Flags]:
    """For each core disease, which of visits.CODES mean it; the last place stands for no code."""
    with CONDITIONS.open(encoding="utf-8", newline="") as file:
        records = [row for row in csv.DictReader(file) if not row["condition_id"].endswith("_CCW")]
    prefixes = {
        group: words(";".join(row["icd10cm_prefixes"] for row in records if row["core_group"] == group), ";")
        for group in CORE
    }
    return {group: np.array([*(code.startswith(prefixes[group]) for code in CODES), False]) for group in CORE}
