"""A template that asks for what it was not given fails its test; a page that renders it quietly would hide the slip."""

import pytest
from django.template import engines


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
