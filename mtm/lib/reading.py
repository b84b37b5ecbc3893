"""How hard a text is to read: the Flesch-Kincaid grade, computed here so that it never needs a download."""

import re
from collections.abc import Collection

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^dtaeiouy]ed|[^laeiouy]e)$")  # makes, walked, bone; but table, wanted


def grade(text: str, names: Collection[str] = ()) -> float:
    """The US school grade of a text. Drug names (`names` and {placeholders}) count as one short word."""
    plain = _PLACEHOLDER.sub("it", text)
    for name in names:
        plain = re.sub(re.escape(name), "it", plain, flags=re.IGNORECASE)
    words = re.findall(r"[A-Za-z0-9]+(?:'[a-z]+)?", plain)
    sentences = len(re.findall(r"[.!?]+(?:\s|$)", plain)) or 1
    if not words:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Syllables of an English word by its vowel groups, a silent last e not counted; a number is one."""
    lower = word.lower()
    groups = len(_VOWELS.findall(lower))
    if groups > 1 and _SILENT.search(lower):
        groups -= 1
    return max(groups, 1)
