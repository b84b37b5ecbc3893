"""S12: an NSAID while an oral anticoagulant is in use."""

from datetime import date

from reviews.expressions import TODAY, Age, InHospice, Started, active, last, supply
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
    filled,
    refilled,
)

NSAIDS = Drugs("S_NSAID", "nsaid", "NSAIDs")
ANTICOAGULANTS = Drugs("S_OAC", "anticoagulant", "oral anticoagulants")
STOMACH_PROTECTION = Drugs("S_PPI", "ppi", "proton pump inhibitors")
TOGETHER = supply(NSAIDS) & active(ANTICOAGULANTS)
STILL = TOGETHER.days(last(30))
NEW_PAIR = Started(NSAIDS, last(60)) | Started(ANTICOAGULANTS, last(60))

APIXABAN = filled("apixaban", 8, 20, 30)
STABLE_PAIR = (*refilled("naproxen", 1, 1, 30, 9), *refilled("warfarin", 1, 1, 90, 3))

RULE = Rule(
    slug="nsaid-anticoagulant",
    catalogue_id="S12",
    version=1,
    category=Category.SAFETY,
    title="NSAID with an oral anticoagulant",
    severity=Severity.URGENT,
    severity_reason="Serious bleeding is 2 to 3 times as likely. One step lower for a stable pair under 75 with a PPI.",
    sources=(
        Source(
            "L5",
            "Bleeding with NSAIDs beside oral anticoagulants; co-use among Medicare members",
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC9796910",
        ),
        Source("L5", "Bleeding with NSAIDs beside oral anticoagulants", "https://booksci.cn/literature/142364615.htm"),
        Source("B1", "AGS Beers Criteria 2023", "https://doi.org/10.1111/jgs.18372"),
    ),
    reviewed_on=date(2026, 1, 5),
    review_due=date(2027, 1, 5),
    needs=(Feed.FILLS, Feed.HOSPICE),
    applies=~InHospice(TODAY),
    fires=TOGETHER.days(last(90)).called("overlap") >= 3,
    closes=STILL < 1,
    closes_after=30,
    states=(
        State("ongoing", STILL >= 1, "the overlap went on in the last 30 days; if not, a letter is enough"),
        State("new_pair", NEW_PAIR, "either medicine was started in the last 60 days"),
    ),
    less_severe=~NEW_PAIR & (Age() < 75) & (active(STOMACH_PROTECTION).days(TODAY) >= 1),
    headline="{overlap} of the last 90 days had {nsaid} on hand together with {anticoagulant}.",
    why_now="The limit of 3 days was reached on {overlap_reached}; {nsaid} was last filled on {nsaid_last}.",
    recommendation="Call the prescriber: replace the NSAID with acetaminophen or a topical, or add a PPI.",
    prescriber_text=(
        "{nsaid} from {nsaid_prescribers} overlaps {anticoagulant} from {anticoagulant_prescribers}. Please consider "
        "acetaminophen or a topical in place of the NSAID, or add a PPI. The anticoagulant should go on."
    ),
    member_text=(
        "Taking {nsaid} with your blood thinner can cause bleeding. Call your doctor or us today. Do not stop the "
        "blood thinner."
    ),
    contacts=(Contact.PRESCRIBER, Contact.MEMBER),
    channels=(Channel.PHONE,),
    examples=(
        Example("3 days of both", True, (APIXABAN, filled("naproxen", 9, 1, 3)), states=("ongoing", "new_pair")),
        Example("2 days of both", False, (APIXABAN, filled("naproxen", 9, 1, 2))),
        Example(
            "3 days of grace after the anticoagulant ran out",
            True,
            (filled("apixaban", 8, 1), filled("naproxen", 9, 4, 10)),
            states=("ongoing", "new_pair"),
        ),
        Example("2 days of grace left", False, (filled("apixaban", 8, 1), filled("naproxen", 9, 5, 10))),
        Example(
            "3 days of both at the start of the 90 days, long ended",
            True,
            (filled("apixaban", 6, 20, 90), filled("naproxen", 6, 25, 11)),
        ),
        Example("one day earlier", False, (filled("apixaban", 6, 20, 90), filled("naproxen", 6, 25, 10))),
        Example("a topical NSAID", False, (APIXABAN, filled("diclofenac topical", 9, 1))),
        Example("in hospice on the review date", False, STABLE_PAIR, hospice=((date(2026, 9, 30), date(2026, 12, 1)),)),
        Example(
            "a stable pair under 75 with a PPI is one step less severe",
            True,
            (*STABLE_PAIR, *refilled("omeprazole", 1, 1, 90, 3)),
            states=("ongoing",),
            severity=Severity.SOON,
        ),
        Example(
            "the same pair at 75",
            True,
            (*STABLE_PAIR, *refilled("omeprazole", 1, 1, 90, 3)),
            born=date(1951, 9, 30),
            states=("ongoing",),
        ),
        Example("the same pair without a PPI", True, STABLE_PAIR, states=("ongoing",)),
    ),
)
