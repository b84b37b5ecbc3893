"""Template tags and filters of the design system, built into every template by the settings."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html

from mtm.lib.logging import request_id

register = template.Library()

SEVERITIES = {1: "Urgent", 2: "High", 3: "Medium", 4: "Low"}
TONES = {
    "good": {
        "active",
        "approved",
        "completed",
        "done",
        "enrolled",
        "mailed",
        "published",
        "resolved",
        "sent",
        "targeted",
    },
    "info": {"claimed", "in_progress", "open", "new", "running", "scheduled"},
    "warn": {"awaiting", "draft", "in_review", "late", "paused", "pending", "snoozed"},
    "bad": {"cancelled", "expired", "failed", "rejected", "returned"},
}
# Cursors of a page mean nothing once the filter changes.
CURSORS = ("after", "before", "page")


@register.simple_tag
def chip(label: object, tone: str = "plain") -> str:
    """A word on a coloured ground: tone is s1-s4, good, info, warn, bad or plain."""
    return format_html('<span class="chip chip-{}">{}</span>', tone, label)


@register.simple_tag
def severity(level: int | str) -> str:
    return chip(SEVERITIES[int(level)], f"s{int(level)}")


@register.simple_tag
def status(value: object, label: str = "") -> str:
    """The state of a record; an unknown state is shown plainly rather than refused."""
    key = str(value).lower()
    tone = next((tone for tone, values in TONES.items() if key in values), "plain")
    return chip(label or str(value).replace("_", " ").capitalize(), tone)


@register.simple_tag
def days_until(day: date | None, today: date) -> str:
    """How far off a deadline is, in words: amber inside a week, red inside two days or late."""
    if day is None:
        return ""
    left = (day - today).days
    return format_html(
        '<time class="chip chip-{}" datetime="{}">{}</time>', _urgency(left), day.isoformat(), _in_days(left)
    )


@register.simple_tag
def key(keys: str) -> str:
    """The visible hint of a shortcut beside the control that carries data-shortcut."""
    return format_html('<kbd class="key key-hint" aria-hidden="true">{}</kbd>', keys)


@register.simple_tag
def request_reference() -> str:
    """What a person on an error page can tell support; the log lines of the request carry it too."""
    return request_id.get()


@register.simple_tag(takes_context=True)
def query_link(context: Context, label: str, count: int | None = None, **params: object) -> str:
    """A filter as a link that keeps the other filters; a value of None takes the filter off."""
    request = context["request"]
    number = format_html(' <span class="filter-count">{}</span>', count) if count is not None else ""
    current = format_html(' aria-current="{}"', "true") if _is_on(request, params) else ""
    return format_html(
        '<a class="filter-link" href="{}"{}>{}{}</a>', query_url(context, **params), current, label, number
    )


@register.simple_tag(takes_context=True)
def query_url(context: Context, **params: object) -> str:
    """This page's address with some of its query changed and its cursor dropped."""
    request = context["request"]
    query = request.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    for name, value in params.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.inclusion_tag("components/fills_timeline.html")
def fills_timeline(rows: Sequence[Any], months: Sequence[Any] = (), caption: str = "Fills") -> dict[str, object]:
    """Bars of fills by drug.

    rows: {label, bars: [{start_pct, width_pct, title, kind?}]}, kind "gap" or "new"; months: {label, start_pct}.
    """
    return {"rows": rows, "months": months, "caption": caption}


@register.filter
def money(amount: Decimal | str | int | None) -> str:
    if amount is None or amount == "":
        return ""
    value = Decimal(amount)
    return f"{'−' if value < 0 else ''}${abs(value):,.2f}"


@register.filter
def percent(share: Decimal | float | None, places: int = 0) -> str:
    """0.753 reads 75%; a share that is not known reads as a dash."""
    return "–" if share is None else f"{100 * Decimal(share):.{int(places)}f}%"


@register.filter
def svg_pct(value: float) -> str:
    """A percentage for an SVG attribute, whatever the language's decimal mark."""
    return f"{float(value):.2f}%"


@register.filter
def short_date(day: date | None) -> str:
    """Mar 4, 2026; the same in every table. Of a moment, its day by the reader's clock."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return f"{day:%b} {day.day}, {day.year}" if day else ""


@register.filter
def long_date(day: date | None) -> str:
    """March 4, 2026; how letters write a date."""
    return f"{day:%B} {day.day}, {day.year}" if day else ""


@register.filter
def language_name(code: str) -> str:
    """es reads Spanish; a code that nobody knows stays as it is."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def _urgency(left: int) -> str:
    return "bad" if left <= 2 else "warn" if left <= 7 else "plain"


def _in_days(left: int) -> str:
    if left == 0:
        return "Today"
    if abs(left) == 1:
        return "Tomorrow" if left > 0 else "1 day late"
    return f"In {left} days" if left > 0 else f"{-left} days late"


def _is_on(request: HttpRequest, params: dict[str, object]) -> bool:
    return all(request.GET.get(name) == (None if value is None else str(value)) for name, value in params.items())
