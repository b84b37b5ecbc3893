"""From the rows of a review or an enrollment to the document that is printed."""

from collections.abc import Callable
from datetime import date

from eligibility.criteria import in_force
from eligibility.models import Enrollment, PhoneLine, Program
from eligibility.program_page import line_in_words
from eligibility.reasons import rule_in_words, values_of
from eligibility.words import ENGLISH
from letters.documents import (
    ActionPlan,
    CoverLetter,
    Letterhead,
    Medication,
    MedicationList,
    PageNames,
    Recipient,
    Topic,
    WelcomeLetter,
)
from letters.models import Letter
from members.models import Member
from reviews.models import Cmr, ListedMedication

Document = ActionPlan | CoverLetter | MedicationList | WelcomeLetter


def document_of(letter: Letter, *, prepared_on: date) -> Document:
    """The content of a letter as it stands on a day."""
    if letter.enrollment is not None:
        return welcome(letter.enrollment, prepared_on)
    if letter.cmr is None:
        raise ValueError("a letter is about an enrollment or a review")
    return BUILDERS[Letter.Kind(letter.kind)](letter.cmr, prepared_on)


def program_of(enrollment: Enrollment, day: date) -> Program:
    """What the plan's page says on that day; of what decided the enrollment where nothing is in force."""
    return (in_force(enrollment.plan, day) or enrollment.determination.criteria).program


def cover_letter(review: Cmr, prepared_on: date) -> CoverLetter:
    program = program_of(review.enrollment, prepared_on)
    return CoverLetter(
        letterhead=letterhead(program),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        reviewed_on=review.completed_on or prepared_on,
        pharmacist=review.pharmacist.full_name,
        credential=review.pharmacist.credential,
        names=names(program),
    )


def action_plan(review: Cmr, prepared_on: date) -> ActionPlan:
    program = program_of(review.enrollment, prepared_on)
    return ActionPlan(
        letterhead=letterhead(program),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        topics=tuple(Topic(item.talked_about, (item.to_do,)) for item in review.actions.all()),
        names=names(program),
    )


def medication_list(review: Cmr, prepared_on: date) -> MedicationList:
    program = program_of(review.enrollment, prepared_on)
    return MedicationList(
        letterhead=letterhead(program),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        medications=tuple(line(item) for item in review.medications.all() if item.is_on_list),
        allergies=review.allergies,
        side_effects=review.side_effects,
        other=review.other_information,
        names=names(program),
    )


def line(item: ListedMedication) -> Medication:
    return Medication(name=item.name, how=item.how_taken, why=item.why, prescriber=item.prescriber)


def welcome(enrollment: Enrollment, prepared_on: date) -> WelcomeLetter:
    program = program_of(enrollment, prepared_on)
    return WelcomeLetter(
        letterhead=letterhead(program),
        recipient=recipient(enrollment.member),
        prepared_on=prepared_on,
        reasons=reasons(enrollment),
        signer="Your pharmacy team",
        names=names(program),
        program=program.name,
        minutes=program.slot_minutes,
        by_phone=program.by_phone,
    )


def reasons(enrollment: Enrollment) -> tuple[str, ...]:
    """Why the member was enrolled, from the criteria that decided it. That a member is at risk is never printed.

    Who is in by the CMS floor does not meet the printed words, and is not told that they do.
    """
    decision = enrollment.determination
    if decision.path in {decision.Path.AT_RISK, decision.Path.FLOOR}:
        return ("Your plan chose you for this extra help with your medicines.",)
    criteria = decision.criteria
    labels = list(criteria.conditions.values_list("label", flat=True))
    return tuple(rule_in_words(values_of(criteria), labels))


def names(program: Program) -> PageNames:
    """What the plan calls the two documents that CMS names To-Do List and Medication List."""
    return PageNames(action_plan=program.action_plan_label, medication_list=program.medication_list_label)


def letterhead(program: Program) -> Letterhead:
    """With the line for questions as the program's page gives it, else the plan's own."""
    plan = program.plan
    line = program.lines.filter(purpose=PhoneLine.Purpose.QUESTIONS).first()
    if line is None:
        return Letterhead(plan_name=plan.name, phone=plan.phone, hours=plan.hours, tty=plan.tty)
    told = line_in_words(line, ENGLISH)
    phone = told.number or "the number on your member ID card"
    return Letterhead(plan_name=plan.name, phone=phone, hours="; ".join(told.hours), tty=told.tty)


def recipient(member: Member) -> Recipient:
    town = f"{member.city}, {member.state} {member.postal_code}".strip(" ,")
    lines = tuple(part for part in (member.address, town) if part)
    return Recipient(name=member.name, address=lines, birth_date=member.birth_date)


BUILDERS: dict[Letter.Kind, Callable[[Cmr, date], Document]] = {
    Letter.Kind.COVER: cover_letter,
    Letter.Kind.ACTION_PLAN: action_plan,
    Letter.Kind.MEDICATION_LIST: medication_list,
}
