"""Made-up products of real ingredients, and which conditions they treat. NDCs start with 99999: no labeler has that number."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Product:
    ndc: str
    label: str
    ingredients: tuple[str, ...]
    unit_cost: Decimal
    is_brand: bool = False
    generic_unit_cost: Decimal | None = None


def product(number: int, label: str, ingredients: str, cost: str, *, brand: bool = False, generic: str = "") -> Product:
    return Product(
        ndc=f"99999{number:06}",
        label=label,
        ingredients=tuple(ingredients.split("+")),
        unit_cost=Decimal(cost),
        is_brand=brand,
        generic_unit_cost=Decimal(generic) if generic else None,
    )


PRODUCTS = {
    item.label: item
    for item in (
        product(101, "metformin 500 mg tablet", "metformin", "0.11"),
        product(102, "glipizide 5 mg tablet", "glipizide", "0.14"),
        product(103, "Januvia 100 mg tablet", "sitagliptin", "17.90", brand=True),
        product(104, "Jardiance 10 mg tablet", "empagliflozin", "19.80", brand=True),
        product(105, "insulin glargine pen, per mL", "insulin glargine", "9.40"),
        product(110, "atorvastatin 40 mg tablet", "atorvastatin", "0.16"),
        product(111, "rosuvastatin 10 mg tablet", "rosuvastatin", "0.19"),
        product(112, "Lipitor 40 mg tablet", "atorvastatin", "12.60", brand=True, generic="0.16"),
        product(113, "Crestor 10 mg tablet", "rosuvastatin", "10.10", brand=True, generic="0.19"),
        product(120, "lisinopril 20 mg tablet", "lisinopril", "0.07"),
        product(121, "amlodipine 5 mg tablet", "amlodipine", "0.06"),
        product(122, "losartan 50 mg tablet", "losartan", "0.12"),
        product(123, "hydrochlorothiazide 25 mg tablet", "hydrochlorothiazide", "0.05"),
        product(124, "metoprolol succinate 50 mg tablet", "metoprolol", "0.22"),
        product(130, "furosemide 40 mg tablet", "furosemide", "0.08"),
        product(131, "carvedilol 12.5 mg tablet", "carvedilol", "0.10"),
        product(132, "spironolactone 25 mg tablet", "spironolactone", "0.15"),
        product(133, "Entresto 49-51 mg tablet", "sacubitril+valsartan", "10.70", brand=True),
        product(140, "Eliquis 5 mg tablet", "apixaban", "9.60", brand=True),
        product(141, "warfarin 5 mg tablet", "warfarin", "0.18"),
        product(150, "sertraline 50 mg tablet", "sertraline", "0.12"),
        product(151, "escitalopram 10 mg tablet", "escitalopram", "0.13"),
        product(152, "trazodone 50 mg tablet", "trazodone", "0.11"),
        product(160, "Spiriva inhaler, per dose", "tiotropium", "16.20", brand=True),
        product(161, "albuterol inhaler, per dose", "albuterol", "0.21"),
        product(162, "montelukast 10 mg tablet", "montelukast", "0.17"),
        product(170, "alendronate 70 mg weekly tablet", "alendronate", "1.10"),
        product(171, "meloxicam 15 mg tablet", "meloxicam", "0.09"),
        product(172, "naproxen 500 mg tablet", "naproxen", "0.16"),
        product(173, "oxycodone 5 mg tablet", "oxycodone", "0.30"),
        product(174, "gabapentin 300 mg capsule", "gabapentin", "0.11"),
        product(175, "methotrexate 2.5 mg tablet", "methotrexate", "0.60"),
        product(180, "alprazolam 0.5 mg tablet", "alprazolam", "0.08"),
        product(181, "lorazepam 1 mg tablet", "lorazepam", "0.09"),
        product(190, "donepezil 10 mg tablet", "donepezil", "0.15"),
        product(191, "memantine 10 mg tablet", "memantine", "0.21"),
        product(200, "omeprazole 20 mg capsule", "omeprazole", "0.10"),
        product(201, "levothyroxine 75 mcg tablet", "levothyroxine", "0.25"),
        product(202, "tamsulosin 0.4 mg capsule", "tamsulosin", "0.14"),
        product(203, "allopurinol 300 mg tablet", "allopurinol", "0.12"),
    )
}


@dataclass(frozen=True)
class Disease:
    """How common a condition is among the made-up members, its code, and its drugs with how often each is taken."""

    code: str
    share: float
    drugs: tuple[tuple[str, float], ...]


DISEASES = (
    Disease(
        "I10",
        0.62,
        (
            ("lisinopril 20 mg tablet", 0.5),
            ("amlodipine 5 mg tablet", 0.4),
            ("losartan 50 mg tablet", 0.3),
            ("hydrochlorothiazide 25 mg tablet", 0.3),
            ("metoprolol succinate 50 mg tablet", 0.2),
        ),
    ),
    Disease(
        "E785",
        0.55,
        (
            ("atorvastatin 40 mg tablet", 0.5),
            ("rosuvastatin 10 mg tablet", 0.2),
            ("Lipitor 40 mg tablet", 0.05),
            ("Crestor 10 mg tablet", 0.05),
        ),
    ),
    Disease(
        "E119",
        0.34,
        (
            ("metformin 500 mg tablet", 0.8),
            ("glipizide 5 mg tablet", 0.3),
            ("Januvia 100 mg tablet", 0.25),
            ("Jardiance 10 mg tablet", 0.3),
            ("insulin glargine pen, per mL", 0.2),
        ),
    ),
    Disease(
        "I509",
        0.14,
        (
            ("furosemide 40 mg tablet", 0.7),
            ("carvedilol 12.5 mg tablet", 0.6),
            ("spironolactone 25 mg tablet", 0.4),
            ("Entresto 49-51 mg tablet", 0.35),
        ),
    ),
    Disease("I4891", 0.12, (("Eliquis 5 mg tablet", 0.65), ("warfarin 5 mg tablet", 0.2))),
    Disease(
        "F329",
        0.2,
        (
            ("sertraline 50 mg tablet", 0.45),
            ("escitalopram 10 mg tablet", 0.35),
            ("trazodone 50 mg tablet", 0.3),
            ("alprazolam 0.5 mg tablet", 0.28),
            ("lorazepam 1 mg tablet", 0.16),
        ),
    ),
    Disease(
        "J449",
        0.17,
        (("Spiriva inhaler, per dose", 0.6), ("albuterol inhaler, per dose", 0.8), ("montelukast 10 mg tablet", 0.2)),
    ),
    Disease(
        "M1990",
        0.32,
        (
            ("meloxicam 15 mg tablet", 0.3),
            ("naproxen 500 mg tablet", 0.2),
            ("oxycodone 5 mg tablet", 0.3),
            ("gabapentin 300 mg capsule", 0.3),
        ),
    ),
    Disease("M810", 0.13, (("alendronate 70 mg weekly tablet", 0.5),)),
    Disease("M069", 0.05, (("methotrexate 2.5 mg tablet", 0.6), ("meloxicam 15 mg tablet", 0.2))),
    Disease("G309", 0.06, (("donepezil 10 mg tablet", 0.7), ("memantine 10 mg tablet", 0.4))),
    Disease("N186", 0.02, ()),
    Disease("E039", 0.2, (("levothyroxine 75 mcg tablet", 0.95),)),
    Disease("K219", 0.3, (("omeprazole 20 mg capsule", 0.7),)),
    Disease("N400", 0.15, (("tamsulosin 0.4 mg capsule", 0.6),)),
    Disease("M109", 0.1, (("allopurinol 300 mg tablet", 0.6),)),
)
