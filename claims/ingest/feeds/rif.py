"""CCW Research Identifiable Files: pipe or comma, DD-Mon-YYYY or YYYYMMDD, one row a claim line.

Beneficiary files come one a year with Part D contract by month; a blank may stand for an empty code.
"""

from collections.abc import Callable, Iterator

import polars as pl

from claims.ingest.delimited import Expressions, Rows, delimited, tables
from claims.ingest.feeds.rif_fills import FILL, FILL_TOO, FILLS, ODD_FILLS, Versions
from claims.ingest.layout import HOSPICE, Block, Feed, FileLayout, Kind
from claims.ingest.source import Source

DELIMITERS = "|,"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
# Values of a Part D contract month that say that there is no Part D coverage; an empty one says nothing.
NOT_COVERED = ["0", "N", "X", "*"]
# Cost-share groups with a low-income subsidy: deemed (1-3) or applied for (4-8).
LOW_INCOME = [f"0{n}" for n in range(1, 9)]
MEMBER = (
    *("DML_IND", "BENE_ID", "BENE_BIRTH_DT", "DEATH_DT", "BENE_SEX_IDENT_CD", "BENE_ESRD_IND", "MBI_NUM"),
    *("BENE_SRNM_NAME", "BENE_GVN_NAME", "BENE_ZIP_CD", "RFRNC_YR", "PTD_CNTRCT_JAN_ID"),
)
# Medicare and Medicaid: not, or by which of the ways of being in both.
DUAL = ["", "00", "01", "02", "03", "04", "05", "06", "08", "09", "10", "99", "AA", "NA"]
LINES = tuple(f"DRVD_LINE_{n}_ADR" for n in range(1, 7))
MEMBER_TOO = (
    *LINES,
    *("CITY_NAME", "STATE_CD", "BENE_CRNT_HIC_NUM"),
    *(f"PTD_CNTRCT_{month}_ID" for month in MONTHS[1:]),
    *(f"PTD_PBP_{month}_ID" for month in MONTHS),
    *(f"CST_SHR_GRP_{month}_CD" for month in MONTHS),
    *(f"META_DUAL_ELGBL_STUS_{month}_CD" for month in MONTHS),
)
HISTORY = ("DML_IND", "BENE_ID", "MBI_NUM", "EFCTV_BGN_DT", "EFCTV_END_DT")
CLAIM = ("DML_IND", "BENE_ID", "CLM_ID", "CLM_FROM_DT", "PRNCPAL_DGNS_CD")
CODES = ("PRNCPAL_DGNS_CD", "ADMTG_DGNS_CD", "LINE_ICD_DGNS_CD", *(f"ICD_DGNS_CD{n}" for n in range(1, 26)))
VERSIONS = ("ICD_DGNS_VRSN_CD1", "PRNCPAL_DGNS_VRSN_CD", "LINE_ICD_DGNS_VRSN_CD")
CLAIM_TOO = (*CODES[1:], *VERSIONS, "FINAL_ACTION")
HOSPICE_CLAIM = ("DML_IND", "BENE_ID", "CLM_FROM_DT")
HOSPICE_CLAIM_TOO = ("CLM_THRU_DT", "NCH_CLM_TYPE_CD", "FINAL_ACTION")
DELETED = pl.col("DML_IND").str.to_uppercase() == "DELETE"
UPDATED = pl.col("DML_IND").str.to_uppercase() == "UPDATE"
NOT_FINAL = pl.col("FINAL_ACTION").str.to_uppercase() == "N"
# Whether both say something that is known.
IS_KNOWN = pl.col("DML_IND").str.to_uppercase().is_in(["", "INSERT", "UPDATE", "DELETE"]) & pl.col(
    "FINAL_ACTION"
).str.to_uppercase().is_in(["", "F", "Y", "N"])
YEAR_END = pl.col("RFRNC_YR") + "-12-31"
# A correction stands before what it corrects, whichever comes first, and behind what is told of the year after.
NEXT_DAY = (pl.col("RFRNC_YR").cast(pl.Int32, strict=False) + 1).cast(pl.String).fill_null("") + "-01-01"
AS_OF = pl.when(UPDATED).then(NEXT_DAY).otherwise(YEAR_END)


MEMBERS = {
    "source_id": pl.col("BENE_ID"),
    "mbi": pl.col("MBI_NUM"),
    "first_name": pl.col("BENE_GVN_NAME"),
    "last_name": pl.col("BENE_SRNM_NAME"),
    "birth_date": pl.col("BENE_BIRTH_DT"),
    "death_date": pl.col("DEATH_DT"),
    "sex": pl.col("BENE_SEX_IDENT_CD").replace_strict({"1": "M", "2": "F"}, default=""),
    "address": pl.concat_str(LINES, separator=" ").str.replace_all(" +", " ").str.strip_chars(),
    "city": pl.col("CITY_NAME"),
    "state": pl.col("STATE_CD"),
    "postal_code": pl.col("BENE_ZIP_CD"),
    "as_of": AS_OF,
    "action": pl.when(DELETED).then(pl.lit("delete")).otherwise(pl.lit("")),
}


def month(place: int) -> dict[str, pl.Expr]:
    """The first and the last day of the month of that place."""
    first = pl.col("RFRNC_YR") + f"-{place:02}-01"
    last = first.str.to_date("%Y-%m-%d", strict=False).dt.month_end().dt.to_string("%Y-%m-%d")
    return {"source_id": pl.col("BENE_ID"), "starts_on": first, "ends_on": last.fill_null(""), "as_of": AS_OF}


YEAR = {
    "source_id": pl.col("BENE_ID"),
    "starts_on": pl.col("RFRNC_YR") + "-01-01",
    "ends_on": YEAR_END,
    "as_of": AS_OF,
}


GAP = {"action": pl.lit("gap")}


def by_month(
    columns: dict[str, str], holds: Callable[[pl.Expr], pl.Expr], lacks: Callable[[pl.Expr], pl.Expr], **said: pl.Expr
) -> list[Rows]:
    """A row for the year where all its months are alike, as most are, else one for each month in which there is one.

    `columns` names what is staged from which column of a month, the first of which says whether there is a row. Of a
    correction there is a row also for each month of which it says that there is none.
    """

    def of(name: str) -> dict[str, pl.Expr]:
        return {staged: pl.col(column.format(name)) for staged, column in columns.items()} | said

    def first_of(name: str) -> pl.Expr:
        return next(iter(of(name).values()))

    first, *others = MONTHS
    alike = pl.all_horizontal(of(name)[staged] == of(first)[staged] for staged in columns for name in others)
    places = list(enumerate(MONTHS, 1))
    months = [Rows(month(place) | of(name), when=~alike & holds(first_of(name))) for place, name in places]
    gaps = [Rows(month(place) | said | GAP, when=UPDATED & lacks(first_of(name))) for place, name in places]
    return [Rows(YEAR | of(first), when=alike & holds(first_of(first))), *months, *gaps]


def months_in_which(column: str, is_odd: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """How many months of each record."""
    return pl.sum_horizontal(is_odd(pl.col(column.format(month))).cast(pl.Int64) for month in MONTHS)


ODD = {
    "odd dual codes": months_in_which("META_DUAL_ELGBL_STUS_{}_CD", lambda code: ~code.is_in(DUAL)),
    "no birth date": (pl.col("BENE_BIRTH_DT") == "").cast(pl.Int64),
}
COVERAGE = by_month(
    {"contract": "PTD_CNTRCT_{}_ID", "pbp": "PTD_PBP_{}_ID"},
    lambda code: ~code.is_in([*NOT_COVERED, ""]),
    lambda code: code.is_in(NOT_COVERED),
)
ESRD = {"kind": pl.lit("esrd")}
SPANS = [
    Rows(YEAR | ESRD, when=pl.col("BENE_ESRD_IND") == "Y"),
    Rows(YEAR | ESRD | GAP, when=UPDATED & ~pl.col("BENE_ESRD_IND").is_in(["Y", ""])),
    *by_month(
        {"level": "CST_SHR_GRP_{}_CD"},
        lambda code: code.is_in(LOW_INCOME),
        lambda code: ~code.is_in([*LOW_INCOME, ""]),
        kind=pl.lit("low_income"),
    ),
]
IDENTIFIERS = {
    "source_id": pl.col("BENE_ID"),
    "kind": pl.lit("mbi"),
    "value": pl.col("MBI_NUM"),
    "starts_on": pl.col("EFCTV_BGN_DT"),
    "ends_on": pl.col("EFCTV_END_DT"),
}


def claims(inpatient: str) -> dict[Kind, list[Rows]]:
    columns = {
        "source_id": pl.col("BENE_ID"),
        "claim_id": pl.col("CLM_ID"),
        "diagnosed_on": pl.col("CLM_FROM_DT"),
        "system": pl.when(pl.any_horizontal(pl.col(*VERSIONS) == "9")).then(pl.lit("9")).otherwise(pl.lit("10")),
        "codes": pl.concat_str(CODES, separator=" "),
        "inpatient": pl.lit(inpatient),
        "action": pl.when(~IS_KNOWN)
        .then(pl.lit("not known"))
        .when(DELETED)
        .then(pl.lit("delete"))
        .when(NOT_FINAL)
        .then(pl.lit("not final"))
        .otherwise(pl.lit("")),
    }
    return {Kind.DIAGNOSES: [Rows(columns)]}


ODD_CLAIMS = {"updates of medical claims": UPDATED.cast(pl.Int64)}
# A period is known by its first day, not by its claim: another claim may begin on that day.
ODD_HOSPICE = ODD_CLAIMS | {"deletions of hospice claims": DELETED.cast(pl.Int64)}
# An empty one would mean that there is no end yet.
LAST_DAY = pl.col("CLM_THRU_DT").replace("", "not given")
HOSPICE_DAYS = Rows(
    {
        "source_id": pl.col("BENE_ID"),
        "kind": pl.lit("hospice"),
        "starts_on": pl.col("CLM_FROM_DT"),
        "ends_on": LAST_DAY,
        "as_of": LAST_DAY,
    },
    when=IS_KNOWN & ~DELETED & ~NOT_FINAL & pl.col("NCH_CLM_TYPE_CD").is_in(["", "50"]),
)


def hospice_days(source: Source) -> Iterator[pl.DataFrame]:
    """The days of each hospice claim, as a period that was known on its last day."""
    for table, _ in tables(
        source, may_trail=True, delimiters=DELIMITERS, required=HOSPICE_CLAIM, optional=HOSPICE_CLAIM_TOO
    ):
        yield HOSPICE_DAYS.of(table, Kind.SPANS)


def medical_claims(inpatient: str, odd: Expressions) -> Callable[[Source], Iterator[Block]]:
    return delimited(
        claims(inpatient), may_trail=True, delimiters=DELIMITERS, required=CLAIM, optional=CLAIM_TOO, odd=odd
    )


FEED = Feed(
    name="rif",
    title="rif: CCW research files",
    layouts=(
        FileLayout(
            (Kind.IDENTIFIERS,),
            r"(.*[-_])?beneficiary_history.*\.(csv|txt)",
            delimited({Kind.IDENTIFIERS: [Rows(IDENTIFIERS)]}, may_trail=True, delimiters=DELIMITERS, required=HISTORY),
        ),
        FileLayout(
            (Kind.MEMBERS, Kind.COVERAGE, Kind.SPANS),
            r"(.*[-_])?beneficiar(y|ies).*\.(csv|txt)",
            delimited(
                {Kind.MEMBERS: [Rows(MEMBERS)], Kind.COVERAGE: COVERAGE, Kind.SPANS: SPANS},
                may_trail=True,
                delimiters=DELIMITERS,
                required=MEMBER,
                optional=MEMBER_TOO,
                odd=ODD,
            ),
            ("phone numbers", HOSPICE, "when end-stage renal disease began (taken as the whole year)"),
            tells_years=True,
        ),
        FileLayout(
            (Kind.DIAGNOSES,),
            r"(.*[-_])?(inpatient|snf|hha).*\.(csv|txt)",
            medical_claims("1", ODD_CLAIMS),
        ),
        FileLayout(
            (Kind.DIAGNOSES,),
            r"(.*[-_])?(b?carrier|outpatient).*\.(csv|txt)",
            medical_claims("", ODD_CLAIMS),
        ),
        FileLayout(
            (Kind.DIAGNOSES,),
            r"(.*[-_])?hospice.*\.(csv|txt)",
            medical_claims("", ODD_HOSPICE),
            ("hospice days before the first claim and after the last",),
            periods=hospice_days,
        ),
        FileLayout(
            (Kind.FILLS,),
            r"(.*[-_])?pde.*\.(csv|txt)",
            delimited(
                {Kind.FILLS: [Versions(FILLS)]},
                may_trail=True,
                delimiters=DELIMITERS,
                required=FILL,
                optional=FILL_TOO,
                odd=ODD_FILLS,
            ),
        ),
    ),
)
