"""The evidence behind a finding: which fills, which days, which measured values beside which thresholds.

Collected by walking the rule's own expressions, so a new rule needs no evidence code. The result holds only what JSON
can: docs/rules.md describes it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from reviews import expressions as say
from reviews.answers import Answers, Value
from reviews.grammar import Called, Comparison, Condition, DayCount, Drugs, Number, Operator, Term, Unit, terms
from reviews.rules import Rule
from reviews.timeline import Fill, Timeline, nth_day, union

Json = dict[str, Any]
Reading = tuple[Term, Answers]


def gather(rule: Rule, answers: Answers) -> Json:
    """Everything a pharmacist needs to check a finding by hand."""
    fired = list(_readings(rule.fires, answers))
    applied = list(_readings(rule.applies, answers))
    used = [use for term, about in fired for use in _uses(term, about)]
    return {
        "as_of": answers.timeline.as_of.isoformat(),
        "fills": _fills(used),
        "covered": _covered(used, answers.timeline),
        "measured": [_measured(*reading) for reading in fired + applied if isinstance(reading[0], Comparison)],
        "states": {state.name: _state(state.condition, state.words, answers) for state in rule.states},
    }


def _readings(condition: Condition, answers: Answers) -> Iterator[Reading]:
    """Each expression with the reading it is asked of: the member, or inside SomeDrug each drug it holds for."""
    inside: set[int] = set()
    for term in terms(condition):
        if id(term) in inside:
            continue
        if isinstance(term, say.SomeDrug):
            inside |= {id(inner) for inner in terms(term.condition)}
            for about in answers.drugs_where(term.condition):
                yield from ((inner, about) for inner in terms(term.condition))
        yield term, answers


class _Use:
    """The fills one expression rests on, the part they play, and the days they count for."""

    def __init__(self, drugs: Drugs, fills: Iterable[Fill], mask: int = 0) -> None:
        self.drugs = drugs
        self.fills = tuple(fills)
        self.mask = mask


def _uses(term: Term, answers: Answers) -> Iterator[_Use]:
    match term:
        case DayCount(of, within):
            counted = answers.days(of) & answers.window(within)
            for part in terms(of):
                if isinstance(part, say.Covered):
                    yield _coverage_use(part, term, counted, answers)
        case say.FillDates(drugs, within, brand_only):
            yield _Use(drugs, [fill for fill in answers.fills(drugs, within) if fill.is_brand or not brand_only])
        case say.ProportionCovered(drugs):
            spans = answers.timeline.adherence_spans(drugs.value_set)
            yield _Use(drugs, answers.fills(drugs, say.MEASUREMENT_YEAR), union(spans))


def _coverage_use(part: say.Covered, term: DayCount, counted: int, answers: Answers) -> _Use:
    """The fills whose days are among those counted, and fills of the window that cannot be counted."""
    spans = [span for course in answers.courses(part.drugs) for span in course.spans(part.coverage)]
    used = [fill for span in spans if span.mask & counted for fill in span.fills]
    unusable = [fill for fill in answers.fills(part.drugs, term.within) if not fill.is_usable]
    return _Use(part.drugs, used + unusable, union(spans) & answers.window(term.within))


def _fills(used: list[_Use]) -> list[Json]:
    """Each fill once per role, oldest first."""
    found = {(use.drugs.role, fill.claim_id): fill for use in used for fill in use.fills}
    in_order = sorted(found.items(), key=lambda item: (item[1].filled_on, item[0]))
    return [_fill(role, fill) for (role, _), fill in in_order]


def _fill(role: str, fill: Fill) -> Json:
    return {
        "role": role,
        "claim_id": fill.claim_id,
        "drug": fill.drug,
        "ingredients": list(fill.ingredients),
        "filled_on": fill.filled_on.isoformat(),
        "days_supply": fill.days_supply,
        "prescriber": fill.prescriber,
        "pharmacy": fill.pharmacy,
        "flag": "" if fill.is_usable else "days supply outside 1-100: not counted as coverage",
    }


def _covered(used: list[_Use], timeline: Timeline) -> dict[str, list[list[str]]]:
    """Covered periods by role, first and last day included."""
    masks: dict[str, int] = {}
    for use in used:
        if use.mask:
            masks[use.drugs.role] = masks.get(use.drugs.role, 0) | use.mask
    return {role: _periods(mask, timeline) for role, mask in masks.items()}


def _periods(mask: int, timeline: Timeline) -> list[list[str]]:
    return [[first.isoformat(), last.isoformat()] for first, last in timeline.periods(mask)]


def _measured(term: Term, answers: Answers) -> Json:
    """One value beside its threshold."""
    assert isinstance(term, Comparison)
    number = term.number.number if isinstance(term.number, Called) else term.number
    value = answers.number(number)
    return {
        "name": term.number.name if isinstance(term.number, Called) else "",
        "words": number.words(),
        "value": _plain(value),
        "unit": number.unit.value,
        "operator": term.operator.value,
        "threshold": term.threshold,
        "met": answers.holds(term),
        **({"drug": answers.drug.name} if answers.drug else {}),
        **_days_counted(number, term, value, answers),
    }


def _plain(value: Value) -> int | float | None:
    """A percentage to two decimals, never rounded up to its threshold."""
    return value if value is None or isinstance(value, int) else int(value * 100) / 100


def _days_counted(number: Number, term: Comparison, value: Value, answers: Answers) -> Json:
    """For a count of days, which days, and the day the count reached a lower limit."""
    if not isinstance(number, DayCount) or not isinstance(value, int) or not value:
        return {}
    mask = answers.days(number.of) & answers.window(number.within)
    counted: Json = {"periods": _periods(mask, answers.timeline)}
    if term.operator is Operator.AT_LEAST and 0 < term.threshold <= value:
        counted["reached_on"] = answers.timeline.date_of(nth_day(mask, term.threshold)).isoformat()
    return counted


def _state(condition: Condition, words: str, answers: Answers) -> Json:
    comparisons = [reading for reading in _readings(condition, answers) if isinstance(reading[0], Comparison)]
    measured = [_measured(*reading) for reading in comparisons]
    return {"holds": answers.holds(condition), "words": words, "measured": measured}


def text_values(evidence: Json) -> dict[str, str]:
    """What a rule's texts may name: roles, their prescribers and last fill date, called numbers, days reached."""
    values = {"as_of": _day(evidence["as_of"])}
    for role in {fill["role"]: None for fill in evidence["fills"]}:
        fills = [fill for fill in evidence["fills"] if fill["role"] == role]
        values[role] = _listed(_labels(fills))
        values[f"{role}_prescribers"] = _listed(fill["prescriber"] for fill in fills)
        values[f"{role}_last"] = _day(fills[-1]["filled_on"])
        values[f"{role}_last_days"] = str(fills[-1]["days_supply"])
    for measured in evidence["measured"]:
        values[f"{measured['name']}_reached"] = _day(measured.get("reached_on"))
    named = [measured for measured in evidence["measured"] if measured["name"]]
    for name in {measured["name"]: None for measured in named}:
        values[name] = _listed(_amount(measured) for measured in named if measured["name"] == name)
    return values


def _day(iso: str | None) -> str:
    """Aug 26, 2026."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day:%b} {day.day}, {day.year}"


def _labels(fills: list[Json]) -> list[str]:
    """The newest label of each drug, drugs in the order of their ingredients."""
    newest = {tuple(sorted(fill["ingredients"])): fill["drug"] for fill in fills}
    return [newest[names] for names in sorted(newest)]


def _listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`, each name once."""
    *others, final = dict.fromkeys(names)
    return f"{', '.join(others)} and {final}" if others else final


def _amount(measured: Json) -> str:
    if measured["unit"] == Unit.CENTS:
        return Unit.CENTS.amount(measured["value"])
    return str(measured["value"])
