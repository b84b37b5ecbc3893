"""What members read about the program, in their language. The texts are in words.yaml, English and Spanish side by side."""

from collections.abc import Iterable
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

ENGLISH, SPANISH = "en", "es"
LANGUAGES = (ENGLISH, SPANISH)
MONTHS_ES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)


@cache
def texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(files("eligibility").joinpath("words.yaml").read_text("utf-8"))
    return loaded


@cache
def spanish_conditions() -> dict[str, str]:
    """The name of each coded condition, by its code."""
    loaded: dict[str, str] = yaml.safe_load(files("eligibility").joinpath("conditions_es.yaml").read_text("utf-8"))
    return loaded


def say(key: str, language: str = ENGLISH, **names: Any) -> str:
    return texts()[key][language].format(**names)


def day_in_words(day: date, language: str) -> str:
    """January 1, 2023; 1 de enero de 2023."""
    if language == SPANISH:
        return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"
    return f"{day:%B} {day.day}, {day.year}"


def day_of_year(month: int, day: int, language: str) -> str:
    """April 1; 1 de abril."""
    return f"{day} de {MONTHS_ES[month - 1]}" if language == SPANISH else f"{date(2000, month, day):%B} {day}"


def clock_in_words(at: time, language: str) -> str:
    """8:00 a.m.; 8:00 a. m."""
    half = ("a.m.", "p.m.") if language == ENGLISH else ("a. m.", "p. m.")
    return f"{at.hour % 12 or 12}:{at.minute:02} {half[at.hour >= 12]}"


def joined(items: Iterable[str], language: str) -> str:
    """a, b or c."""
    *first, last = items
    before_o = last.startswith(("o", "ho")) and language == SPANISH
    word = "or" if language == ENGLISH else "u" if before_o else "o"
    return f"{', '.join(first)} {word} {last}" if first else last
