"""Figures of a generated plan, counted from its written files alone, the plain way."""

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

REFERENCE = Path(__file__).parents[2] / "claims" / "reference"
CORE = (
    *("Alzheimer", "Bone disease-arthritis", "CHF", "Diabetes", "Dyslipidemia"),
    *("ESRD", "Hypertension", "Mental health", "Respiratory disease", "HIV/AIDS"),
)
DAY = pl.col("SRVC_DT").str.to_date("%d-%b-%Y")


def records(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@dataclass(frozen=True)
class Plan:
    folder: Path
    year: int

    def read(self, name: str, separator: str = "|") -> pl.DataFrame:
        return pl.read_csv(
            self.folder / name,
            separator=separator,
            infer_schema=False,
            empty_string_is_null=False,
            quote_char=None,
        )

    @cached_property
    def members(self) -> pl.DataFrame:
        return self.read(f"beneficiary_{self.year}.csv")

    @cached_property
    def sent(self) -> pl.DataFrame:
        """All rows of the year, corrections too."""
        day = DAY.alias("day")
        typed = self.read("pde.csv").with_columns(
            day,
            pl.col("PD_DT").str.to_date("%d-%b-%Y").alias("paid"),
            pl.col("TOT_RX_CST_AMT").cast(pl.Decimal(12, 2)).alias("cost"),
            pl.col("DAYS_SUPLY_NUM").cast(pl.Int64).alias("supply"),
        )
        return typed.filter(pl.col("day").dt.year() == self.year)

    @cached_property
    def fills(self) -> pl.DataFrame:
        """Final, not deleted; with the drug (set of ingredients) and its maintenance flag where the NDC is known."""
        final = self.sent.filter((pl.col("FINAL_ACTION") == "F") & (pl.col("ADJSTMT_DLTN_CD") != "D"))
        return final.join(self.drugs, left_on="PROD_SRVC_ID", right_on="ndc11", how="left")

    @cached_property
    def drugs(self) -> pl.DataFrame:
        flags = {row["ingredient"]: row["maintenance"] for row in records("drugs")}
        directory = self.read("ndc_directory.csv", ",").select("ndc11", drug="in_name")
        found = [{flags[name] for name in names.split("|")} for names in directory["drug"]]
        return directory.with_columns(maintenance=pl.Series([next(f for f in "YSN" if f in each) for each in found]))

    @cached_property
    def diagnoses(self) -> pl.DataFrame:
        """Member, day, code and whether of a stay, of this year and the one before."""
        parts = []
        for name in ("carrier", "outpatient", "inpatient"):
            claims = self.read(f"{name}.csv").with_columns(pl.col("CLM_FROM_DT").str.to_date("%d-%b-%Y").alias("day"))
            claims = claims.filter(pl.col("day").dt.year().is_between(self.year - 1, self.year))
            codes = claims.unpivot(
                [f"ICD_DGNS_CD{n}" for n in range(1, 13)], index=["BENE_ID", "day"], value_name="code"
            )
            parts.append(
                codes.filter(pl.col("code") != "").select("BENE_ID", "day", "code", stay=pl.lit(name == "inpatient"))
            )
        return pl.concat(parts)

    @cached_property
    def core_diseases(self) -> dict[str, int]:
        """How many of the ten each member has: one stay or two other days in two years; ESRD also by the enrollment file."""
        found = [self._with(group) for group in CORE]
        flagged = self.members.filter(pl.col("BENE_ESRD_IND") == "Y").select("BENE_ID", group=pl.lit("ESRD"))
        return dict(pl.concat([*found, flagged]).unique().group_by("BENE_ID").len().iter_rows())

    def _with(self, group: str) -> pl.DataFrame:
        listed = [
            r for r in records("conditions") if r["core_group"] == group and not r["condition_id"].endswith("_CCW")
        ]
        prefixes = [prefix for row in listed for prefix in row["icd10cm_prefixes"].split(";")]
        told = self.diagnoses.filter(pl.any_horizontal(pl.col("code").str.starts_with(prefix) for prefix in prefixes))
        days = told.group_by("BENE_ID").agg(pl.col("stay").any(), pl.col("day").n_unique())
        return days.filter(pl.col("stay") | (pl.col("day") >= 2)).select("BENE_ID", group=pl.lit(group))

    @cached_property
    def maintenance_drugs(self) -> dict[str, int]:
        """A drug of which nothing is known counts by its first nine digits."""
        covered = self.fills.filter(pl.col("DRUG_CVRG_STUS_CD") == "C")
        drug = pl.col("drug").fill_null(pl.col("PROD_SRVC_ID").str.slice(0, 9))
        taken = covered.group_by("BENE_ID", drug).agg(pl.col("maintenance").first(), pl.col("supply").sum())
        flag = pl.col("maintenance").fill_null("Y")
        counts = taken.filter((flag == "Y") | ((flag == "S") & (pl.col("supply") >= 60)))
        return dict(counts.group_by("BENE_ID").len().iter_rows())

    @cached_property
    def cost(self) -> dict[str, object]:
        covered = self.fills.filter(pl.col("DRUG_CVRG_STUS_CD") == "C")
        return dict(covered.group_by("BENE_ID").agg(pl.col("cost").sum()).iter_rows())

    @cached_property
    def at_risk(self) -> set[str]:
        """With a limitation on the last day of the year."""
        last = f"{self.year}-12-31"
        spells = self.read("at_risk.csv", ",").filter(pl.col("status") == "at_risk")
        end = pl.when(pl.col("extended_to") != "").then("extended_to").otherwise("planned_end_on")
        return set(spells.filter((pl.col("effective_on") <= last) & (end > last))["member_number"])

    def eligible(self, member: str, *, more_than: int = 0, at_least: int = 0) -> bool:
        enough = self.core_diseases.get(member, 0) >= 3 and self.maintenance_drugs.get(member, 0) >= 8
        cost = self.cost.get(member, 0)
        return member in self.at_risk or (enough and cost > more_than and cost >= at_least)

    def share_eligible(self, **cost: int) -> float:
        return sum(self.eligible(member, **cost) for member in self.members["BENE_ID"]) / len(self.members)
