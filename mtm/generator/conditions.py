"""Which conditions the members have, how they come together, and the ICD-10-CM codes that say so.

Prevalences are those of people with Medicare in round numbers (CCW public tables, from general knowledge, unverified).
Conditions come together through a burden every member carries and through groups that share a cause (loadings: ours, fitted
to the targets of calibration.py).
"""

from dataclasses import dataclass

import numpy as np

from mtm.generator.days import Flags, Floats, Ints, Period
from mtm.generator.text import words

# How strongly the member's burden raises the odds of every condition, and a shared cause those of its group.
BURDEN, SHARED = 0.64, 0.55
GROUPS = ("metabolic", "heart", "mind", "bones", "lungs")
# Conditions that begin in a year, against those there before; about as many end by death.
NEW_A_YEAR = 0.02


@dataclass(frozen=True)
class Condition:
    name: str
    prevalence: float
    codes: tuple[str, ...]
    group: str = ""
    visits: float = 1.0  # how often it is the reason of a visit, against others


def condition(name: str, prevalence: float, codes: str, group: str = "", visits: float = 1.0) -> Condition:
    return Condition(name, prevalence, words(codes), group, visits)


# The first sixteen are the core chronic diseases of 2025 (claims/reference/conditions.csv has their prefixes).
CONDITIONS = (
    condition("ALZ", 0.045, "G309 G301", "mind"),
    condition("OSTEOPOROSIS", 0.11, "M810 M818", "bones", 0.7),
    condition("OSTEOARTHRITIS", 0.29, "M1990 M1711 M1712 M170 M1611 M1612 M189 M159", "bones"),
    condition("RA", 0.03, "M069 M0579 M0609", "bones", 1.4),
    condition("CHF", 0.11, "I509 I5032 I5022 I5042 I110", "heart", 1.5),
    condition("DIABETES", 0.28, "E119 E1165 E1122 E1142 E1140 E1151 E11319", "metabolic", 1.5),
    condition("DYSLIPIDEMIA", 0.50, "E785 E782 E7800 E781", "metabolic", 0.8),
    condition("ESRD", 0.009, "N186 Z992", "metabolic", 4.0),
    condition("HTN", 0.58, "I10 I10 I10 I129 I119", "metabolic", 1.2),
    condition("DEPRESSION", 0.17, "F329 F32A F331 F339 F341", "mind"),
    condition("BIPOLAR", 0.02, "F319 F3181", "mind", 1.5),
    condition("SCHIZOPHRENIA", 0.014, "F209 F259", "mind", 1.8),
    condition("ASTHMA", 0.06, "J45909 J4540 J45998", "lungs"),
    condition("COPD", 0.11, "J449 J441 J439", "lungs", 1.3),
    condition("CHRONIC_LUNG", 0.02, "J479 J8410 J9611", "lungs", 1.3),
    condition("HIV", 0.004, "B20 Z21"),
    condition("DEMENTIA", 0.05, "F0390 F0150 F0280", "mind"),
    condition("ANXIETY", 0.14, "F419 F411 F4310", "mind"),
    condition("CKD", 0.19, "N1831 N1832 N1830 N184 N189", "metabolic"),
    condition("AFIB", 0.10, "I4891 I4820 I480", "heart", 1.3),
    condition("IHD", 0.22, "I2510 I2510 I209 I252 I259", "heart", 1.1),
    condition("STROKE", 0.05, "I639 Z8673 G459 I69354", "heart"),
    condition("PAD", 0.08, "I739 I70213", "heart", 0.7),
    condition("EPILEPSY", 0.018, "G40909 G40209", "mind"),
    condition("PARKINSON", 0.012, "G20A1 G20C", "mind", 1.5),
    condition("BPH", 0.10, "N401 N400"),
    condition("GLAUCOMA", 0.10, "H401131 H409 H40053", "", 0.8),
    condition("HYPOTHYROID", 0.20, "E039 E038"),
    condition("FALLS", 0.05, "Z9181 R296 W19XXXA", "bones", 0.6),
    condition("GOUT", 0.06, "M109 M1A9XX0", "metabolic"),
    condition("REFLUX", 0.24, "K219 K2100 K2270"),
    condition("LIVER", 0.02, "K7460 K7400 K766"),
    condition("CANCER", 0.08, "C61 C50911 C189 C3490 C679", "", 1.6),
    condition("MIGRAINE", 0.03, "G43909 G43709", "mind"),
    condition("INFLAMED_SKIN_BOWEL", 0.03, "L400 K5090 K5190"),
    condition("INSOMNIA", 0.12, "G4700 F5101", "mind", 0.7),
    condition("PAIN", 0.26, "M5450 G8929 M542 M5416 G894", "bones"),
    condition("ALLERGY", 0.12, "J309 J302", "lungs", 0.6),
    condition("BLADDER", 0.08, "N3281 R3915 N3941"),
    condition("CONSTIPATION", 0.09, "K5900 K5904", "", 0.6),
    condition("DRY_EYE", 0.06, "H04123", "", 0.7),
    condition("NEUROPATHY", 0.10, "G629 G609", "metabolic"),
    condition("ANEMIA", 0.11, "D649 D509 D631", "metabolic"),
    condition("OBESITY", 0.15, "E669 E6601", "metabolic", 0.6),
    condition("OPIOID_USE", 0.012, "F1120 F1121", "mind", 1.5),
    condition("TRANSPLANT", 0.003, "Z940", "metabolic", 2.0),
)
CORE = CONDITIONS[:16]
PLACE = {item.name: place for place, item in enumerate(CONDITIONS)}

# What visits are about besides: signs, injuries, screening; none of it makes a condition of those above.
BACKGROUND = words(
    "Z0000 Z0001 Z23 Z1231 Z1211 Z7901 Z7984 Z87891 Z6830 R059 R0600 R0602 R079 R109 R1013 R112 R197 R42 R5383 R531"
    " R55 R609 R7301 R21 R319 R350 R339 R519 R002 R011 R634 R69 N390 N200 N281 J069 J0190 J209 J189 J020 B351 B029"
    " L570 L821 L578 L0390 L309 L600 D225 D485 H2513 H2511 H269 H3530 H5213 H6121 H9190 H903 H8110 I872 I8390 I959"
    " I517 K5730 K635 K649 K449 K5792 K30 M25511 M25512 M25561 M25562 M7989 M7061 M722 M21619 M48061 M51360 M7918"
    " S0190XA S93401A S52501A S8001XA T148XXA E559 E538 E876 E871 E042 E860 F17210 G4733 G2581 G5600 G250 D696 D72829"
    " D472 N950 N393 N6019 Z98890 Z96651 Z961 Z950 Z8546 Z853 Z860100 Z7982"
)


class Disease:
    """Conditions of a block of members: one row a member, one column a condition; the day a condition begins."""

    def __init__(self, has: Flags, begins: Ints) -> None:
        self.has, self.begins = has, begins

    def first(self, wanted: int) -> "Disease":
        return Disease(self.has[:wanted], self.begins[:wanted])


def draw(rng: np.random.Generator, burden: Floats, men: Flags, period: Period) -> Disease:
    begun = NEW_A_YEAR * len(period.years)
    has = rng.random((len(burden), len(CONDITIONS))) < chances(rng, burden) * (1 + begun)
    has[~men, PLACE["BPH"]] = False
    has[:, PLACE["ANEMIA"]] |= has[:, PLACE["ESRD"]]
    new = rng.random(has.shape) < begun / (1 + begun)
    begins = np.where(new, rng.integers(0, period.length, has.shape), -3650)
    return Disease(has, begins)


def chances(rng: np.random.Generator, burden: Floats) -> Floats:
    """Logistic with two normal causes; the intercept is set so that the share over all members is the prevalence."""
    prevalence = np.array([item.prevalence for item in CONDITIONS])
    shared = rng.standard_normal((len(burden), len(GROUPS)))
    strength = np.array([[SHARED if group == item.group else 0.0 for item in CONDITIONS] for group in GROUPS])
    spread = BURDEN**2 + (strength**2).sum(axis=0)
    # A logistic curve with normal variance inside it is nearly a logistic curve of odds shrunk by sqrt(1 + 0.346 variance).
    intercept = np.log(prevalence / (1 - prevalence)) * np.sqrt(1 + 0.346 * spread)
    chance: Floats = 1 / (1 + np.exp(-(intercept + BURDEN * burden[:, None] + shared @ strength)))
    return chance
