"""What letters say is what the plan's rows say."""

from datetime import date

import pytest

from accounts.models import Plan, User
from eligibility import criteria
from eligibility.models import Determination, Enrollment
from eligibility.reasons import rule_in_words, values_of
from eligibility.rules import presets
from letters.content import welcome
from letters.documents import WelcomeLetter
from members.models import Member
from mtm.lib.reading import grade
from tests.making import enrolled

DAY = date(2026, 11, 20)


def letter_of(enrollment: Enrollment) -> WelcomeLetter:
    return welcome(enrollment, DAY)


def test_the_welcome_letter_gives_the_published_criteria_as_its_reasons(member: Member, pharmacist: User) -> None:
    enrollment = enrolled(member, pharmacist)
    reasons = letter_of(enrollment).reasons
    assert "Diabetes, COPD, Rheumatoid arthritis" in reasons[0]
    assert reasons[2] == "Your Part D drugs cost at least $1,276.00 a year."


def test_a_letter_never_says_that_a_member_is_at_risk(member: Member, pharmacist: User) -> None:
    enrollment = enrolled(member, pharmacist)
    Determination.objects.filter(pk=enrollment.determination_id).update(path="at_risk", at_risk=True)
    enrollment.refresh_from_db()
    said = " ".join(letter_of(enrollment).reasons).lower()
    assert "risk" not in said
    assert "pain" not in said


def test_letters_call_their_pages_and_give_the_phone_as_the_program_page_does(member: Member, pharmacist: User) -> None:
    enrollment = with_program("esi-2024", enrolled(member, pharmacist), pharmacist)
    program, letter = enrollment.determination.criteria.program, letter_of(enrollment)
    assert letter.names.action_plan == program.action_plan_label
    assert program.name in letter.opening[0]
    line = program.lines.get(purpose="questions")
    assert letter.letterhead.phone == line.number
    assert f"Call {line.number} (TTY: {line.tty}). Hours: " in letter.sections[2].paragraphs[0]


def test_where_the_number_is_on_the_card_letters_say_so(member: Member, pharmacist: User) -> None:
    enrollment = with_program("bcbsm-2023", enrolled(member, pharmacist), pharmacist)
    assert letter_of(enrollment).letterhead.contact.startswith("Call the number on your member ID card.")


def with_program(preset: str, enrollment: Enrollment, by: User) -> Enrollment:
    """Enrolled by criteria whose page says what that of a preset does; nothing else is in force."""
    draft = criteria.draft_from_preset(plan=enrollment.plan, preset=preset, plan_year=2025, by=by)
    enrollment.determination.criteria = draft
    enrollment.plan = Plan.objects.create(code="H0777", name="Another plan")
    return enrollment


@pytest.mark.parametrize("preset", presets())
def test_the_criteria_read_at_grade_six_or_below(plan: Plan, pharmacist: User, preset: str) -> None:
    draft = criteria.draft_from_preset(plan=plan, preset=preset, plan_year=2026, by=pharmacist)
    labels = list(draft.conditions.values_list("label", flat=True))
    words = " ".join(rule_in_words(values_of(draft), labels))
    assert grade(words, names=[part for label in labels for part in label.split()]) <= 6
