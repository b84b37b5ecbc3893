"""Member-facing text is measured by our own Flesch-Kincaid formula."""

import pytest

from mtm.lib.reading import grade, syllables


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("stop", 1),
        ("blood", 1),
        ("breathing", 2),
        ("doctor", 2),
        ("medicine", 3),
        ("take", 1),  # a silent e
        ("takes", 1),
        ("table", 2),  # -le is heard
        ("stopped", 1),  # a silent -ed
        ("wanted", 2),  # a heard -ed
        ("the", 1),
        ("you", 1),
        ("by", 1),
        ("80", 1),
    ],
)
def test_syllables_are_counted_by_vowel_groups(word, expected):
    assert syllables(word) == expected


def test_the_grade_follows_the_formula():
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)


def test_long_words_and_long_sentences_read_at_a_higher_grade():
    plain = "Do not stop on your own. Call us today."
    official = "Discontinuation without consultation of the responsible prescriber is contraindicated."
    assert grade(plain) < 6 < grade(official)


def test_drug_names_do_not_count():
    assert grade("Take {drug} with food.") == grade("Take it with food.")
    assert grade("Take Atorvastatin with food.", names=["atorvastatin"]) == grade("Take it with food.")


def test_a_text_without_a_full_stop_is_one_sentence():
    assert grade("Take it with food") == grade("Take it with food.")


def test_an_empty_text_has_no_grade():
    assert grade("") == 0
