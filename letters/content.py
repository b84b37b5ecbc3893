"""From the rows of a review or an enrollment to the document that is printed."""

from collections.abc import Callable
from datetime import date

from accounts.models import Plan
from eligibility.models import Enrollment
from eligibility.reasons import rule_in_words, values_of
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

# The names the plans' own pages use for the two documents that CMS calls To-Do List and Medication List.
NAMES = PageNames(action_plan="Medication Action Plan", medication_list="Personal Medication List")
Document = ActionPlan | CoverLetter | MedicationList | WelcomeLetter


def document_of(letter: Letter, *, prepared_on: date) -> Document:
    """The content of a letter as it stands on a day."""
    if letter.enrollment is not None:
        return welcome(letter.enrollment, prepared_on)
    if letter.cmr is None:
        raise ValueError("a letter is about an enrollment or a review")
    return BUILDERS[Letter.Kind(letter.kind)](letter.cmr, prepared_on)


def cover_letter(review: Cmr, prepared_on: date) -> CoverLetter:
    return CoverLetter(
        letterhead=letterhead(review.plan),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        reviewed_on=review.completed_on or prepared_on,
        pharmacist=review.pharmacist.full_name,
        credential=review.pharmacist.credential,
        names=NAMES,
    )


def action_plan(review: Cmr, prepared_on: date) -> ActionPlan:
    return ActionPlan(
        letterhead=letterhead(review.plan),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        topics=tuple(Topic(item.talked_about, (item.to_do,)) for item in review.actions.all()),
        names=NAMES,
    )


def medication_list(review: Cmr, prepared_on: date) -> MedicationList:
    return MedicationList(
        letterhead=letterhead(review.plan),
        recipient=recipient(review.member),
        prepared_on=prepared_on,
        medications=tuple(line(item) for item in review.medications.all() if item.is_on_list),
        allergies=review.allergies,
        side_effects=review.side_effects,
        other=review.other_information,
        names=NAMES,
    )


def line(item: ListedMedication) -> Medication:
    return Medication(name=item.name, how=item.how_taken, why=item.why, prescriber=item.prescriber)


def welcome(enrollment: Enrollment, prepared_on: date) -> WelcomeLetter:
    return WelcomeLetter(
        letterhead=letterhead(enrollment.plan),
        recipient=recipient(enrollment.member),
        prepared_on=prepared_on,
        reasons=reasons(enrollment),
        signer="Your pharmacy team",
        names=NAMES,
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


def letterhead(plan: Plan) -> Letterhead:
    return Letterhead(plan_name=plan.name, phone=plan.phone, hours=plan.hours, tty=plan.tty)


def recipient(member: Member) -> Recipient:
    town = f"{member.city}, {member.state} {member.postal_code}".strip(" ,")
    lines = tuple(part for part in (member.address, town) if part)
    return Recipient(name=member.name, address=lines, birth_date=member.birth_date)


BUILDERS: dict[Letter.Kind, Callable[[Cmr, date], Document]] = {
    Letter.Kind.COVER: cover_letter,
    Letter.Kind.ACTION_PLAN: action_plan,
    Letter.Kind.MEDICATION_LIST: medication_list,
}
