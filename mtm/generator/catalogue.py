"""The products of the plan: what is taken, as which NDC, and at which price.

products.csv has a line for each drug and form: strengths as RxNorm names them (of ingredients in A: general knowledge);
claims in millions and dollars a claim as CMS published them for 2017 (Part D Spending by Drug), rounded, and estimates for
brands that came to market or grew since. Units are those of a month, days those of a short course.
NDC labelers 99990 to 99999 do not exist.
"""

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from mtm.generator import calibration
from mtm.generator.days import Flags, Floats, Ints
from mtm.generator.families import SPECIALTIES, family, specialty

PRODUCTS = Path(__file__).parent / "products.csv"
DRUGS = Path(__file__).parents[2] / "claims" / "reference" / "drugs.csv"

BRAND_LABELERS = tuple(range(99990, 99993))
LABELERS = tuple(range(99993, 100000))
PACKAGES = ("30", "90")
FIRST_PRODUCT = 1000  # smaller product numbers are left for data made by hand
# Share of claims of a situational drug (maintenance S) that belong to lasting use.
LASTING = {"Y": 1.0, "S": 0.9, "N": 0.0}
RESTRICTED = ("OPIOID", "BZD", "ZDRUG", "STIMULANT", "MOUD", "BARBITURATE")
SPECIALTY_PRICE = 900  # dollars a claim from which a specialty pharmacy dispenses
# Of ingredient names; a product's form says it better.
LOCAL_WORDS = (" nasal", " inhaled", " ophthalmic", " topical", " systemic", " oral")
Record = dict[str, str]


def read(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Line:
    """A line of products.csv, understood."""

    ingredients: tuple[str, ...]
    label: str
    strengths: tuple[str, ...]
    family: str
    maintenance: str
    units: float  # a month
    course_days: int  # of a short course; 0 where there is none
    claims: float  # millions, 2017
    cost: float  # dollars a claim, generic; 0 where there is none
    brand: str
    brand_cost: float
    brand_share: float
    solid: bool

    @property
    def lasting(self) -> float:
        return LASTING[self.maintenance]

    @property
    def supplies(self) -> tuple[float, ...]:
        if self.family in RESTRICTED:
            return calibration.CONTROLLED
        return calibration.BRANDED if self.brand_share > 0.5 else calibration.USUAL

    @property
    def mean_days(self) -> float:
        """Days' supply of the average fill of lasting use."""
        shares = zip(self.supplies, calibration.SUPPLIES, strict=True)
        return 1 / sum(share / days for share, days in shares)

    @property
    def months_a_claim(self) -> float:
        return (self.lasting * self.mean_days + (1 - self.lasting) * (self.course_days or 30)) / 30


def understood(record: Record, drugs: dict[str, Record]) -> Line:
    ingredients = tuple(record["ingredients"].split("+"))
    known = [drugs[name] for name in ingredients]
    flags = {drug["maintenance"] for drug in known}
    return Line(
        ingredients=ingredients,
        label=record["form"],
        strengths=tuple(strength(record, each) for each in record["strengths"].split(";")),
        family=family(ingredients[0], known[0]["class_id"]),
        maintenance=next(flag for flag in "YSN" if flag in flags),
        units=float(record["units"]),
        course_days=int(record["days"] or 0),
        claims=float(record["claims"]),
        cost=float(record["cost"] or 0),
        brand=record["brand"],
        brand_cost=float(record["brand_cost"] or 0),
        brand_share=float(record["brand_share"]),
        solid="Tablet" in record["form"] or "Capsule" in record["form"],
    )


def strength(record: Record, amounts: str) -> str:
    """lisinopril 10 MG / hydrochlorothiazide 12.5 MG"""
    names = [plain(name) for name in record["ingredients"].split("+")]
    return " / ".join(
        f"{name} {amount} {record['unit']}" for name, amount in zip(names, amounts.split("/"), strict=True)
    )


def plain(name: str) -> str:
    for word in LOCAL_WORDS:
        name = name.removesuffix(word)
    return name


class Catalogue:
    """Lines, and items: an item is one NDC. All items of a line and strength stand together, generics before the brand."""

    def __init__(self) -> None:
        self.drugs = {record["ingredient"]: record for record in read(DRUGS)}
        self.lines = [understood(record, self.drugs) for record in read(PRODUCTS)]
        self.families = sorted({line.family for line in self.lines})
        self._build()

    def _build(self) -> None:
        self._next = dict.fromkeys((*BRAND_LABELERS, *LABELERS), FIRST_PRODUCT)
        rows = [row for place, line in enumerate(self.lines) for row in self._items(place, line)]
        self.items = pl.DataFrame(
            rows, schema=["ndc", "name", "brand", "line", "strength", "first", "size", "price"], orient="row"
        )
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.item_line))])
        self.line_start: Ints = starts[:-1]

    def _items(self, place: int, line: Line) -> list[tuple[object, ...]]:
        """Rows of `items`; group places are counted from the start of the line, made absolute by `group_start`."""
        rows: list[tuple[object, ...]] = []
        for number, text in enumerate(line.strengths):
            for brand, labelers in ((False, self._labelers(place, line)), (True, self._brand_labeler(place, line))):
                first, size = len(rows), len(labelers) * len(PACKAGES)
                name = f"(synthetic) {text} {line.label}" + (f" [{line.brand}]" if brand else "")
                rows += [
                    (ndc, name, brand, place, number, first, size, self._price(place, line, brand, labeler))
                    for labeler in labelers
                    for ndc in self._new_codes(labeler)
                ]
        return rows

    def _labelers(self, place: int, line: Line) -> tuple[int, ...]:
        """Two to four makers of a generic, the same for all its strengths."""
        count = (2 + (line.claims > 1) + (line.claims > 10)) if line.cost else 0
        return tuple(LABELERS[(place + step) % len(LABELERS)] for step in range(count))

    def _brand_labeler(self, place: int, line: Line) -> tuple[int, ...]:
        return (BRAND_LABELERS[place % len(BRAND_LABELERS)],) if line.brand else ()

    def _new_codes(self, labeler: int) -> list[str]:
        number = self._next[labeler]
        self._next[labeler] += 1
        return [f"{labeler}{number}{package}" for package in PACKAGES]

    def _price(self, place: int, line: Line, brand: bool, labeler: int) -> float:
        """Cents a unit; makers of a generic differ by up to a fifth."""
        dollars = fitted(line.brand_cost if brand else line.cost)
        differs = 1.0 if brand else 1 + 0.2 * np.sin(7.0 * place + labeler)
        return float(100 * dollars * differs / line.months_a_claim / line.units)

    @cached_property
    def item_line(self) -> Ints:
        return self.items["line"].to_numpy().astype(np.int64)

    @cached_property
    def item_brand(self) -> Flags:
        return self.items["brand"].to_numpy()

    @cached_property
    def item_price(self) -> Floats:
        return self.items["price"].to_numpy()

    @cached_property
    def group_start(self) -> Ints:
        """The first item of the same line, strength and brand or generic."""
        start: Ints = self.line_start[self.item_line] + self.items["first"].to_numpy().astype(np.int64)
        return start

    @cached_property
    def group_size(self) -> Ints:
        return self.items["size"].to_numpy().astype(np.int64)

    @cached_property
    def stride(self) -> Ints:
        """How many items the line of each has of one strength."""
        of_line = np.array([len(line.strengths) for line in self.lines])
        stride: Ints = (np.bincount(self.item_line) // of_line)[self.item_line]
        return stride

    @cached_property
    def groups(self) -> pl.DataFrame:
        """One row a line and strength: where its generics and its brand begin, and how many there are (0 for none)."""
        place = pl.int_range(pl.len()).alias("item")
        found = self.items.with_columns(place).group_by("line", "strength", "brand").agg(pl.col("item").min(), pl.len())
        wide = found.pivot("brand", index=["line", "strength"], values=["item", "len"])
        return wide.fill_null(0).sort("line", "strength")

    @cached_property
    def codes(self) -> pl.Series:
        """NDC by item; those after the last item are in no directory: new packages of known products, then unknown products."""
        known = self.items["ndc"]
        packages = known.gather(np.arange(0, 1000, 10)).str.slice(0, 9) + "77"
        products = pl.Series([f"{LABELERS[-1]}9{number:03}01" for number in range(200)])
        return pl.concat([known, packages.rename(""), products.rename("")])

    @property
    def unlisted(self) -> tuple[int, int]:
        """The first place in `codes` that no directory has, and the one after the last."""
        return len(self.items), len(self.codes)

    @cached_property
    def specialty(self) -> Ints:
        """Place in SPECIALTIES of who else prescribes the line; -1 for nobody."""
        found = [specialty(line.family) for line in self.lines]
        return np.array([SPECIALTIES.index(name) if name else -1 for name in found], np.int64)


def fitted(dollars: float) -> float:
    """Published cost a claim, moved so that claims of differing length have the published quantiles."""
    if dollars <= 0:
        return 0.0
    published, ours = zip(*calibration.COST_FIT, strict=True)
    return float(np.exp(np.interp(np.log(dollars), np.log(published), np.log(ours))))
