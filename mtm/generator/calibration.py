"""What the generated claims must look like, each number with where it comes from, and how claims behave.

Sources: [M] measured on the CMS Part D Spending by Drug file of 2017 or on a mix of real fills of 2015; [R] read in the
source named; [K] general knowledge, unverified; [I] inferred. What has none is ours, fitted so that the targets hold.
"""

from dataclasses import dataclass

MIX_2015 = "[M] NDC mix of real fills, 2015"
SPENDING_2017 = "[M] CMS Part D Spending by Drug, 2017"


# From so many members on three standard deviations between runs, measured over seeds 1 to 16, reach no end of the range: of
# most figures, of those nearer to an end, and of those that hang on a few members.
FEW, SOME, MANY = 2_500, 5_000, 15_000


@dataclass(frozen=True)
class Target:
    """A measured figure is right from `low` to `high`; with fewer members in the year chance alone may take it outside."""

    name: str
    low: float
    high: float
    source: str
    least_members: int = FEW

    def met(self, value: float) -> bool:
        return self.low <= value <= self.high


def within(name: str, value: float, share: float, source: str, least_members: int) -> Target:
    return Target(name, value * (1 - share), value * (1 + share), source, least_members)


# Dollars of one claim at these shares of claims; brand-level means, so the upper tail is understated.
COST_QUANTILES = (
    (0.10, 6.73),
    (0.25, 8.39),
    (0.50, 16.79),
    (0.75, 35.74),
    (0.80, 51.40),
    (0.90, 248),
    (0.95, 495),
    (0.99, 1084),
)
DEAR = 200  # dollars from which few members have claims that cost as much

TARGETS = (
    Target(
        "eligible, rules of 2024", 0.06, 0.10, "[R] 7-9 % before 2025: PMC10478169, outcomes.com final rule details"
    ),
    Target("eligible, rules of 2025", 0.11, 0.15, "[R] CMS estimates 13 %: outcomes.com final rule details"),
    Target("fills a user and year", 33, 40, SPENDING_2017 + "; users [K]"),
    *(
        within(f"cost of a claim, p{share * 100:.0f}", dollars, 0.15, SPENDING_2017, MANY if dollars > DEAR else FEW)
        for share, dollars in COST_QUANTILES
    ),
    Target("member and NDC-9 pairs filled again", 0.60, 1, "[I] real plans; DE-SynPUF has 0.1 %"),
    Target("courses kept to (PDC 80 % or more)", 0.65, 0.80, "[I]"),
    Target("courses stopped early", 0.10, 0.15, "[I]", SOME),
    Target("fills of an NDC in the directory", 0.98, 1, "[I] a current directory reaches 95 % or more"),
    Target("fills of 30 days", 0.51, 0.61, MIX_2015),
    Target("fills of 90 days", 0.18, 0.24, MIX_2015),
    Target("fills of a brand", 0.13, 0.17, MIX_2015),
    Target("fills with low-income subsidy", 0.34, 0.42, MIX_2015, SOME),
    Target("fills in a nursing facility", 0.055, 0.085, MIX_2015, MANY),
    Target("top ten drugs found among our top fifteen", 8, 10, SPENDING_2017),
    Target("fills by the member's main prescriber", 0.60, 0.85, "[K]"),
    Target("fills at the member's main pharmacy", 0.75, 0.95, "[K]"),
    Target("claims adjusted or deleted", 0.015, 0.025, MIX_2015),
    Target("members at risk with a limitation", 0.001, 0.006, "[K]", MANY),
    Target("members who died in the year", 0.025, 0.05, "[K] about 4 % of people with Medicare", SOME),
    Target("members who joined in mid-year", 0.01, 0.05, "[K]"),
)

# The ten of data.md by 2017 claims.
TOP_TEN = (
    "levothyroxine",
    "atorvastatin",
    "amlodipine",
    "omeprazole",
    "lisinopril",
    "gabapentin",
    "furosemide",
    "metformin",
    "hydrocodone+acetaminophen",
    "simvastatin",
)

# CMS cost thresholds by plan year (2024, 2025: data.md; 2026: clinical.md section 7).
COST_THRESHOLDS = {2024: 5_330, 2025: 1_623, 2026: 1_276}

# Benefit: percent that a member without subsidy pays of a claim until the year's out-of-pocket limit, in dollars ([K]; 2024: of
# those who take brands).
COINSURANCE = 25
OUT_OF_POCKET = {2024: 3_300, 2025: 2_000, 2026: 2_100}

# Days' supply of courses without end, and how many of them are filled so (fills of 30 days come three times as often as of 90).
SUPPLIES = (30, 90, 60, 28, 31, 25, 15)
USUAL = (0.35, 0.58, 0.03, 0.015, 0.01, 0.01, 0.005)
CONTROLLED = (0.90, 0.0, 0.0, 0.06, 0.0, 0.0, 0.04)
BRANDED = (0.67, 0.25, 0.03, 0.03, 0.01, 0.01, 0.0)
NURSING = (0.70, 0.0, 0.0, 0.05, 0.10, 0.0, 0.15)

# How members keep to a course, and what it does to the days between fills, as a share of the days' supply (mean, spread).
HABITS = {"keeps": (0.80, 1.00, 0.09), "gaps": (0.20, 1.42, 0.30)}
STOPS_A_YEAR = 0.12
STARTS_A_YEAR = 0.19
NEW_STOP_EARLY = 0.35

ADJUSTED, DELETED = 0.012, 0.008
PARTIAL, COMPOUND, NOT_COVERED, UNKNOWN_NDC = 0.003, 0.002, 0.004, 0.008

# Cost of a claim in products.csv, and what we price it at so that the quantiles above hold for fills of differing lengths.
COST_FIT = ((1, 1), (25, 23.5), (60, 57), (200, 203), (550, 590), (1_000, 700), (20_000, 20_000))
