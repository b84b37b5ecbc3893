"""Rows of beneficiary_YYYY.csv: a part of the RIF columns, named exactly as there."""

import numpy as np
import polars as pl

from mtm.generator import names
from mtm.generator.conditions import PLACE, Disease
from mtm.generator.days import MONTHS, Flags, Ints, Period
from mtm.generator.people import DEEMED, DEEMED_HIGH, INSTITUTION, NEVER, NO_SUBSIDY, PARTIAL, People
from mtm.generator.rif_fills import PBPS, beneficiary

# Not enrolled in Part D that month; not in Medicare (after death); not known yet.
NOT_ENROLLED, NO_MEDICARE, NOT_KNOWN = "N", "0", ""
STATES = {"MA": "22", "MI": "23", "OH": "36", "CO": "06"}
FLAGGED_ESRD = 5 / 6  # of the members with end-stage renal disease

BY_MONTH = ("PTD_CNTRCT_{}_ID", "PTD_PBP_{}_ID", "PTD_SGMT_{}_ID", "META_DUAL_ELGBL_STUS_{}_CD", "CST_SHR_GRP_{}_CD")
HEADER = (
    *("DML_IND", "BENE_ID", "STATE_CODE", "BENE_COUNTY_CD", "BENE_ZIP_CD", "BENE_BIRTH_DT", "BENE_SEX_IDENT_CD"),
    *(
        "BENE_ESRD_IND",
        "BENE_MDCR_STATUS_CD",
        "BENE_SRNM_NAME",
        "BENE_GVN_NAME",
        "BENE_MDL_NAME",
        "MBI_NUM",
        "DEATH_DT",
    ),
    *("RFRNC_YR", "V_DOD_SW", "PLAN_CVRG_MO_CNT", "DUAL_MO_CNT"),
    *(pattern.format(month) for pattern in BY_MONTH for month in MONTHS),
    *(f"DRVD_LINE_{line}_ADR" for line in range(1, 7)),
    *("CITY_NAME", "STATE_CD"),
)


def rows(people: People, disease: Disease, year: int, contract: str, period: Period) -> pl.DataFrame:
    """Members in the plan in some month of the year, as known on the last known day."""
    place = period.years.index(year)
    months = np.arange(12 * place, 12 * place + 12)
    state = states(people, months, period)
    here = (state == 1).any(axis=1)
    dead = (people.died < period.year_starts[place + 1]) & (people.died <= period.last_known)
    values = {
        **identity(people, disease, months),
        **address(people),
        "BENE_BIRTH_DT": period.written(people.born),
        "DEATH_DT": pl.select(
            pl.when(pl.Series(dead)).then(period.written(np.where(dead, people.died, 0))).otherwise(pl.lit(""))
        ).to_series(),
        "V_DOD_SW": pl.Series(np.where(dead, "V", "")),
        "RFRNC_YR": pl.repeat(str(year), len(people), eager=True),
        "PLAN_CVRG_MO_CNT": pl.Series((state == 1).sum(axis=1)),
        **by_month(people, state, contract, months),
    }
    return pl.DataFrame({name: values.get(name, blank(people)) for name in HEADER}).filter(pl.Series(here))


def blank(people: People) -> pl.Series:
    return pl.repeat("", len(people), eager=True)


def states(people: People, months: Ints, period: Period) -> Ints:
    """A row a member and a column a month: 1 covered, 0 not, -1 dead, -2 not known yet."""
    starts = period.month_starts[months]
    inside = np.stack([people.in_plan(slice(None), month) for month in months[:, None]], axis=1)
    dead = starts > people.died[:, None]
    unknown = np.broadcast_to(starts > period.last_known, inside.shape)
    found: Ints = np.select([unknown, dead, inside], [-2, -1, 1], 0)
    return found


def identity(people: People, disease: Disease, months: Ints) -> dict[str, pl.Series]:
    number, named, men = people.number.tolist(), people.named.tolist(), people.men.tolist()
    newer = (people.new_number_from <= months[-1]).astype(int).tolist()
    esrd = esrd_flag(people, disease)
    return {
        "DML_IND": pl.repeat("INSERT", len(people), eager=True),
        "BENE_ID": beneficiary(people),
        "BENE_SEX_IDENT_CD": pl.Series(np.where(people.men, "1", "2")),
        "BENE_ESRD_IND": pl.Series(np.where(esrd, "Y", "0")),
        "BENE_MDCR_STATUS_CD": pl.Series(np.where(esrd, "11", "10")),
        "BENE_SRNM_NAME": pl.Series([names.surname(each) for each in named]),
        "BENE_GVN_NAME": pl.Series([names.given_name(each, man) for each, man in zip(named, men, strict=True)]),
        "MBI_NUM": pl.Series([names.medicare_number(each, new) for each, new in zip(number, newer, strict=True)]),
    }


def esrd_flag(people: People, disease: Disease) -> Flags:
    """BENE_ESRD_IND, which the enrollment file does not set for all who have it."""
    return disease.has[:, PLACE["ESRD"]] & (people.choice < FLAGGED_ESRD)


def address(people: People) -> dict[str, pl.Series]:
    number = people.number.tolist()
    town = people.number % len(names.TOWNS)
    cities, states_, codes = zip(*names.TOWNS, strict=True)
    return {
        "DRVD_LINE_1_ADR": pl.Series(
            [f"{1 + each * 17 % 999} {names.STREETS[each % len(names.STREETS)]}" for each in number]
        ),
        "CITY_NAME": pl.Series(cities).gather(town),
        "STATE_CD": pl.Series(states_).gather(town),
        "STATE_CODE": pl.Series([STATES[state] for state in states_]).gather(town),
        "BENE_ZIP_CD": pl.Series(codes).gather(town),
    }


def by_month(people: People, state: Ints, contract: str, months: Ints) -> dict[str, pl.Series]:
    columns: dict[str, pl.Series] = {}
    group, dual = subsidies(people, months)
    # Texts are looked up by place: numpy is slow with them. The last three stand for states -2, -1 and 0.
    off = (NOT_KNOWN, NO_MEDICARE, NOT_ENROLLED)
    contracts, packages, segments = (pl.Series((*own, *off)) for own in ((contract,), PBPS, ("000",)))
    for column, month in enumerate(MONTHS):
        here = state[:, column]
        columns[f"PTD_CNTRCT_{month}_ID"] = contracts.gather(np.where(here == 1, 0, here + 3))
        columns[f"PTD_PBP_{month}_ID"] = packages.gather(np.where(here == 1, people.pbp, here + 5))
        columns[f"PTD_SGMT_{month}_ID"] = segments.gather(np.where(here == 1, 0, here + 3))
        columns[f"META_DUAL_ELGBL_STUS_{month}_CD"] = pl.Series(np.where(here == 1, dual[:, column], ""))
        columns[f"CST_SHR_GRP_{month}_CD"] = pl.Series(np.where(here == 1, group[:, column], ""))
    return columns


def subsidies(people: People, months: Ints) -> tuple[np.ndarray, np.ndarray]:
    """Cost-share group and dual status of each month; dual members are deemed eligible, others applied."""
    low = (months >= people.low_income_from[:, None]) & (months < people.low_income_to[:, None])
    nursed = (people.nursing_from < NEVER)[:, None]
    kind = people.number[:, None] % 10
    group = np.select(
        [~low, nursed & (kind < 7), kind < 5, kind < 8], [NO_SUBSIDY, INSTITUTION, DEEMED, DEEMED_HIGH], PARTIAL
    )
    dual = np.select([~low, kind < 5, kind < 7, kind < 8], ["NA", "02", "08", "04"], "NA")
    return group, dual
