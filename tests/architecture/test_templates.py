"""A template that asks for what it was not given fails its test; a page that renders it quietly would hide the slip."""

import re
from pathlib import Path

import pytest
from django.template import engines

TEMPLATES = Path(__file__).parents[2] / "templates"
TITLE = re.compile(r"{% block (?:head_)?title %}(.*?){% endblock", re.DOTALL)
VARIABLE = re.compile(r"{{\s*([\w.]+)")
# What a title may say beside fixed words: none of it is about a person.
HARMLESS = {"criteria.plan_year", "letter.get_kind_display", "load.feed", "file.name", "page.title"}


def render(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


def test_an_unknown_variable_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"Undefined template variable 'member\.nmae'"):
        render("{{ member.nmae }}", member="Pearl")


def test_a_default_does_not_hide_an_unknown_variable() -> None:
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
        render("{{ nmae|default:'nobody' }}")


def test_known_variables_are_shown_even_when_they_are_empty() -> None:
    assert render("{{ name }}{% if unknown %}x{% endif %}", name="") == ""


def test_no_title_names_a_member() -> None:
    """Titles stay in the browser's history and stand on shared screens."""
    said = [title for path in TEMPLATES.rglob("*.html") for title in TITLE.findall(path.read_text())]
    assert "Member chart" in said
    assert {name for title in said for name in VARIABLE.findall(title)} == HARMLESS
