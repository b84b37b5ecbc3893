"""What a year of a generated plan looks like, from its written files alone."""

from datetime import date

import polars as pl

from mtm.generator.calibration import TOP_TEN
from tests.mtm.generated import Plan

QUANTILES = (10, 25, 50, 75, 80, 90, 95, 99)


def measured(plan: Plan) -> dict[str, float]:
    """By the names of the targets."""
    fills, sent = plan.fills, plan.sent
    pairs = fills.group_by("BENE_ID", pl.col("PROD_SRVC_ID").str.slice(0, 9)).agg(pl.col("day").n_unique())
    top = fills.group_by("drug").len().sort("len", descending=True)["drug"].to_list()[:15]
    courses = courses_of(plan)
    return {
        "eligible, rules of 2024": plan.share_eligible(more_than=5_330),
        "eligible, rules of 2025": plan.share_eligible(at_least=1_623),
        "fills a user and year": len(fills) / fills["BENE_ID"].n_unique(),
        **{f"cost of a claim, p{q}": float(fills["cost"].cast(pl.Float64).quantile(q / 100)) for q in QUANTILES},
        "member and NDC-9 pairs filled again": share(pairs, pl.col("day") > 1),
        "courses kept to (PDC 80 % or more)": share(courses, ~pl.col("stopped") & (pl.col("pdc") >= 0.8)),
        "courses stopped early": share(courses, pl.col("stopped")),
        "fills of an NDC in the directory": share(fills, pl.col("drug").is_not_null()),
        "fills of 30 days": share(fills, pl.col("supply") == 30),
        "fills of 90 days": share(fills, pl.col("supply") == 90),
        "fills of a brand": share(fills, pl.col("BRND_GNRC_CD") == "B"),
        "fills with low-income subsidy": share(fills, pl.col("LICS_AMT") != "0.00"),
        "fills in a nursing facility": share(fills, pl.col("PTNT_RSDNC_CD") == "03"),
        "top ten drugs found among our top fifteen": sum(name.replace("+", "|") in top for name in TOP_TEN),
        "fills by the member's main prescriber": main_share(fills, "PRSCRBR_ID"),
        "fills at the member's main pharmacy": main_share(fills, "SRVC_PRVDR_ID"),
        "claims adjusted or deleted": share(sent, pl.col("ADJSTMT_DLTN_CD") != ""),
        "members at risk with a limitation": len(plan.at_risk) / len(plan.members),
        "members who died in the year": share(plan.members, pl.col("DEATH_DT") != ""),
        "members who joined in mid-year": len(joined_in_mid_year(plan)) / len(plan.members),
    }


def share(rows: pl.DataFrame, test: pl.Expr) -> float:
    return len(rows.filter(test)) / len(rows)


def main_share(fills: pl.DataFrame, who: str) -> float:
    each = (
        fills.group_by("BENE_ID", who).agg(n=pl.len()).group_by("BENE_ID").agg(pl.col("n").max(), all=pl.col("n").sum())
    )
    often = each.filter(pl.col("all") >= 5)
    return often["n"].sum() / often["all"].sum()


def courses_of(plan: Plan) -> pl.DataFrame:
    """Maintenance drugs seen for 91 days or more: stopped 60 days or more before the end, and the share of days supplied."""
    ends = plan.members.select("BENE_ID", end=pl.max_horizontal(ends_of_coverage(plan)))
    ends = ends.with_columns(end=pl.min_horizontal("end", died(plan)))
    out = (pl.col("day") + pl.duration(days="supply")).max()
    listed = plan.fills.filter(pl.col("maintenance") == "Y")
    courses = listed.group_by("BENE_ID", "drug").agg(pl.col("day").min(), pl.col("supply").sum(), out=out)
    courses = courses.join(ends, on="BENE_ID").with_columns(watched=(pl.col("end") - pl.col("day")).dt.total_days())
    over = (pl.col("out") - pl.col("end")).dt.total_days().clip(0)
    return courses.filter(pl.col("watched") >= 91).select(
        stopped=pl.col("out") + pl.duration(days=60) < pl.col("end"), pdc=(pl.col("supply") - over) / pl.col("watched")
    )


def months() -> list[str]:
    return ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC"]


def ends_of_coverage(plan: Plan) -> list[pl.Expr]:
    """For each month covered the first day of the next."""
    return [
        pl.when(pl.col(f"PTD_CNTRCT_{name}_ID") == "Z9001").then(date(plan.year + number // 12, number % 12 + 1, 1))
        for number, name in enumerate(months(), 1)
    ]


def died(plan: Plan) -> pl.Series:
    return plan.members["DEATH_DT"].str.to_date("%d-%b-%Y", strict=False).dt.offset_by("1d")


def joined_in_mid_year(plan: Plan) -> set[str]:
    """Covered in a later month but not in January, nor in a year before."""
    earlier = Plan(plan.folder, plan.year - 1)
    before = set(earlier.members["BENE_ID"]) if (plan.folder / f"beneficiary_{earlier.year}.csv").exists() else set()
    return set(plan.members.filter(pl.col("PTD_CNTRCT_JAN_ID") == "N")["BENE_ID"]) - before
