from dataclasses import replace
from datetime import date

import pytest

from letters.documents import CURRENT, PageNames, SafeDisposal
from letters.documents.text import missing_characters, printable, printable_text
from mtm.lib.reading import grade
from tests.letters import samples


def fixed_text(document):
    """What the letter itself says, without what people typed into it."""
    lines = [*document.opening, getattr(document, "closing", "")]
    for section in getattr(document, "sections", ()):
        # A heading is a sentence to its reader.
        lines += [f"{section.heading.rstrip('?')}.", *section.paragraphs, *section.bullets]
    return " ".join(lines)


def test_equal_content_is_an_equal_letter():
    assert samples.packet() == samples.packet()
    assert samples.cover() != replace(samples.cover(), pharmacist="Someone Else")


def test_the_cover_letter_says_when_what_and_whom_to_call():
    letter = samples.cover()
    assert letter.greeting == "Dear Rosa Delgado-Whitfield:"
    assert "March 10, 2026" in letter.opening[0]
    assert [section.heading for section in letter.sections] == [
        "What is in this packet",
        "How to use these pages",
        "Questions, or something is wrong?",
    ]
    assert letter.sections[2].paragraphs == (
        "Call 1-800-555-0142 (TTY: 711). Hours: Monday to Friday, 8 a.m. to 8 p.m. We will fix it and mail you new pages.",
    )
    assert letter.signature == ("Sincerely,", "Priya Raman, PharmD", "Harbor Advantage (HMO)")


def test_a_representative_is_addressed_and_named_under_the_member():
    recipient = replace(samples.ROSA, in_care_of="Luis Delgado")
    assert recipient.address_lines[:2] == ("Rosa Delgado-Whitfield", "In care of Luis Delgado")
    assert replace(samples.cover(), recipient=recipient).greeting == "Dear Luis Delgado:"


def test_pages_carry_the_names_of_the_plan_year():
    names = PageNames(action_plan="Medication Action Plan", medication_list="Personal Medication List")
    assert samples.action_plan(names=names).title == "Medication Action Plan"
    assert samples.medication_list(names=names).title == "Personal Medication List"
    assert "Medication Action Plan" in samples.cover(names=names).sections[0].bullets[0]


def test_an_allergy_line_is_never_blank_on_a_list_with_a_name():
    boxes = dict(samples.medication_list(allergies="").boxes)
    assert boxes["Allergies"] == "No allergies that I know of."


def test_side_effects_nobody_asked_about_are_left_to_write_down():
    assert dict(samples.medication_list(side_effects="").boxes)["Side effects I have had"] == ""
    assert dict(samples.medication_list(side_effects="Cough").boxes)["Side effects I have had"] == "Cough"


def test_safe_disposal_needs_two_sites():
    with pytest.raises(ValueError, match="two or more"):
        SafeDisposal(("Only one",))


def test_an_unverified_revision_says_so_to_staff():
    assert not CURRENT.verified
    assert "unverified" in CURRENT.preview_note
    assert replace(CURRENT, verified=True).preview_note == "Template revision 2024."
    assert CURRENT.expired(date(2027, 8, 1))
    assert not CURRENT.expired(date(2027, 7, 31))


@pytest.mark.parametrize("make", [samples.cover, samples.action_plan, samples.medication_list, samples.welcome])
def test_members_are_written_to_at_grade_six_or_below(make):
    assert grade(fixed_text(make())) <= 6


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("abc\u202ecod", "abccod"),  # would read backwards
        ("take\u200b 1\x00", "take 1"),
        ("pill \U0001f48a", "pill ?"),
        ("Nguyễn Núñez Łódź", "Nguyễn Núñez Łódź"),
        ("\u01c4ura", "DZura"),  # a letter our fonts lack: its plain form
        ("1\u20112", "1-2"),
        ("LDL \u2264 70", "LDL <= 70"),
        ("one\r\ntwo", "one\ntwo"),
    ],
)
def test_typed_text_is_made_printable(typed, printed):
    assert printable_text(typed) == printed


def test_staff_are_told_which_characters_a_letter_cannot_print():
    assert missing_characters("王 Li \U0001f48a") == {"王", "\U0001f48a"}


def test_every_text_of_a_document_is_made_printable():
    topics = samples.action_plan().topics
    dirty = replace(samples.action_plan(), topics=(replace(topics[0], steps=("Stop\u202e it",)),))
    assert printable(dirty).topics[0].steps == ("Stop it",)
