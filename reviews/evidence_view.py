"""An alert's evidence as a picture and a table: the fills it rests on over time, and what was measured."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from members.models import Pharmacy, Prescriber
from mtm.lib.ui import short_date
from reviews.explain import in_words
from reviews.grammar import Operator, Unit
from reviews.models import Alert
from reviews.rules import Rule

SHOWN_DAYS = 365


def evidence_of(alert: Alert) -> dict[str, Any]:
    """`fills` for the table, `rows` and `months` for the timeline, `measured` and `states` for the numbers."""
    fills = alert.evidence.get("fills", [])
    first = start_of(fills, alert.run.as_of)
    return {
        "fills": with_names(fills),
        "measured": [reading(item) for item in alert.evidence.get("measured", [])],
        "states": [(state["words"], state["holds"]) for state in alert.evidence.get("states", {}).values()],
        "span": f"Fills the alert rests on, {short_date(first)} to {short_date(alert.run.as_of)}",
        "rows": rows(fills, first, alert.run.as_of),
        "months": months(first, alert.run.as_of),
    }


def with_names(fills: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest fill first, with its day as a date and who prescribed and dispensed it, by name where that is known."""
    prescribers = names_of(Prescriber, {fill["prescriber"] for fill in fills})
    pharmacies = names_of(Pharmacy, {fill["pharmacy"] for fill in fills})
    return [
        fill
        | {
            "filled_on": date.fromisoformat(fill["filled_on"]),
            "prescriber_name": prescribers.get(fill["prescriber"], ""),
            "pharmacy_name": pharmacies.get(fill["pharmacy"], ""),
        }
        for fill in reversed(fills)
    ]


def names_of(model: type[Prescriber] | type[Pharmacy], numbers: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(npi__in=numbers).values_list("npi", "name"))


def reading(item: dict[str, Any]) -> dict[str, Any]:
    """One measured number beside the test it was held against, both with their unit."""
    unit = Unit(item["unit"])
    return {
        "words": item["words"].replace("that drug", item.get("drug", "that drug")),
        "value": "not known" if item["value"] is None else unit.amount(item["value"]),
        "test": f"{Operator(item['operator']).words} {unit.amount(item['threshold'])}",
        "met": item["met"],
        "reached": date.fromisoformat(item["reached_on"]) if "reached_on" in item else None,
    }


def start_of(fills: list[dict[str, Any]], end: date) -> date:
    """The first day drawn: a little before the first fill, but at most a year and not less than 60 days."""
    days = [date.fromisoformat(fill["filled_on"]) for fill in fills]
    earliest = min(days, default=end) - timedelta(days=7)
    return max(end - timedelta(days=SHOWN_DAYS), min(earliest, end - timedelta(days=60)))


def rows(fills: list[dict[str, Any]], first: date, end: date) -> list[dict[str, Any]]:
    """A row a drug, a bar a fill."""
    by_drug: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fill in fills:
        if bar := bar_of(fill, first, end):
            by_drug[fill["drug"]].append(bar)
    return [{"label": drug, "bars": bars} for drug, bars in by_drug.items()]


def bar_of(fill: dict[str, Any], first: date, end: date) -> dict[str, Any] | None:
    span = (end - first).days + 1
    start = date.fromisoformat(fill["filled_on"])
    days = fill["days_supply"]
    left, right = max((start - first).days, 0), min((start - first).days + (days or 1), span)
    if right <= 0 or left >= span:
        return None
    supply = "days' supply not given" if days is None else f"{days} days"
    title = f"{fill['drug']}, filled {start:%b} {start.day}, {start.year}, {supply}"
    return {"start_pct": 100 * left / span, "width_pct": 100 * (right - left) / span, "title": title}


def months(first: date, end: date) -> list[dict[str, Any]]:
    """Where each month starts, every other one over a long time; the years are told beside the picture."""
    span = (end - first).days + 1
    step = 1 if span <= 190 else 2
    starts, day = [], date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    while day <= end:
        starts.append(day)
        day = date(day.year + (day.month == 12), day.month % 12 + 1, 1)
    return [{"label": f"{m:%b}", "start_pct": 100 * (m - first).days / span} for m in starts[::step]]


def sentences(rule: Rule) -> list[str]:
    """The rule in words, one sentence to a line."""
    return [f"{sentence}." for sentence in in_words(rule).removesuffix(".").split(". ")]
