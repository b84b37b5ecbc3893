"""S01: opioid and benzodiazepine together (PQA COB), with an early warning before the measure is hit."""

from datetime import date

from reviews.expressions import MEASUREMENT_YEAR, Age, FillDates, InHospice, SuppliedDays, diagnosed, dispensed, last
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
    refilled,
)

OPIOIDS = Drugs("S_OPIOID", "opioid", "opioids")
BENZODIAZEPINES = Drugs("S_BZD", "benzodiazepine", "benzodiazepines")
TOGETHER = dispensed(OPIOIDS) & dispensed(BENZODIAZEPINES)
THIS_YEAR = TOGETHER.days(MEASUREMENT_YEAR).called("overlap")
STILL = TOGETHER.days(last(30))

OXYCODONE_WEEK = filled("oxycodone", 3, 1, 7)
LORAZEPAM = filled("lorazepam", 3, 1)

MEASURE_HIT = (
    (FillDates(OPIOIDS, MEASUREMENT_YEAR) >= 2)
    & (SuppliedDays(OPIOIDS, MEASUREMENT_YEAR) >= 15)
    & (FillDates(BENZODIAZEPINES, MEASUREMENT_YEAR) >= 2)
    & (THIS_YEAR >= 30)
)


RULE = Rule(
    slug="opioid-benzodiazepine",
    catalogue_id="S01",
    version=1,
    category=Category.SAFETY,
    title="Opioid and benzodiazepine together",
    severity=Severity.SOON,
    severity_reason="Boxed warning: together they can stop breathing. A Part D Star measure from 2025.",
    sources=(
        Source(
            "Q7",
            "PQA Concurrent Use of Opioids and Benzodiazepines (COB)",
            "https://pqa.memberclicks.net/assets/Measures/cob.js.txt",
        ),
        Source("B1", "AGS Beers Criteria 2023", "https://doi.org/10.1111/jgs.18372"),
    ),
    reviewed_on=date(2026, 1, 5),
    review_due=date(2027, 1, 5),
    needs=(Feed.FILLS, Feed.DIAGNOSES, Feed.HOSPICE),
    applies=~(Age() < 18)
    & ~InHospice(MEASUREMENT_YEAR)
    & ~diagnosed("CANCER", "SICKLE", "PALLIATIVE", within=MEASUREMENT_YEAR),
    fires=THIS_YEAR >= 7,
    closes=STILL < 1,
    closes_after=30,
    states=(
        State("measure_hit", MEASURE_HIT, "the member counts against the COB measure this year"),
        State("ongoing", STILL >= 1, "the overlap went on in the last 30 days"),
    ),
    headline="{overlap} days this year had {opioid} on hand together with {benzodiazepine}.",
    why_now="The early warning of 7 days was reached on {overlap_reached}.",
    recommendation="Review the need for both with the prescribers; consider a slow taper of one, and naloxone.",
    prescriber_text=(
        "{opioid} from {opioid_prescribers} and {benzodiazepine} from {benzodiazepine_prescribers} overlap {overlap} "
        "days this year. Please review the need for both. Consider a slow taper of one, and naloxone. Do not stop "
        "abruptly."
    ),
    member_text=(
        "Taking {opioid} with {benzodiazepine} can slow your breathing. Do not stop on your own. Please talk with your "
        "doctor. Ask about naloxone."
    ),
    contacts=(Contact.PRESCRIBER,),
    channels=(Channel.PHONE, Channel.EXCHANGE),
    examples=(
        Example("7 days of both: the early warning", True, (OXYCODONE_WEEK, LORAZEPAM)),
        Example("6 days of both", False, (filled("oxycodone", 3, 1, 6), LORAZEPAM)),
        Example("one started the day after the other ran out", False, (OXYCODONE_WEEK, filled("lorazepam", 3, 8))),
        Example("an opioid alone", False, (OXYCODONE_WEEK,)),
        Example(
            "overlap last year only",
            False,
            (filled("oxycodone", 12, 1, year=2025), filled("lorazepam", 12, 1, year=2025)),
        ),
        Example(
            "30 days of both from two fills of each hit the measure",
            True,
            (*refilled("oxycodone", 8, 20, 15, 2), *refilled("lorazepam", 8, 20, 15, 2)),
            states=("measure_hit", "ongoing"),
        ),
        Example(
            "29 days of both are short of the measure",
            True,
            (*refilled("oxycodone", 8, 20, 15, 2), filled("lorazepam", 8, 20, 15), filled("lorazepam", 9, 4, 14)),
            states=("ongoing",),
        ),
        Example(
            "30 days of both with one benzodiazepine fill are short of the measure",
            True,
            (*refilled("oxycodone", 8, 20, 15, 2), filled("lorazepam", 8, 20)),
            states=("ongoing",),
        ),
        Example("18 on the review date", True, (OXYCODONE_WEEK, LORAZEPAM), born=date(2008, 9, 30)),
        Example("17 on the review date", False, (OXYCODONE_WEEK, LORAZEPAM), born=date(2008, 10, 1)),
        Example("a birth date not known hides nothing", True, (OXYCODONE_WEEK, LORAZEPAM), born=None),
        Example("cancer this year", False, (OXYCODONE_WEEK, LORAZEPAM), diagnoses=(coded("CANCER", 1, 1),)),
        Example(
            "cancer coded last year only",
            True,
            (OXYCODONE_WEEK, LORAZEPAM),
            diagnoses=(coded("CANCER", 12, 31, year=2025),),
        ),
        Example("sickle cell disease", False, (OXYCODONE_WEEK, LORAZEPAM), diagnoses=(coded("SICKLE", 2, 1),)),
        Example("palliative care", False, (OXYCODONE_WEEK, LORAZEPAM), diagnoses=(coded("PALLIATIVE", 9, 30),)),
        Example("hospice on any day this year", False, (OXYCODONE_WEEK, LORAZEPAM), hospice=((date(2026, 1, 1),) * 2,)),
        Example("an impossible days supply is not counted", False, (filled("oxycodone", 3, 1, 120), LORAZEPAM)),
    ),
)
