"""CCW Research Identifiable Files as the CMS BFD project writes them: pipe, DD-Mon-YYYY, one row a claim line.

Beneficiary files come one a year with Part D contract by month; a blank may stand for an empty code.
"""

import re

from claims.ingest.layout import HOSPICE, Feed, FileLayout, Kind, Record, Row, joined

SEX = {"1": "M", "2": "F"}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
CODES = re.compile(r"(PRNCPAL_DGNS_CD|ADMTG_DGNS_CD|LINE_ICD_DGNS_CD|ICD_DGNS_CD\d+)")
# Values of a Part D contract month that mean no Part D coverage.
NOT_COVERED = {"", "0", "N", "X", "*"}


def member(record: Record, name: str) -> Row:
    value = {key: text.strip() for key, text in record.items()}
    return (
        value["BENE_ID"],
        value["MBI_NUM"],
        value["BENE_GVN_NAME"],
        value["BENE_SRNM_NAME"],
        value["BENE_BIRTH_DT"],
        value["DEATH_DT"],
        SEX.get(value["BENE_SEX_IDENT_CD"], ""),
        " ".join(filter(None, (value.get(f"DRVD_LINE_{n}_ADR", "") for n in range(1, 7)))),
        value.get("CITY_NAME", ""),
        value.get("STATE_CD", ""),
        value["BENE_ZIP_CD"],
        value["BENE_ESRD_IND"] == "Y",
        f"{value['RFRNC_YR']}-12-31",
        ";".join(covered_months(value)),
        action(record),
    )


def covered_months(value: Record) -> list[str]:
    """Periods, one a month; consecutive ones are joined when they are stored."""
    year = value["RFRNC_YR"]
    return [
        f"{year}-{number:02}-01/{year}-{number:02}"
        for number, month in enumerate(MONTHS, 1)
        if value.get(f"PTD_CNTRCT_{month}_ID", "") not in NOT_COVERED
    ]


def inpatient(record: Record, name: str) -> Row:
    return *claim(record), True, action(record)


def other(record: Record, name: str) -> Row:
    return *claim(record), False, action(record)


def claim(record: Record) -> tuple[str, str, str, str, str]:
    codes = joined(value for name, value in record.items() if CODES.fullmatch(name))
    system = "9" if record.get("ICD_DGNS_VRSN_CD1", "").strip() == "9" else "10"
    return record["BENE_ID"].strip(), record["CLM_ID"].strip(), record["CLM_FROM_DT"].strip(), system, codes


def fill(record: Record, name: str) -> Row:
    value = {key: text.strip() for key, text in record.items()}
    return (
        value["BENE_ID"],
        value["PDE_ID"],
        value["SRVC_DT"],
        value["PROD_SRVC_ID"],
        value["QTY_DSPNSD_NUM"],
        value["DAYS_SUPLY_NUM"],
        value["TOT_RX_CST_AMT"],
        value["DRUG_CVRG_STUS_CD"] == "C",
        value["PRSCRBR_ID"],
        value["SRVC_PRVDR_ID"],
        "delete" if value["ADJSTMT_DLTN_CD"] == "D" else action(record),
    )


def action(record: Record) -> str:
    return "delete" if record["DML_IND"].strip() == "DELETE" else ""


CLAIM = ("DML_IND", "BENE_ID", "CLM_ID", "CLM_FROM_DT", "PRNCPAL_DGNS_CD")

FEED = Feed(
    name="rif",
    delimiter="|",
    layouts=(
        FileLayout(
            Kind.MEMBERS,
            r"beneficiary_20\d\d\.csv",
            (
                *("DML_IND", "BENE_ID", "BENE_BIRTH_DT", "DEATH_DT", "BENE_SEX_IDENT_CD", "BENE_ESRD_IND", "MBI_NUM"),
                *("BENE_SRNM_NAME", "BENE_GVN_NAME", "BENE_ZIP_CD", "RFRNC_YR", "PTD_CNTRCT_JAN_ID"),
            ),
            member,
            ("phone numbers", HOSPICE),
        ),
        FileLayout(Kind.DIAGNOSES, r"(inpatient|snf|hha)\.csv", CLAIM, inpatient),
        FileLayout(Kind.DIAGNOSES, r"(carrier|outpatient|hospice)\.csv", CLAIM, other),
        FileLayout(
            Kind.FILLS,
            r"pde\.csv",
            (
                *("DML_IND", "PDE_ID", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM"),
                *("TOT_RX_CST_AMT", "DRUG_CVRG_STUS_CD", "ADJSTMT_DLTN_CD", "PRSCRBR_ID", "SRVC_PRVDR_ID"),
            ),
            fill,
        ),
    ),
)
