"""A03: proportion of days covered by statins below 80 % (PQA PDC-STA), year to date."""

from datetime import date

from reviews.expressions import (
    MEASUREMENT_YEAR,
    Age,
    DaysSinceSupply,
    DaysToSpare,
    FillDates,
    InHospice,
    LongestGap,
    ProportionCovered,
    TreatmentPeriod,
    diagnosed,
    last,
)
from reviews.grammar import Drugs
from reviews.rules._rule import (
    Category,
    Channel,
    Contact,
    Example,
    Feed,
    Rule,
    Severity,
    Source,
    State,
    coded,
    filled,
)

STATINS = Drugs("S_STATIN", "statin", "statins")
PATCHY = (filled("atorvastatin", 7, 2), filled("atorvastatin", 8, 20))

RULE = Rule(
    slug="statin-adherence",
    catalogue_id="A03",
    version=1,
    category=Category.ADHERENCE,
    title="Statin covers less than 80 % of days",
    severity=Severity.SOON,
    severity_reason="A Part D Star measure; days without a statin lose its protection.",
    sources=(
        Source("Q4", "PQA PDC-STA worked examples", "https://pqa.memberclicks.net/assets/Measures/pdc-sta.js.txt"),
        Source(
            "Q14",
            "CMS inpatient-stay adjustment of PDC (not computed here yet)",
            "https://online.documentine.com/excel-date-plus-30-days/1/"
            "pdf-a-sas-macro-to-calculate-the-pdc-adjustment-of-inpatient-stays.html",
        ),
    ),
    reviewed_on=date(2026, 1, 5),
    review_due=date(2027, 1, 5),
    needs=(Feed.FILLS, Feed.DIAGNOSES, Feed.HOSPICE),
    applies=~(Age() < 18)
    & ~InHospice(MEASUREMENT_YEAR)
    & ~diagnosed("ESRD", within=MEASUREMENT_YEAR)
    & (TreatmentPeriod(STATINS).called("period") >= 91)
    & (FillDates(STATINS, MEASUREMENT_YEAR) >= 2),
    fires=ProportionCovered(STATINS).called("pdc") < 80,
    closes=LongestGap(STATINS, last(60)) < 5,
    closes_after=60,
    states=(
        State("late_now", DaysSinceSupply(STATINS) >= 5, "supply ran out 5 or more days ago"),
        State("within_reach", DaysToSpare(STATINS, 80) >= 0, "80 % by 31 December is still within reach"),
    ),
    headline="In the {period} days since the year's first fill, {statin} covered {pdc} %; the goal is 80 %.",
    why_now="The last fill was on {statin_last} for {statin_last_days} days.",
    recommendation="Call the member: ask what gets in the way, offer 90-day fills, refill reminders or another statin.",
    prescriber_text="The patient is late on {statin}. Last fill {statin_last}, {statin_last_days} days.",
    member_text="It looks like you may be due to refill {statin}. Can we help?",
    contacts=(Contact.MEMBER, Contact.PHARMACY),
    channels=(Channel.PHONE, Channel.TEXT),
    examples=(
        Example("60 of 91 days", True, PATCHY, states=("late_now", "within_reach")),
        Example("a treatment period of 90 days", False, (filled("atorvastatin", 7, 3), filled("atorvastatin", 8, 20))),
        Example(
            "79 of 100 days",
            True,
            (filled("atorvastatin", 6, 23, 40), filled("atorvastatin", 8, 2, 39)),
            states=("late_now", "within_reach"),
        ),
        Example("80 of 100 days", False, (filled("atorvastatin", 6, 23, 40), filled("atorvastatin", 8, 2, 40))),
        Example(
            "an early refill is not lost", False, (filled("atorvastatin", 6, 23, 40), filled("atorvastatin", 7, 1, 40))
        ),
        Example(
            "an early refill of another statin does not wait for the first to end",
            True,
            (filled("atorvastatin", 6, 23, 40), filled("simvastatin", 7, 1, 40)),
            states=("late_now",),
        ),
        Example("one fill date only", False, (filled("atorvastatin", 1, 1), filled("simvastatin", 1, 1))),
        Example(
            "supply on hand now, the year already out of reach",
            True,
            (filled("atorvastatin", 1, 1), filled("atorvastatin", 9, 20)),
        ),
        Example(
            "last year's supply does not count",
            True,
            (filled("atorvastatin", 12, 1, 90, year=2025), *PATCHY),
            states=("late_now", "within_reach"),
        ),
        Example("18 on the review date", True, PATCHY, born=date(2008, 9, 30), states=("late_now", "within_reach")),
        Example("17 on the review date", False, PATCHY, born=date(2008, 10, 1)),
        Example("hospice on any day this year", False, PATCHY, hospice=((date(2025, 12, 1), date(2026, 1, 1)),)),
        Example("end-stage renal disease", False, PATCHY, diagnoses=(coded("ESRD", 5, 1),)),
        Example("no statin", False, (filled("metformin", 1, 1), filled("metformin", 5, 1))),
    ),
)
