"""Part D events (PDE) of the research files as staged fills: which versions are of one claim, and what each does to it."""

from dataclasses import dataclass

import polars as pl

from claims.ingest.delimited import Rows
from claims.ingest.layout import Kind
from claims.ingest.values import as_date

FILL = (
    *("DML_IND", "PDE_ID", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM"),
    *("TOT_RX_CST_AMT", "DRUG_CVRG_STUS_CD", "ADJSTMT_DLTN_CD", "PRSCRBR_ID", "SRVC_PRVDR_ID"),
)
FILL_TOO = (
    *("CLM_GRP_ID", "FINAL_ACTION", "PD_DT", "RX_SRVC_RFRNC_NUM", "FILL_NUM", "CMPND_CD", "DSPNSNG_STUS_CD"),
    *("PTNT_PAY_AMT", "BRND_GNRC_CD"),
)

# What a version does to its claim, by DML_IND and ADJSTMT_DLTN_CD; what is not here is rejected.
ACTIONS = {
    **{" ": "", " A": "adjust", " D": "delete", "INSERT ": "", "INSERT A": "adjust", "INSERT D": "delete"},
    **{"UPDATE ": "update", "UPDATE A": "update adjust", "UPDATE D": "update delete"},
    **{"DELETE ": "delete", "DELETE A": "delete", "DELETE D": "delete"},
}
# As our own layout has them, in which 1 is a compound; another code stays, to be rejected.
COMPOUNDS = {"0": "", "1": "", "2": "1"}
CODES = {
    "DML_IND": ("INSERT", "UPDATE", "DELETE"),
    "ADJSTMT_DLTN_CD": ("", "A", "D"),
    "FINAL_ACTION": ("F", "N", ""),
    "DSPNSNG_STUS_CD": ("", "P", "C"),
    "DRUG_CVRG_STUS_CD": ("C", "E", "O"),
}
HAS_NO_GROUP = pl.col("CLM_GRP_ID") == ""
KEY = ("SRVC_DT", "RX_SRVC_RFRNC_NUM", "FILL_NUM", "SRVC_PRVDR_ID")
HAS_KEY = pl.all_horizontal(pl.col(name) != "" for name in KEY)
LONGEST = 40


def are_usual() -> pl.Expr:
    """Whether all codes are as CMS writes them: to compare takes a tenth of the time of capital letters."""
    return pl.all_horizontal(pl.any_horizontal(pl.col(name) == code for code in CODES[name]) for name in CODES).all()


def key() -> pl.Expr:
    """What names a claim for CMS where nothing else does; null where a part of it is missing."""
    number, fill = (pl.col(name).str.strip_chars_start("0") for name in ("RX_SRVC_RFRNC_NUM", "FILL_NUM"))
    day = as_date("SRVC_DT").dt.to_string("%Y%m%d")
    found = pl.concat_str(day, number, fill, "DSPNSNG_STUS_CD", "SRVC_PRVDR_ID", separator="/")
    return pl.when(HAS_KEY & (found.str.len_chars() <= LONGEST)).then(found)


@dataclass(frozen=True)
class Versions(Rows):
    """All versions of a claim share CLM_GRP_ID; without it they share their key, for PDE_ID is the record's own."""

    def of(self, table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
        if not table.select(are_usual()).item():
            table = table.with_columns(pl.col(*CODES).str.to_uppercase())
        # Most files have the group in every row.
        if (table["CLM_GRP_ID"] == "").any():
            claim = pl.when(HAS_NO_GROUP).then(pl.coalesce(key(), "PDE_ID")).otherwise("CLM_GRP_ID")
            table = table.with_columns(claim.alias("CLM_GRP_ID"))
        return super().of(table, kind)


FILLS = {
    "source_id": pl.col("BENE_ID"),
    "claim_id": pl.col("CLM_GRP_ID"),
    "filled_on": pl.col("SRVC_DT"),
    "ndc": pl.col("PROD_SRVC_ID"),
    "quantity": pl.col("QTY_DSPNSD_NUM"),
    "days_supply": pl.col("DAYS_SUPLY_NUM"),
    "cost": pl.col("TOT_RX_CST_AMT"),
    "patient_pay": pl.col("PTNT_PAY_AMT"),
    "coverage": pl.col("DRUG_CVRG_STUS_CD"),
    "compound": pl.col("CMPND_CD").replace(COMPOUNDS),
    "dispensing": pl.col("DSPNSNG_STUS_CD"),
    "brand": pl.col("BRND_GNRC_CD"),
    "rx_number": pl.col("RX_SRVC_RFRNC_NUM"),
    "fill_number": pl.col("FILL_NUM"),
    "prescriber": pl.col("PRSCRBR_ID"),
    "pharmacy": pl.col("SRVC_PRVDR_ID"),
    "processed_on": pl.col("PD_DT"),
    "action": pl.concat_str("DML_IND", "ADJSTMT_DLTN_CD", separator=" ").replace_strict(ACTIONS, default="not known"),
    "final": pl.col("FINAL_ACTION"),
}
ODD_FILLS = {
    "claims without a group": (HAS_NO_GROUP & HAS_KEY).cast(pl.Int64),
    "corrections of no known claim": (
        HAS_NO_GROUP & ~HAS_KEY & pl.col("ADJSTMT_DLTN_CD").is_in(["A", "D", "a", "d"])
    ).cast(pl.Int64),
}
