from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone

from mtm.lib import gallery, ui
from mtm.lib.logging import request_id

TODAY = date(2026, 3, 12)


def page(template, url="/H0001/queue/", **context):
    return Template(template).render(Context({"request": RequestFactory().get(url), **context}))


@pytest.mark.parametrize(("level", "word"), [(1, "Urgent"), (2, "High"), (3, "Medium"), (4, "Low")])
def test_severity_is_a_word_and_not_only_a_colour(level, word):
    assert ui.severity(level) == f'<span class="chip chip-s{level}">{word}</span>'


def test_what_people_typed_is_escaped_in_a_chip():
    assert "&lt;b&gt;" in ui.chip("<b>", "good")
    assert "&lt;b&gt;" in ui.status("<b>")


@pytest.mark.parametrize(
    ("value", "shown"), [("resolved", "chip-good"), ("IN_PROGRESS", "chip-info"), ("unheard_of", "chip-plain")]
)
def test_a_state_has_its_tone_and_an_unknown_one_is_plain(value, shown):
    assert shown in ui.status(value)


@pytest.mark.parametrize(
    ("day", "words", "tone"),
    [
        (date(2026, 3, 9), "3 days late", "bad"),
        (date(2026, 3, 11), "1 day late", "bad"),
        (date(2026, 3, 12), "Today", "bad"),
        (date(2026, 3, 13), "Tomorrow", "bad"),
        (date(2026, 3, 19), "In 7 days", "warn"),
        (date(2026, 3, 20), "In 8 days", "plain"),
    ],
)
def test_a_deadline_is_counted_in_words(day, words, tone):
    badge = ui.days_until(day, TODAY)
    assert f">{words}<" in badge
    assert f"chip-{tone}" in badge


def test_an_error_page_names_the_request_that_failed():
    token = request_id.set("3f2a")
    try:
        assert "Reference for support: 3f2a" in get_template("500.html").render()
    finally:
        request_id.reset(token)


def test_no_deadline_shows_nothing():
    assert ui.days_until(None, TODAY) == ""


@pytest.mark.parametrize(
    ("amount", "shown"), [(Decimal("4935"), "$4,935.00"), ("-12.5", "−$12.50"), (None, ""), (0, "$0.00")]
)
def test_money_has_cents_and_commas(amount, shown):
    assert ui.money(amount) == shown


def test_a_share_is_rounded_and_an_unknown_one_is_a_dash():
    assert (ui.percent(0.753), ui.percent(Decimal("0.7535"), 1), ui.percent(None)) == ("75%", "75.4%", "–")


@pytest.mark.parametrize(("code", "shown"), [("es", "Spanish"), ("qq", "qq"), ("", "")])
def test_a_language_goes_by_its_name(code, shown):
    assert ui.language_name(code) == shown


def test_a_filter_link_keeps_the_other_filters_and_drops_the_cursor():
    html = page('{% query_link "High" severity=2 count=21 %}', "/q/?rule=gap&severity=1&after=abc")
    assert 'href="/q/?rule=gap&amp;severity=2"' in html
    assert "aria-current" not in html
    assert "21" in html


def test_the_filter_in_force_is_marked_and_can_be_taken_off():
    assert 'aria-current="true"' in page('{% query_link "High" severity=2 %}', "/q/?severity=2")
    assert 'href="/q/"' in page('{% query_link "All" severity=None %}', "/q/?severity=2")


def test_the_timeline_says_in_words_what_it_draws():
    html = page('{% fills_timeline fills months "Fills" %}', **gallery.context())
    assert html.count("<rect") == 6
    assert "Metformin 500 mg: Oct 1, 90 days; no supply for 36 days; Feb 3, 90 days" in html
    assert "style=" not in html


def test_dates_are_written_the_same_way_everywhere():
    assert (ui.short_date(TODAY), ui.long_date(TODAY), ui.short_date(None)) == ("Mar 12, 2026", "March 12, 2026", "")


def test_a_moment_is_of_the_day_that_the_readers_clock_shows():
    with timezone.override("America/New_York"):
        assert ui.short_date(datetime(2026, 11, 25, 3, tzinfo=UTC)) == "Nov 24, 2026"
