"""C01: a brand filled although a generic of the same drug exists."""

from datetime import date

from reviews.expressions import (
    THE_DRUG,
    TODAY,
    FillDates,
    GenericExists,
    GenericSaving,
    InHospice,
    IsOneOf,
    LatestFillIsBrand,
    SomeDrug,
    dollars,
    last,
)
from reviews.grammar import Drugs
from reviews.rules._rule import (
    GENERAL_KNOWLEDGE,
    Category,
    Channel,
    Contact,
    Example,
    Feed,
    Rule,
    Severity,
    filled,
)
from reviews.timeline import Fill

NARROW_INDEX = Drugs("S_NARROW_TI", "narrow_index", "narrow therapeutic index drugs")
CHEAPER_GENERIC = SomeDrug(
    (FillDates(THE_DRUG, last(180), brand_only=True) >= 2)
    & LatestFillIsBrand(THE_DRUG)
    & GenericExists(THE_DRUG)
    & (GenericSaving(THE_DRUG).called("saving") >= dollars(25))
    & ~IsOneOf(THE_DRUG, NARROW_INDEX)
)


def lipitor(month: int, day: int, days: int = 30, *, cost: str = "28.00", generic_price: str | None = "0.10") -> Fill:
    """A brand fill; at these defaults the generic saves exactly $25.00 per 30 days."""
    return filled(
        "Lipitor", month, day, days, ingredients=("atorvastatin",), cost=cost, generic_price=generic_price, brand=True
    )


RULE = Rule(
    slug="brand-with-generic",
    catalogue_id="C01",
    version=1,
    category=Category.COST,
    title="Brand filled when a generic exists",
    severity=Severity.ROUTINE,
    severity_reason="Money only; no harm.",
    sources=(GENERAL_KNOWLEDGE,),
    reviewed_on=date(2026, 1, 5),
    review_due=date(2027, 1, 5),
    needs=(Feed.FILLS, Feed.HOSPICE, Feed.PRICES),
    applies=~InHospice(TODAY),
    fires=CHEAPER_GENERIC,
    closes=~CHEAPER_GENERIC,
    closes_after=0,
    headline="A generic of {drug}, last filled as a brand, would save {saving} per 30 days.",
    why_now="The last brand fill was on {drug_last}, at least the second in 180 days.",
    recommendation="Ask the prescriber to allow substitution, unless the brand is medically necessary.",
    prescriber_text=(
        "{drug} has a generic that would save {saving} per 30 days. Please allow substitution or send a new "
        "prescription without DAW."
    ),
    member_text=(
        "There is a lower-cost generic for {drug}. It has the same active medicine. Ask your doctor or pharmacist if "
        "you can switch."
    ),
    contacts=(Contact.PRESCRIBER, Contact.MEMBER),
    channels=(Channel.FAX, Channel.EXCHANGE, Channel.MAIL),
    examples=(
        Example("two brand fills, $25.00 to save", True, (lipitor(8, 1), lipitor(9, 1))),
        Example("$24.99 to save", False, (lipitor(8, 1), lipitor(9, 1, cost="27.99"))),
        Example("$75.00 on 90 days is $25.00 per 30", True, (lipitor(5, 1), lipitor(8, 1, 90, cost="84.00"))),
        Example("one brand fill", False, (lipitor(9, 1),)),
        Example("two brand fills on one date", False, (lipitor(9, 1), lipitor(9, 1, 15))),
        Example("the first brand fill 180 days back, today included", True, (lipitor(4, 4), lipitor(9, 1))),
        Example("the first brand fill one day earlier", False, (lipitor(4, 3), lipitor(9, 1))),
        Example("the latest fill is the generic", False, (lipitor(7, 1), lipitor(8, 1), filled("atorvastatin", 9, 1))),
        Example("no generic is known", False, (lipitor(8, 1), lipitor(9, 1, generic_price=None))),
        Example(
            "a latest fill with an impossible days supply", False, (lipitor(8, 1), lipitor(9, 1, 120, cost="900.00"))
        ),
        Example(
            "a narrow therapeutic index drug",
            False,
            tuple(
                filled(
                    "Synthroid", month, 1, ingredients=("levothyroxine",), cost="60", generic_price="0.10", brand=True
                )
                for month in (8, 9)
            ),
        ),
        Example(
            "in hospice on the review date", False, (lipitor(8, 1), lipitor(9, 1)), hospice=((date(2026, 9, 30),) * 2,)
        ),
    ),
)
