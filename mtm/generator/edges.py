"""The first members of every run: each shows one thing that loading, eligibility or review can get wrong.

A test for each is in tests/mtm/test_generator_edges.py. The place in EDGES is the member's number.
"""

from collections.abc import Callable
from functools import partial

from mtm.generator.at_risk import OTHER_PLAN
from mtm.generator.calibration import COST_THRESHOLDS
from mtm.generator.cases import Case
from mtm.generator.visits import INPATIENT

CORE_THREE = ("HTN", "DIABETES", "DYSLIPIDEMIA")
# Maintenance drugs of eight ingredients, one of each.
EIGHT = (
    *("lisinopril", "amlodipine", "metformin", "atorvastatin"),
    *("levothyroxine", "carvedilol", "furosemide", "allopurinol"),
)


def spends(case: Case, year: int, cents_off: int) -> None:
    """Three core diseases and eight maintenance drugs, which cost the threshold of the year and so many cents more."""
    in_run = year if year in case.period.years else case.period.years[0]
    case.ill(*CORE_THREE, year=in_run)
    days = [case.on(month, 10 + place, in_run) for month in (1, 4) for place in range(len(EIGHT))]
    total = COST_THRESHOLDS[year] * 100 + cents_off
    each = total // len(days)
    for place, day in enumerate(days):
        rest = total - each * (len(days) - 1)
        case.fill(EIGHT[place % len(EIGHT)], day, each if place else rest, supply=90, quantity=90_000)


def takes_drugs(case: Case, count: int) -> None:
    """So many drugs, in more products: two strengths, brand and generic, and a combination beside one of its parts."""
    case.ill(*CORE_THREE)
    names = ["losartan", "losartan+hydrochlorothiazide", *EIGHT[1:]][:count]
    for place, name in enumerate(names):
        for month in (1, 3, 5):
            case.fill(name, case.on(month, 3 + place), 30_000)
    case.fill("losartan", case.on(6, 3), 30_000, strength=1)
    case.fill("losartan+hydrochlorothiazide", case.on(6, 4), 30_000, strength=1)
    case.fill("amlodipine", case.on(6, 5), 30_000, brand=True)


def deleted(case: Case) -> None:
    """A claim and its deletion, and one that stays."""
    case.delete(case.fill("metformin", case.on(3, 2)))
    case.fill("metformin", case.on(3, 20))


def adjusted(case: Case) -> None:
    """A claim sent with a wrong amount, then with the right one."""
    case.adjust(case.fill("atorvastatin", case.on(3, 2), 90_000), 1_250)


def reversed_before_original(case: Case) -> None:
    """The deletion stands in the file before the claim it deletes."""
    original = case.fill("warfarin", case.on(3, 2))
    case.delete(original)["sent"] = original["sent"] - 2


def adjusted_then_deleted(case: Case) -> None:
    original = case.fill("furosemide", case.on(3, 2), 1_900)
    case.adjust(original, 1_500, after=10)
    case.delete(original, after=30)


def filled_in_two_parts(case: Case) -> None:
    """Half of the tablets and later that day the rest: one prescription, one refill, two claims."""
    case.fill("oxycodone", case.on(3, 2), 1_000, supply=15, quantity=45_000, part=1)
    case.fill("oxycodone", case.on(3, 2), 1_000, supply=15, quantity=45_000, part=2, prescription=0)


def compounded(case: Case) -> None:
    case.fill("baclofen", case.on(3, 2), 18_000, compound=True)


def over_the_counter(case: Case) -> None:
    """Paid by the plan, but no Part D drug: neither drug nor cost counts."""
    case.fill("famotidine", case.on(3, 2), 700_000, coverage=2)


def enhanced_benefit(case: Case) -> None:
    case.fill("polyethylene glycol 3350", case.on(3, 2), 700_000, coverage=1)


def unknown_package(case: Case) -> None:
    """No directory has the package, but the labeler's product is known by its first nine digits."""
    case.fill("lisinopril", case.on(3, 2), code=case.catalogue.unlisted[0])


def unknown_product(case: Case) -> None:
    case.fill("lisinopril", case.on(3, 2), code=case.catalogue.unlisted[1] - 1)


def died(case: Case) -> None:
    case.person["died"] = case.on(7, 10)
    case.fill("furosemide", case.on(5, 20))
    case.fill("furosemide", case.on(6, 19))


def joined_in_mid_year(case: Case) -> None:
    case.person["first_month"] = case.month(6)
    case.fill("amlodipine", case.on(6, 1))


def left_in_mid_year(case: Case) -> None:
    case.person["last_month"] = case.month(8)
    case.fill("amlodipine", case.on(8, 31))


def away_for_two_months(case: Case) -> None:
    case.person |= {"gap_from": case.month(5), "gap_to": case.month(7)}
    case.fill("amlodipine", case.on(4, 30))
    case.fill("amlodipine", case.on(7, 1))


def gains_subsidy(case: Case) -> None:
    case.person |= {"low_income_from": case.month(7)}
    case.fill("apixaban", case.on(6, 30), 50_000, brand=True)
    case.fill("apixaban", case.on(7, 1), 50_000, brand=True)


def loses_subsidy(case: Case) -> None:
    case.person |= {"low_income_from": 0, "low_income_to": case.month(7)}
    case.fill("apixaban", case.on(6, 30), 50_000, brand=True)
    case.fill("apixaban", case.on(7, 1), 50_000, brand=True)


def in_nursing_home(case: Case) -> None:
    """In a nursing facility for half a year and home again; two-week cycles."""
    case.person["nursing_from"] = case.on(2, 1)
    for day in range(case.on(2, 1), case.on(8, 1), 15):
        case.fill("donepezil", day, 900, supply=15, quantity=15_000, nursing=True, pharmacy=18)
    case.fill("donepezil", case.on(9, 1))


def new_medicare_number(case: Case) -> None:
    """Another number in the last file year than before."""
    case.person["new_number_from"] = 12 * (len(case.period.years) - 1)
    case.fill("simvastatin", case.on(1, 5))
    case.fill("simvastatin", case.on(12, 5))


def two_labelers(case: Case) -> None:
    """The same drug and strength from two makers is one drug."""
    case.fill("sertraline", case.on(3, 2))
    case.fill("sertraline", case.on(4, 1), labeler=1)


def two_packages(case: Case) -> None:
    case.fill("sertraline", case.on(3, 2))
    case.fill("sertraline", case.on(4, 1), package=1)


def fills_on_quarter_days(case: Case) -> None:
    """On the first and the last day of every quarter."""
    for month, day in ((1, 1), (3, 31), (4, 1), (6, 30), (7, 1), (9, 30), (10, 1), (12, 31)):
        case.fill("pravastatin", case.on(month, day))


def at_risk_now(case: Case) -> None:
    case.limited(case.period.last_known - 40)


def at_risk_no_more(case: Case) -> None:
    """The limitation ended three months before the last known day."""
    case.limited(case.period.last_known - 455)


def at_risk_extended(case: Case) -> None:
    """In its second year by extension."""
    case.limited(case.period.last_known - 455, extended=True)


def at_risk_by_notice_of_other_plan(case: Case) -> None:
    case.limited(case.period.last_known - 40, source_plan=OTHER_PLAN)


def potentially_at_risk(case: Case) -> None:
    """Not determined: does not qualify."""
    case.limited(case.period.last_known - 40, status="potential")


def seen_once(case: Case) -> None:
    """One visit does not make a condition."""
    case.seen("CHF", case.on(3, 2))


def stayed_once(case: Case) -> None:
    """One hospital stay does."""
    case.seen("CHF", case.on(3, 2), INPATIENT)


def nothing(case: Case) -> None:
    """Covered, and no claim at all."""


def dollars(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02}"


EDGES: dict[str, Callable[[Case], None]] = {
    **{
        f"spends {dollars(COST_THRESHOLDS[year] * 100 + cents)} in {year}": partial(spends, year=year, cents_off=cents)
        for year in COST_THRESHOLDS
        for cents in (-1, 0, 1)
    },
    **{f"takes {count} drugs": partial(takes_drugs, count=count) for count in (7, 8, 9)},
    **{
        edge.__name__.replace("_", " "): edge
        for edge in (
            *(deleted, adjusted, reversed_before_original, adjusted_then_deleted, filled_in_two_parts, compounded),
            *(over_the_counter, enhanced_benefit, unknown_package, unknown_product),
            *(died, joined_in_mid_year, left_in_mid_year, away_for_two_months, gains_subsidy, loses_subsidy),
            *(in_nursing_home, new_medicare_number, two_labelers, two_packages, fills_on_quarter_days),
            *(at_risk_now, at_risk_no_more, at_risk_extended, at_risk_by_notice_of_other_plan, potentially_at_risk),
            *(seen_once, stayed_once, nothing),
        )
    },
}


def member_of(edge: str) -> int:
    """The number of the member who shows it."""
    return list(EDGES).index(edge) + 1
