"""What people typed, made printable: nothing hidden, nothing our fonts cannot draw."""

import unicodedata
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = tuple(f"public-sans-{script}-400-normal.woff2" for script in ("latin", "latin-ext", "vietnamese"))
# Marks of control, of direction and of no meaning; they could hide or reverse what a letter says.
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
SAME = str.maketrans({"‑": "-", " ": " ", "≤": "<=", "≥": ">=", "→": "to", "\t": " ", "\r": None})
MISSING = "?"


def printable(value: Any) -> Any:
    """The same document with every text in it made printable, however deep."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, tuple):
        return tuple(printable(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: printable(getattr(value, field.name)) for field in fields(value)})
    return value


def printable_text(text: str) -> str:
    return "".join(char if _drawable(char) else _closest(char) for char in _normal(text))


def missing_characters(text: str) -> set[str]:
    """What a letter prints as its plain letter or as "?"; staff are told before they approve it."""
    return {char for char in _normal(text) if not _drawable(char)}


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(SAME)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in HIDDEN)


def _closest(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)
    return "".join(part for part in plain if _drawable(part)) or MISSING


def _drawable(char: str) -> bool:
    return char == "\n" or ord(char) in _coverage()


@cache
def _coverage() -> frozenset[int]:
    folder = settings.BASE_DIR / "static" / "fonts"
    return frozenset().union(*(TTFont(folder / name).getBestCmap() for name in FONTS))
