"""G01: statin use in persons with diabetes (PQA SUPD)."""

from datetime import date

from reviews.expressions import MEASUREMENT_YEAR, Age, FillDates, InHospice, diagnosed
from reviews.grammar import Drugs
from reviews.rules._rule import Category, Channel, Contact, Example, Feed, Rule, Severity, Source, coded, filled

DIABETES_DRUGS = Drugs("S_DIABETES_ANY", "diabetes_drug", "diabetes medicines")
STATINS = Drugs("S_STATIN", "statin", "statins")
AGE = Age(on_first_day_of_year=True).called("age")
STATIN_DATES = FillDates(STATINS, MEASUREMENT_YEAR)
EXCLUSION = diagnosed(
    "ESRD", "RHABDO_MYOPATHY", "LIVER", "PREDIABETES_PCOS", "PREGNANCY", within=MEASUREMENT_YEAR
) | InHospice(MEASUREMENT_YEAR)

METFORMIN = (filled("metformin", 2, 1), filled("metformin", 3, 1))

RULE = Rule(
    slug="statin-in-diabetes",
    catalogue_id="G01",
    version=1,
    category=Category.GUIDELINE,
    title="Diabetes without a statin",
    severity=Severity.SOON,
    severity_reason="A Part D Star measure, and a statin lowers the chance of heart attack and stroke.",
    sources=(
        Source(
            "Q5",
            "PQA Statin Use in Persons with Diabetes (SUPD)",
            "https://pqa.memberclicks.net/assets/Measures/supd.js.txt",
        ),
    ),
    reviewed_on=date(2026, 1, 5),
    review_due=date(2027, 1, 5),
    needs=(Feed.FILLS, Feed.DIAGNOSES, Feed.HOSPICE),
    applies=(AGE >= 40) & (AGE <= 75) & ~EXCLUSION,
    fires=(FillDates(DIABETES_DRUGS, MEASUREMENT_YEAR).called("dates") >= 2) & (STATIN_DATES < 1),
    closes=(STATIN_DATES >= 1) | EXCLUSION,
    closes_after=0,
    headline="No statin this year beside {diabetes_drug}, filled on {dates} dates.",
    why_now="Two fills of a diabetes medicine this year; the last on {diabetes_drug_last}.",
    recommendation="Ask the prescriber for a moderate-intensity statin, or for the reason not to.",
    prescriber_text=(
        "The patient was {age} on 1 January, takes {diabetes_drug} and has no statin fill this year. Please consider a "
        "moderate-intensity statin, or send the exclusion code if it is not appropriate."
    ),
    member_text=(
        "People with diabetes have a higher chance of heart attack and stroke. A statin can lower that chance. Ask "
        "your doctor if a statin is right for you."
    ),
    contacts=(Contact.PRESCRIBER, Contact.MEMBER),
    channels=(Channel.FAX, Channel.PHONE),
    examples=(
        Example("two diabetes fills and no statin", True, METFORMIN),
        Example("one diabetes fill", False, METFORMIN[:1]),
        Example("two diabetes medicines on one date", False, (METFORMIN[0], filled("glipizide", 2, 1))),
        Example(
            "one diabetes fill this year, one last year", False, (METFORMIN[0], filled("metformin", 12, 31, year=2025))
        ),
        Example(
            "insulin counts as a diabetes medicine",
            True,
            (filled("insulin glargine", 2, 1), filled("insulin glargine", 4, 1)),
        ),
        Example("one statin fill this year", False, (*METFORMIN, filled("rosuvastatin", 1, 1))),
        Example("a statin last year only", True, (*METFORMIN, filled("rosuvastatin", 12, 31, 90, year=2025))),
        Example(
            "a statin with an impossible days supply is still a statin",
            False,
            (*METFORMIN, filled("rosuvastatin", 5, 1, 0)),
        ),
        Example("40 on 1 January", True, METFORMIN, born=date(1986, 1, 1)),
        Example("39 on 1 January", False, METFORMIN, born=date(1986, 1, 2)),
        Example("75 on 1 January, 76 now", True, METFORMIN, born=date(1950, 1, 2)),
        Example("76 on 1 January", False, METFORMIN, born=date(1950, 1, 1)),
        Example("a birth date not known cannot be judged", False, METFORMIN, born=None),
        *(
            Example(f"excluded: {condition}", False, METFORMIN, diagnoses=(coded(condition, 6, 1),))
            for condition in ("ESRD", "RHABDO_MYOPATHY", "LIVER", "PREDIABETES_PCOS", "PREGNANCY")
        ),
        Example(
            "an exclusion not coded again this year", True, METFORMIN, diagnoses=(coded("LIVER", 6, 1, year=2025),)
        ),
        Example("hospice this year", False, METFORMIN, hospice=((date(2026, 4, 1), date(2026, 4, 2)),)),
    ),
)
