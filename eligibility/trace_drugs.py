"""Which drugs of one member count, in plain Python: a part of the trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.history import Filled
from eligibility.rules import Rules

SITUATIONAL_DAYS = 60  # a situational drug is maintenance when it was taken for so long


@dataclass(frozen=True)
class Known:
    """What is known of an NDC. `maintenance`: Y, S (situational), N, or empty where nobody knows."""

    ingredients: tuple[str, ...]
    maintenance: str
    label: str = ""

    @property
    def unmapped(self) -> bool:
        return not self.ingredients


@dataclass(frozen=True)
class Reference:
    """The tables a decision rests on: diagnosis code prefixes and drug proxies by condition, and what NDCs are."""

    prefixes: Mapping[str, list[tuple[str, str]]]
    proxies: Mapping[str, list[tuple[frozenset[str], int, int]]]  # ingredients, fills, days
    drugs: Mapping[str, Known]
    has_diagnoses: bool
    has_fills: bool


@dataclass
class Drug:
    """A drug with its fills. `counts` is None where nobody knows; `why` says what keeps it from counting."""

    name: str
    fills: list[Filled]
    counts: bool | None
    why: str = ""  # supply, ended, scope; empty where it counts or nobody knows
    unknown: tuple[str, ...] = ()  # drugs (no directory knows it), supply (days were not told); of who may count only

    @property
    def supply(self) -> int:
        return sum(fill.supply for fill in self.fills)


def drugs_of(fills: list[Filled], rules: Rules, as_of: date, reference: Reference) -> list[Drug]:
    """All drugs filled in that time, by name; each counts, does not, or nobody knows."""
    by_name: dict[str, list[Filled]] = {}
    for fill in fills:
        by_name.setdefault(name_of(fill.ndc, rules, reference.drugs[fill.ndc]), []).append(fill)
    return [judged(Drug(name, own, False), rules, as_of, reference) for name, own in sorted(by_name.items())]


def judged(drug: Drug, rules: Rules, as_of: date, reference: Reference) -> Drug:
    """Supply has to be enough and reach far enough, and the drug has to be one that counts."""
    unsupplied = any(fill.unsupplied for fill in drug.fills)
    reach = max(fill.day + timedelta(days=max(fill.supply, 1) - 1) for fill in drug.fills)
    enough = drug.supply >= rules.drug_supply
    lasts = not rules.drug_active_days or reach > as_of - timedelta(days=rules.drug_active_days)
    in_scope, unknown = counts(drug.fills, rules, reference)
    short = not (enough and lasts)
    if short and not unsupplied:
        drug.why = "ended" if enough else "supply"
    elif in_scope is False:
        drug.why = "scope"
    elif in_scope and not short:
        drug.counts = True
    else:
        drug.counts, drug.unknown = None, tuple(sorted({*unknown, *["supply"] * short}))
    return drug


def name_of(ndc: str, rules: Rules, known: Known) -> str:
    if rules.identity == "ndc":
        return ndc
    if rules.identity == "product" or known.unmapped:
        return f"NDC {ndc[:9]}"
    return " / ".join(known.ingredients)


def counts(fills: list[Filled], rules: Rules, reference: Reference) -> tuple[bool | None, set[str]]:
    """Whether the drug is in the scope of the criteria by any of its NDCs; where nobody knows, what is not known."""
    known = [reference.drugs[fill.ndc] for fill in fills]
    answers = [in_scope(one, rules) for one in known]
    by_maintenance = rules.drugs in {"maintenance", "chronic"}
    situational = by_maintenance and any(one.maintenance == "S" for one in known)
    if True in answers or (situational and sum(fill.supply for fill in fills) >= SITUATIONAL_DAYS):
        return True, set()
    unknown = {"drugs"} if None in answers else set()
    if situational and any(fill.unsupplied for fill in fills):
        unknown.add("supply")
    return (None if unknown else False), unknown


def in_scope(known: Known, rules: Rules) -> bool | None:
    if rules.unknown_drugs_count and (known.unmapped or not known.maintenance):
        return True
    if rules.drugs == "any":
        return None if known.unmapped and rules.identity == "ingredient" else True
    if rules.drugs == "listed":
        return None if known.unmapped else bool(set(known.ingredients) & set(rules.drug_list))
    return {"Y": True, "": None}.get(known.maintenance, False)
