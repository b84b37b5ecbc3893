"""CMS DE-SynPUF: beneficiary summaries by year, carrier, outpatient and inpatient claims, prescription drug events.

Synthetic public use files of 2008-2010: comma, YYYYMMDD, ICD-9-CM, no names, no prescriber of a drug.
"""

import re

from claims.ingest.layout import HOSPICE, Feed, FileLayout, Kind, Record, Row, joined

SEX = {"1": "M", "2": "F"}


def member(record: Record, name: str) -> Row:
    year = year_in(name)
    all_year = record["PLAN_CVRG_MOS_NUM"].lstrip("0") == "12"
    return (
        record["DESYNPUF_ID"],
        *("", "", ""),
        record["BENE_BIRTH_DT"],
        record["BENE_DEATH_DT"],
        SEX.get(record["BENE_SEX_IDENT_CD"], ""),
        *("", "", "", ""),
        record["BENE_ESRD_IND"] == "Y",
        f"{year}-12-31",
        f"{year}-01-01/{year}-12-31" if all_year else "",
        "",
    )


def year_in(name: str) -> str:
    found = re.search(r"_(20\d\d)_", name)
    return found[1] if found else ""


def inpatient(record: Record, name: str) -> Row:
    return *claim(record), True, ""


def other(record: Record, name: str) -> Row:
    return *claim(record), False, ""


def claim(record: Record) -> tuple[str, str, str, str, str]:
    codes = joined(value for name, value in record.items() if "ICD9_DGNS_CD" in name)
    return record["DESYNPUF_ID"], record["CLM_ID"], record["CLM_FROM_DT"], "9", codes


def fill(record: Record, name: str) -> Row:
    return (
        record["DESYNPUF_ID"],
        record["PDE_ID"],
        record["SRVC_DT"],
        record["PROD_SRVC_ID"],
        record["QTY_DSPNSD_NUM"],
        record["DAYS_SUPLY_NUM"],
        record["TOT_RX_CST_AMT"],
        True,
        *("", "", ""),
    )


CLAIM = ("DESYNPUF_ID", "CLM_ID", "CLM_FROM_DT", "ICD9_DGNS_CD_1")

FEED = Feed(
    name="desynpuf",
    delimiter=",",
    layouts=(
        FileLayout(
            Kind.MEMBERS,
            r"DE1_0_20\d\d_Beneficiary_Summary_File_.*\.csv",
            (
                *("DESYNPUF_ID", "BENE_BIRTH_DT", "BENE_DEATH_DT", "BENE_SEX_IDENT_CD", "BENE_ESRD_IND"),
                "PLAN_CVRG_MOS_NUM",
            ),
            member,
            ("names, addresses and phone numbers", HOSPICE, "which months of a year with fewer than 12 covered months"),
        ),
        FileLayout(Kind.DIAGNOSES, r"DE1_0_.*_Inpatient_Claims_.*\.csv", CLAIM, inpatient),
        FileLayout(Kind.DIAGNOSES, r"DE1_0_.*_Outpatient_Claims_.*\.csv", CLAIM, other),
        FileLayout(Kind.DIAGNOSES, r"DE1_0_.*_Carrier_Claims_.*\.csv", CLAIM, other),
        FileLayout(
            Kind.FILLS,
            r"DE1_0_.*_Prescription_Drug_Events_.*\.csv",
            (
                *("DESYNPUF_ID", "PDE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM"),
                "TOT_RX_CST_AMT",
            ),
            fill,
            ("prescriber and pharmacy", "whether the drug is a covered Part D drug (taken as covered)"),
        ),
    ),
)
