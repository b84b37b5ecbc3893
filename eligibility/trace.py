"""One decision traced from the claims up: the second, obvious implementation of eligibility/sql/decide.sql.

It looks at one member in plain Python and keeps what each number was made of. Tests hold both to the same answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from eligibility.determination import LONGEST_PROXY, months_before
from eligibility.history import Days, Diagnosed, Filled, History
from eligibility.rules import Listed, Rules
from eligibility.trace_drugs import Drug, Reference, drugs_of

FEWEST_DAYS = 30  # a year is stretched from so many days at least


@dataclass
class Condition:
    label: str
    counts_as: str
    source: str  # diagnoses, enrollment file, drugs; empty if it is not met
    visits: int
    listed_as: str = ""  # the one of the list that it counts once with: itself, or whose core disease it completes
    diagnoses: list[Diagnosed] = field(default_factory=list)
    fills: list[Filled] = field(default_factory=list)


@dataclass
class Trace:
    """The decision with everything it was made of; amounts are exact."""

    outcome: str
    path: str
    cms_reason: str
    missing: list[str]
    conditions: list[Condition]
    drugs: list[Drug]
    to_date: Decimal
    rolling: Decimal
    quarter: Decimal
    yearly: Fraction
    at_risk: bool
    condition_count: int
    met: dict[str, bool]
    fills: dict[str, list[Filled]]  # behind each amount: to_date, rolling, quarter
    spells: list[Days]  # as an at-risk beneficiary, that hold the day
    renal: list[Days]  # periods of end-stage renal disease in the time of the diagnoses
    conditions_could_be: bool  # whether what is not known could make them enough

    def shown(self, rules: Rules) -> Decimal:
        """The cost to the cent; parts of one are left out, but where it is more than the amount by nothing else."""
        cents = int(self.yearly * 100)
        by_less = rules.cost_operator == "gt" and self.met["cost"] and Decimal(cents) / 100 <= rules.cost_threshold
        return Decimal(cents + by_less) / 100

    @property
    def drug_count(self) -> int:
        return sum(drug.counts is True for drug in self.drugs)


def trace(history: History, rules: Rules, as_of: date, reference: Reference) -> Trace:
    """Decide one living member as of a day."""
    every = [condition(label, one, history, rules, as_of, reference) for label, one in rules.conditions.items()]
    conditions = once(every)
    kinds = {kind_of(one, rules) for one in conditions if one.source}
    possible = possible_conditions(every, kinds, history, rules, as_of, reference)
    drugs = drugs_of(within(history.fills, as_of - timedelta(days=rules.drug_days), as_of), rules, as_of, reference)
    fills = fills_by_time(history, as_of)
    costs = costs_of(fills)
    yearly = yearly_cost(history, rules, as_of, costs)
    spells = [days for days in history.at_risk if days.touches(as_of, as_of)]
    tests = Tests(rules, reference, len(kinds), possible, drugs, yearly, bool(spells))
    outcome, path, missing = tests.verdict(has_claims(history, rules, as_of))
    return Trace(
        *(outcome, path, tests.cms_reason(), missing, conditions, drugs, *costs, yearly, bool(spells)),
        *(len(kinds), tests.met(), fills, spells, renal_in_time(history, rules, as_of), tests.conditions_could_be()),
    )


@dataclass
class Tests:
    """Each test of the criteria, and what follows from all of them."""

    rules: Rules
    reference: Reference
    conditions: int
    possible_conditions: int  # more of them, if unknown drugs are those that stand for one
    drugs: list[Drug]
    yearly: Fraction
    at_risk: bool

    def met(self) -> dict[str, bool]:
        rules, sure = self.rules, sum(drug.counts is True for drug in self.drugs)
        amount = Fraction(rules.cost_threshold)
        return {
            "conditions": self.conditions >= rules.minimum_conditions,
            "drugs": sure >= rules.minimum_drugs,
            "cost": self.yearly >= amount if rules.cost_operator == "ge" else self.yearly > amount,
            "cms_cost": rules.cms_threshold is not None and self.yearly >= Fraction(rules.cms_threshold),
        }

    def verdict(self, has_claims: bool) -> tuple[str, str, list[str]]:
        """Outcome, path, and what is missing."""
        met, rules = self.met(), self.rules
        both = met["conditions"] and met["drugs"]
        criteria, floor_criteria = both and met["cost"], both and met["cms_cost"] and rules.cms_floor
        printed, floor = self.at_risk and rules.prints_at_risk, self.at_risk and rules.cms_at_risk and rules.cms_floor
        if criteria or printed:
            ways = (criteria or floor_criteria, printed or floor)
            return "eligible", {(True, True): "both", (False, True): "at_risk"}.get(ways, "conditions_drugs_cost"), []
        if floor_criteria or floor:
            return "eligible", "floor", []
        missing = [] if has_claims else ["claims"]
        if self.could_be(met):
            return "insufficient_data", "none", missing + self.lacking(met)
        return ("not_eligible" if has_claims else "insufficient_data"), "none", missing

    def lacking(self, met: Mapping[str, bool]) -> list[str]:
        """What is not known, of what could make the member eligible."""
        unknown = set() if met["drugs"] else {what for drug in self.drugs for what in drug.unknown}
        if not met["conditions"] and self.reference.has_diagnoses:
            unknown.add("drugs")
        missing = ["diagnoses"] * (not met["conditions"] and not self.reference.has_diagnoses)
        if not self.reference.has_fills:
            return missing + ["fills"] * (not met["drugs"])
        return missing + [what for what in ("drugs", "supply") if what in unknown]

    def conditions_could_be(self) -> bool:
        by_fills = self.rules.drug_proxies and not self.reference.has_fills
        possible = self.conditions + self.possible_conditions
        return possible >= self.rules.minimum_conditions or not self.reference.has_diagnoses or by_fills

    def could_be(self, met: Mapping[str, bool]) -> bool:
        """Whether what is not known could make the member eligible."""
        possible = sum(drug.counts is not False for drug in self.drugs)
        no_fills = not self.reference.has_fills
        return (
            self.conditions_could_be()
            and (possible >= self.rules.minimum_drugs or no_fills)
            and (met["cost"] or (met["cms_cost"] and self.rules.cms_floor) or no_fills)
        )

    def cms_reason(self) -> str:
        met = self.met()
        if self.verdict(True)[0] != "eligible":
            return ""
        criteria = met["conditions"] and met["drugs"] and met["cms_cost"]
        at_risk = self.at_risk and self.rules.cms_at_risk
        return {(True, True): "03", (True, False): "01", (False, True): "02"}.get((criteria, at_risk), "04")


def within(fills: Iterable[Filled], after: date, until: date) -> list[Filled]:
    return [fill for fill in fills if after < fill.day <= until]


def condition(label: str, one: Listed, history: History, rules: Rules, as_of: date, reference: Reference) -> Condition:
    """The best source there is for the condition, with the claims that say so, or with those that are too few."""
    after = as_of - timedelta(days=rules.condition_days)
    prefixes = [prefix for code in one.codes for prefix in reference.prefixes.get(code, [])]
    seen = [d for d in history.diagnoses if after < d.day <= as_of and means(d, prefixes)]
    found = Condition(label, one.core or label, "", one.visits, one.with_listed or label, seen)
    if any(d.inpatient for d in seen) or len({d.day for d in seen}) >= one.visits:
        found.source = "diagnoses"
    elif "ESRD" in one.codes and renal_in_time(history, rules, as_of):
        found.source = "enrollment file"
    elif rules.drug_proxies and (fills := proxy_fills(one, history, as_of, reference)):
        found.source, found.fills = "drugs", fills
    return found


def once(conditions: list[Condition]) -> list[Condition]:
    """Without what completes a core disease of which a part that is on the list is met."""
    named = {one.counts_as for one in conditions if one.source and one.label == one.listed_as}
    return [one for one in conditions if not one.source or one.label == one.listed_as or one.counts_as not in named]


def kind_of(one: Condition, rules: Rules) -> str:
    return one.counts_as if rules.counting == "core" else one.listed_as


def possible_conditions(
    conditions: list[Condition], met: set[str], history: History, rules: Rules, as_of: date, reference: Reference
) -> int:
    """How many more conditions drugs that nobody knows could stand for: each of them for one."""
    if not rules.drug_proxies:
        return 0
    recent = within(history.fills, fills_after(rules, as_of), as_of)
    products = {fill.ndc[:9] for fill in recent if reference.drugs[fill.ndc].unmapped}
    open_kinds = {
        kind_of(one, rules)
        for one in conditions
        if proxy_fills(rules.conditions[one.label], history, as_of, reference, unmapped=True)
    }
    return min(len(open_kinds - met), len(products))


def renal_in_time(history: History, rules: Rules, as_of: date) -> list[Days]:
    first = as_of - timedelta(days=rules.condition_days - 1)
    return [days for days in history.renal if days.touches(first, as_of)]


def means(diagnosis: Diagnosed, prefixes: Iterable[tuple[str, str]]) -> bool:
    return any(diagnosis.system == system and diagnosis.code.startswith(prefix) for system, prefix in prefixes)


def proxy_fills(
    one: Listed, history: History, as_of: date, reference: Reference, *, unmapped: bool = False
) -> list[Filled]:
    """The fills of drugs that are given for this condition only, if there are enough; or with those of unknown drugs."""
    for ingredients, needed, days in (proxy for code in one.codes for proxy in reference.proxies.get(code, [])):
        recent = within(history.fills, as_of - timedelta(days=days), as_of)
        known = [(fill, reference.drugs[fill.ndc]) for fill in recent]
        fills = [f for f, drug in known if ingredients & set(drug.ingredients) or (unmapped and drug.unmapped)]
        if len({fill.claim for fill in fills}) >= needed:
            return fills
    return []


def fills_by_time(history: History, as_of: date) -> dict[str, list[Filled]]:
    """The fills of the calendar year to date, of twelve months, and of three."""
    starts = {
        "to_date": date(as_of.year, 1, 1) - timedelta(days=1),
        "rolling": months_before(as_of, 12),
        "quarter": months_before(as_of, 3),
    }
    return {name: within(history.fills, after, as_of) for name, after in starts.items()}


def costs_of(fills: Mapping[str, list[Filled]]) -> tuple[Decimal, Decimal, Decimal]:
    """Gross covered cost of each time."""
    year, rolling, quarter = (
        sum((fill.cost for fill in fills[name]), Decimal(0)) for name in ("to_date", "rolling", "quarter")
    )
    return year, rolling, quarter


def yearly_cost(history: History, rules: Rules, as_of: date, costs: tuple[Decimal, Decimal, Decimal]) -> Fraction:
    to_date, rolling, quarter = map(Fraction, costs)
    if rules.cost_method == "annualised":
        year = date(as_of.year, 1, 1)
        spans = [days.first or year for days in history.covered if days.touches(year, as_of)]
        days = (as_of - max(min(spans, default=year), year)).days + 1
        return to_date * (date(as_of.year + 1, 1, 1) - year).days / max(days, FEWEST_DAYS)
    return {"to_date": to_date, "rolling": rolling, "quarter": 4 * quarter}.get(
        rules.cost_method, max(to_date, 4 * quarter)
    )


def fills_after(rules: Rules, as_of: date) -> date:
    """The last day before the time of which fills are looked at."""
    return min(as_of - timedelta(days=max(rules.drug_days, LONGEST_PROXY)), months_before(as_of, 12))


def has_claims(history: History, rules: Rules, as_of: date) -> bool:
    """Whether any claim falls into the time that is looked at."""
    after = as_of - timedelta(days=rules.condition_days)
    fills = within(history.fills, fills_after(rules, as_of), as_of)
    return bool(fills) or any(after < d.day <= as_of for d in history.diagnoses)
