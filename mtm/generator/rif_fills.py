"""Rows of pde.csv: the 41 columns of the RIF prescription drug event file."""

from decimal import Decimal

import numpy as np
import polars as pl

from mtm.generator import providers
from mtm.generator.catalogue import Catalogue
from mtm.generator.days import Ints, Period
from mtm.generator.fills import COVERAGE, PARTS, VERSIONS
from mtm.generator.people import People
from mtm.generator.text import words

NO_CONTRACT = "Z9001"  # no contract of CMS begins with Z
PBPS = ("001", "002", "003")
BENEFICIARY, EVENT, CLAIM = -100_000_000_000, -1_000_000_000_000, -2_000_000_000_000
A_MEMBER = 100_000  # numbers set aside for each
FOURTEEN_DAY_CYCLE = "34"  # SUBMSN_CLR_CD of long-term care dispensing

HEADER = words(
    "DML_IND|PDE_ID|CLM_GRP_ID|FINAL_ACTION|BENE_ID|SRVC_DT|PD_DT|SRVC_PRVDR_ID_QLFYR_CD|SRVC_PRVDR_ID|PRSCRBR_ID_QLFYR_CD|PRSCRBR_ID"
    "|RX_SRVC_RFRNC_NUM|PROD_SRVC_ID|PLAN_CNTRCT_REC_ID|PLAN_PBP_REC_NUM|CMPND_CD|DAW_PROD_SLCTN_CD|QTY_DSPNSD_NUM|DAYS_SUPLY_NUM"
    "|FILL_NUM|DSPNSNG_STUS_CD|DRUG_CVRG_STUS_CD|ADJSTMT_DLTN_CD|NSTD_FRMT_CD|PRCNG_EXCPTN_CD|CTSTRPHC_CVRG_CD|GDC_BLW_OOPT_AMT"
    "|GDC_ABV_OOPT_AMT|PTNT_PAY_AMT|OTHR_TROOP_AMT|LICS_AMT|PLRO_AMT|CVRD_D_PLAN_PD_AMT|NCVRD_PLAN_PD_AMT|TOT_RX_CST_AMT|RX_ORGN_CD"
    "|RPTD_GAP_DSCNT_NUM|BRND_GNRC_CD|PHRMCY_SRVC_TYPE_CD|PTNT_RSDNC_CD|SUBMSN_CLR_CD",
    "|",
)


def beneficiary(people: People) -> pl.Series:
    return pl.Series(BENEFICIARY - people.number)


def rows(
    fills: pl.DataFrame, people: People, catalogue: Catalogue, block: int, contract: str, period: Period
) -> pl.DataFrame:
    """`fills` as benefit.shared and versions.known left it."""
    member = fills["member"].to_numpy()
    first = people.number[member] * A_MEMBER
    pharmacy = fills["pharmacy"].to_numpy()
    brand = catalogue.item_brand[fills["item"].to_numpy()]
    values: dict[str, pl.Expr | pl.Series] = {
        "DML_IND": pl.lit("INSERT"),
        "PDE_ID": EVENT - pl.Series(first) - pl.col("event"),
        "CLM_GRP_ID": CLAIM - pl.Series(first) - pl.col("claim"),
        "FINAL_ACTION": either("final", "F", "N"),
        "BENE_ID": BENEFICIARY - pl.Series(people.number[member]),
        "SRVC_DT": period.written(fills["day"].to_numpy()),
        "PD_DT": period.written(fills["paid"].to_numpy()),
        "SRVC_PRVDR_ID_QLFYR_CD": pl.lit("01"),
        "SRVC_PRVDR_ID": pl.Series(providers.pharmacy_npis(block)).gather(fills["pharmacy"]),
        "PRSCRBR_ID_QLFYR_CD": pl.lit("01"),
        "PRSCRBR_ID": pl.Series(providers.prescriber_npis(block)).gather(fills["prescriber"]),
        "RX_SRVC_RFRNC_NUM": pl.Series(people.number[member] * 10_000) + pl.col("prescription"),
        "PROD_SRVC_ID": catalogue.codes.gather(fills["code"]),
        "PLAN_CNTRCT_REC_ID": pl.lit(contract),
        "PLAN_PBP_REC_NUM": pl.Series(PBPS).gather(people.pbp[member]),
        "CMPND_CD": either("compound", "2", "1"),
        "DAW_PROD_SLCTN_CD": dispensed_as_written(fills, brand),
        "QTY_DSPNSD_NUM": decimals("quantity", "0.001"),
        "DAYS_SUPLY_NUM": pl.col("supply"),
        "FILL_NUM": pl.col("refill"),
        "DSPNSNG_STUS_CD": pl.Series(PARTS).gather(fills["part"]),
        "DRUG_CVRG_STUS_CD": pl.Series(COVERAGE).gather(fills["coverage"]),
        "ADJSTMT_DLTN_CD": pl.Series(VERSIONS).gather(fills["version"]),
        "CTSTRPHC_CVRG_CD": pl.when(pl.col("above") == 0)
        .then(pl.lit(""))
        .otherwise(either(pl.col("below") > 0, "A", "C")),
        "GDC_BLW_OOPT_AMT": decimals("below"),
        "GDC_ABV_OOPT_AMT": decimals("above"),
        "PTNT_PAY_AMT": decimals("patient"),
        "OTHR_TROOP_AMT": pl.lit("0.00"),
        "LICS_AMT": decimals("subsidy"),
        "PLRO_AMT": pl.lit("0.00"),
        "CVRD_D_PLAN_PD_AMT": decimals("plan"),
        "NCVRD_PLAN_PD_AMT": decimals("not_covered"),
        "TOT_RX_CST_AMT": decimals("cents"),
        "RX_ORGN_CD": pl.Series(("3", "3", "3", "3", "1", "2", "4", "3")).gather(
            fills["prescription"].to_numpy() // 10 % 8
        ),
        "RPTD_GAP_DSCNT_NUM": pl.lit("0.00"),
        "BRND_GNRC_CD": either(pl.Series(brand), "B", "G"),
        "PHRMCY_SRVC_TYPE_CD": pl.Series(providers.SERVICE).gather(providers.service(pharmacy)),
        "PTNT_RSDNC_CD": either("nursing", "03", "01"),
        "SUBMSN_CLR_CD": either(pl.col("nursing") & (pl.col("supply") == 15), FOURTEEN_DAY_CYCLE, ""),
    }
    return fills.select(_column(values, name) for name in HEADER)


def _column(values: dict[str, pl.Expr | pl.Series], name: str) -> pl.Expr:
    value = values.get(name, pl.lit(""))
    return pl.lit(value).alias(name) if isinstance(value, pl.Series) else value.alias(name)


def either(flag: str | pl.Expr | pl.Series, yes: str, no: str) -> pl.Expr:
    test = pl.lit(flag) if isinstance(flag, pl.Series) else pl.col(flag) if isinstance(flag, str) else flag
    return pl.when(test).then(pl.lit(yes)).otherwise(pl.lit(no))


def decimals(whole: str, unit: str = "0.01") -> pl.Expr:
    """Cents as dollars, thousandths as units; never a float."""
    places = len(unit) - 2
    return pl.col(whole).cast(pl.Decimal(18, places)) * pl.lit(Decimal(unit))


def dispensed_as_written(fills: pl.DataFrame, brand: Ints | np.ndarray) -> pl.Expr:
    """0 mostly; 1 (the prescriber wants it so) for some brands, 9 (the plan prefers it) for others."""
    codes = np.where(brand, fills["prescription"].to_numpy() // 10 % 10, 3)
    return pl.lit(pl.Series(("1", "9", *"00000000")).gather(codes))
