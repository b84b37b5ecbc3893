"""Rows of carrier.csv, outpatient.csv and inpatient.csv: a part of the RIF columns, named exactly as there."""

import numpy as np
import polars as pl

from mtm.generator import providers
from mtm.generator.days import Period
from mtm.generator.people import People
from mtm.generator.rif_fills import A_MEMBER, BENEFICIARY
from mtm.generator.visits import CARRIER, CODES, INPATIENT, OUTPATIENT, SLOTS

CLAIM, CLAIM_GROUP = -3_000_000_000_000, -4_000_000_000_000
ICD_10, NO_CODE = "0", ""
NAMES = {CARRIER: "carrier.csv", OUTPATIENT: "outpatient.csv", INPATIENT: "inpatient.csv"}

CLAIM_COLUMNS = (
    *("DML_IND", "BENE_ID", "CLM_ID", "CLM_GRP_ID", "FINAL_ACTION", "NCH_NEAR_LINE_REC_IDENT_CD", "NCH_CLM_TYPE_CD"),
    *("CLM_FROM_DT", "CLM_THRU_DT"),
)
DIAGNOSES = (
    *("PRNCPAL_DGNS_CD", "PRNCPAL_DGNS_VRSN_CD"),
    *(name for slot in range(1, SLOTS + 1) for name in (f"ICD_DGNS_CD{slot}", f"ICD_DGNS_VRSN_CD{slot}")),
)
CARRIER_LINE = ("LINE_NUM", "PRF_PHYSN_NPI", "LINE_ICD_DGNS_CD", "LINE_ICD_DGNS_VRSN_CD")
HEADERS = {
    CARRIER: (*CLAIM_COLUMNS, *DIAGNOSES, *CARRIER_LINE),
    OUTPATIENT: (*CLAIM_COLUMNS, "AT_PHYSN_NPI", *DIAGNOSES, "CLM_LINE_NUM"),
    INPATIENT: (*CLAIM_COLUMNS, "AT_PHYSN_NPI", *DIAGNOSES, "CLM_LINE_NUM"),
}
# RIF codes of the claim: near-line record and claim type.
RECORD = {CARRIER: ("O", "71"), OUTPATIENT: ("W", "40"), INPATIENT: ("V", "60")}


def numbered(visits: pl.DataFrame) -> pl.DataFrame:
    return visits.with_columns(claim=pl.int_range(pl.len()).over("member"))


def known(visits: pl.DataFrame, last_day: int) -> pl.DataFrame:
    return visits.filter(pl.col("end") <= last_day)


def rows(visits: pl.DataFrame, kind: int, people: People, block: int, period: Period) -> pl.DataFrame:
    """A row a line of a claim; carrier claims have one or two, the others one."""
    claims = visits.filter(pl.col("kind") == kind)
    if kind == CARRIER:
        claims = claims.with_columns(line=pl.int_ranges(pl.col("lines"))).explode("line")
    number = people.number[claims["member"].to_numpy()]
    values = {
        "DML_IND": constant("INSERT", claims),
        "BENE_ID": pl.Series(BENEFICIARY - number),
        "CLM_ID": pl.Series(CLAIM - number * A_MEMBER) - claims["claim"],
        "CLM_GRP_ID": pl.Series(CLAIM_GROUP - number * A_MEMBER) - claims["claim"],
        "FINAL_ACTION": constant("F", claims),
        "NCH_NEAR_LINE_REC_IDENT_CD": constant(RECORD[kind][0], claims),
        "NCH_CLM_TYPE_CD": constant(RECORD[kind][1], claims),
        "CLM_FROM_DT": period.written(claims["day"].to_numpy()),
        "CLM_THRU_DT": period.written(claims["end"].to_numpy()),
        **diagnoses(claims),
        **lines(claims, kind, block),
    }
    return pl.DataFrame({name: values[name] for name in HEADERS[kind]})


def constant(value: str, frame: pl.DataFrame) -> pl.Series:
    return pl.repeat(value, len(frame), eager=True)


def diagnoses(claims: pl.DataFrame) -> dict[str, pl.Series]:
    codes = pl.Series((*CODES, NO_CODE))
    versions = pl.Series((*(ICD_10 for _ in CODES), ""))
    columns: dict[str, pl.Series] = {}
    for slot in range(SLOTS):
        place = np.where(claims[f"code{slot}"].to_numpy() < 0, len(CODES), claims[f"code{slot}"].to_numpy())
        columns[f"ICD_DGNS_CD{slot + 1}"] = codes.gather(place)
        columns[f"ICD_DGNS_VRSN_CD{slot + 1}"] = versions.gather(place)
    columns["PRNCPAL_DGNS_CD"] = columns["ICD_DGNS_CD1"]
    columns["PRNCPAL_DGNS_VRSN_CD"] = columns["ICD_DGNS_VRSN_CD1"]
    return columns


def lines(claims: pl.DataFrame, kind: int, block: int) -> dict[str, pl.Series]:
    doctors = pl.Series(providers.prescriber_npis(block)).gather(claims["prescriber"] % providers.PRESCRIBERS)
    if kind != CARRIER:
        return {"AT_PHYSN_NPI": doctors, "CLM_LINE_NUM": constant("1", claims)}
    second = (claims["line"] == 1) & (claims["code1"] >= 0)
    place = np.where(second.to_numpy(), claims["code1"].to_numpy(), claims["code0"].to_numpy())
    return {
        "LINE_NUM": claims["line"] + 1,
        "PRF_PHYSN_NPI": doctors,
        "LINE_ICD_DGNS_CD": pl.Series(CODES).gather(place),
        "LINE_ICD_DGNS_VRSN_CD": constant(ICD_10, claims),
    }
