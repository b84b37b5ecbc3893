"""CMS DE-SynPUF: beneficiary summaries by year, carrier, outpatient and inpatient claims, prescription drug events.

Synthetic public use files of 2008-2010: comma, YYYYMMDD, ICD-9-CM, no names, no prescriber of a drug.
"""

import re
from collections.abc import Iterator

import polars as pl

from claims.ingest.delimited import Rows, delimited
from claims.ingest.layout import HOSPICE, Block, Feed, FileLayout, Kind
from claims.ingest.source import Source

MEMBER = (
    *("DESYNPUF_ID", "BENE_BIRTH_DT", "BENE_DEATH_DT", "BENE_SEX_IDENT_CD", "BENE_ESRD_IND"),
    "PLAN_CVRG_MOS_NUM",
)
CLAIM = ("DESYNPUF_ID", "CLM_ID", "CLM_FROM_DT", "ICD9_DGNS_CD_1")
CODES = (
    *(f"ICD9_DGNS_CD_{n}" for n in range(1, 11)),
    *(f"LINE_ICD9_DGNS_CD_{n}" for n in range(1, 14)),
    "ADMTNG_ICD9_DGNS_CD",
)
CLAIM_TOO = (*CODES, "SEGMENT")
SEGMENTS = {"claims in segments": (pl.col("SEGMENT") == "2").cast(pl.Int64)}
FILL = (
    *("DESYNPUF_ID", "PDE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM", "PTNT_PAY_AMT"),
    "TOT_RX_CST_AMT",
)


def read_members(source: Source) -> Iterator[Block]:
    """The year of a summary stands in the name of its file only."""
    found = re.search(r"_(20\d\d)_", source.name)
    year = found[1] if found else ""
    whole_year = {
        "source_id": pl.col("DESYNPUF_ID"),
        "starts_on": pl.lit(f"{year}-01-01"),
        "ends_on": pl.lit(f"{year}-12-31"),
        "as_of": pl.lit(f"{year}-12-31"),
    }
    read = delimited(
        {
            Kind.MEMBERS: [Rows(member(year))],
            Kind.COVERAGE: [Rows(whole_year, when=pl.col("PLAN_CVRG_MOS_NUM").str.strip_chars_start("0") == "12")],
            Kind.SPANS: [Rows(whole_year | {"kind": pl.lit("esrd")}, when=pl.col("BENE_ESRD_IND") == "Y")],
        },
        delimiters=",",
        required=MEMBER,
        odd={"no Part D months": (pl.col("PLAN_CVRG_MOS_NUM").str.strip_chars_start("0") == "").cast(pl.Int64)},
    )
    return read(source)


def member(year: str) -> dict[str, pl.Expr]:
    return {
        "source_id": pl.col("DESYNPUF_ID"),
        "birth_date": pl.col("BENE_BIRTH_DT"),
        "death_date": pl.col("BENE_DEATH_DT"),
        "sex": pl.col("BENE_SEX_IDENT_CD").replace_strict({"1": "M", "2": "F"}, default=""),
        "as_of": pl.lit(f"{year}-12-31"),
    }


def claims(inpatient: str) -> dict[Kind, list[Rows]]:
    columns = {
        "source_id": pl.col("DESYNPUF_ID"),
        "claim_id": pl.col("CLM_ID"),
        "diagnosed_on": pl.col("CLM_FROM_DT"),
        "system": pl.lit("9"),
        "codes": pl.concat_str(CODES, separator=" "),
        "inpatient": pl.lit(inpatient),
    }
    return {Kind.DIAGNOSES: [Rows(columns)]}


FILLS = {
    "source_id": pl.col("DESYNPUF_ID"),
    "claim_id": pl.col("PDE_ID"),
    "filled_on": pl.col("SRVC_DT"),
    "ndc": pl.col("PROD_SRVC_ID"),
    "quantity": pl.col("QTY_DSPNSD_NUM"),
    "days_supply": pl.col("DAYS_SUPLY_NUM"),
    "patient_pay": pl.col("PTNT_PAY_AMT"),
    "cost": pl.col("TOT_RX_CST_AMT"),
}

FEED = Feed(
    name="desynpuf",
    title="desynpuf: CMS synthetic public use files",
    layouts=(
        FileLayout(
            (Kind.MEMBERS, Kind.COVERAGE, Kind.SPANS),
            r"DE1_0_20\d\d_Beneficiary_Summary_File_.*\.csv",
            read_members,
            (
                "names, addresses and phone numbers",
                HOSPICE,
                "which months of a year with fewer than 12 covered months",
                "when end-stage renal disease began (taken as the whole year)",
            ),
            reads_name=True,
        ),
        FileLayout(
            (Kind.DIAGNOSES,),
            r"DE1_0_.*_Inpatient_Claims_.*\.csv",
            delimited(claims("1"), delimiters=",", required=CLAIM, optional=CLAIM_TOO, odd=SEGMENTS),
        ),
        FileLayout(
            (Kind.DIAGNOSES,),
            r"DE1_0_.*_(Outpatient|Carrier)_Claims_.*\.csv",
            delimited(claims(""), delimiters=",", required=CLAIM, optional=CLAIM_TOO, odd=SEGMENTS),
        ),
        FileLayout(
            (Kind.FILLS,),
            r"DE1_0_.*_Prescription_Drug_Events_.*\.csv",
            delimited({Kind.FILLS: [Rows(FILLS)]}, delimiters=",", required=FILL),
            (
                "prescriber and pharmacy",
                "fill numbers",
                "which fills are compounds (taken as none)",
                "whether the drug is a covered Part D drug (taken as covered)",
            ),
        ),
    ),
)
