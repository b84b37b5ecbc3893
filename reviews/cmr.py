"""The comprehensive medication review: started with the medicines claims know, reconciled, and finished with a plan."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from eligibility.models import Enrollment
from members.models import Member, Prescriber
from mtm.lib import sql
from mtm.lib.dates import summary_due
from mtm.lib.transitions import TransitionNotAllowed, move
from reviews.models import (
    ActionItem,
    Alert,
    Appointment,
    AppointmentTransition,
    Cmr,
    CmrTransition,
    ListedMedication,
)

LOOK_BACK = timedelta(days=120)
Status = Cmr.Status


class CmrProblem(Exception):
    """Why a review cannot go on, in words for the pharmacist."""


@transaction.atomic
def start(*, member: Member, on: date, by: User, method: str = Cmr.Method.TELEPHONE) -> Cmr:
    """Begin a review with the medicines filled in the last 120 days; one at a time for a member."""
    enrollment = Enrollment.objects.active(member.plan).filter(member=member).order_by("-plan_year").first()
    if enrollment is None:
        raise CmrProblem("This member does not take part in the program now, so no review can be started.")
    review = begin(enrollment, by, method)
    list_medications(review, on)
    CmrTransition.objects.create(subject=review, plan=review.plan, from_status="", to_status=Status.IN_PROGRESS, by=by)
    audit.record(audit.Kind.CMR_STARTED, by=by, plan=review.plan, subject=review)
    return review


def begin(enrollment: Enrollment, by: User, method: str) -> Cmr:
    booked = Appointment.objects.filter(
        Q(member=enrollment.member) | Q(member__merged_into=enrollment.member), status=Appointment.Status.BOOKED
    ).first()
    try:
        with transaction.atomic():
            return Cmr.objects.create(
                plan=enrollment.plan,
                member=enrollment.member,
                enrollment=enrollment,
                appointment=booked,
                pharmacist=by,
                method=Cmr.Method(method),
            )
    except IntegrityError:
        raise CmrProblem("A review of this member is already in progress.") from None


def list_medications(review: Cmr, on: date) -> None:
    values: dict[str, Any] = {"member": review.member_id, "since": on - LOOK_BACK, "on": on}
    known = sql.rows("reviews", "medicines_of_member", **values)
    names = dict(Prescriber.objects.filter(npi__in={row["prescriber"] for row in known}).values_list("npi", "name"))
    ListedMedication.objects.bulk_create(
        ListedMedication(
            plan=review.plan,
            cmr=review,
            name=row["name"],
            prescriber=names.get(row["prescriber"], ""),
            last_filled_on=row["last_filled_on"],
            from_claims=True,
        )
        for row in known
    )


@transaction.atomic
def note(*, review: Cmr, by: User, **fields: str) -> Cmr:
    """Write allergies, side effects or other information."""
    still_open(review)
    for name, value in fields.items():
        setattr(review, name, value)
    review.save(update_fields=list(fields))
    changed(review, by, {"fields": sorted(fields)})
    return review


@transaction.atomic
def reconcile(*, medication: ListedMedication, by: User, **fields: Any) -> ListedMedication:
    """Write what the member said of one medicine: whether and how they take it, and why."""
    still_open(medication.cmr)
    for name, value in fields.items():
        setattr(medication, name, value)
    medication.save(update_fields=list(fields))
    changed(medication.cmr, by, {"medication": medication.pk})
    return medication


@transaction.atomic
def add_medication(*, review: Cmr, name: str, by: User, **fields: Any) -> ListedMedication:
    """Add a medicine the member named that claims do not show."""
    still_open(review)
    if review.medications.filter(name__iexact=name).exists():
        raise CmrProblem(f"{name} is already on the list.")
    fields.setdefault("decision", ListedMedication.Decision.TAKING)
    added = ListedMedication.objects.create(plan=review.plan, cmr=review, name=name, **fields)
    changed(review, by, {"medication": added.pk})
    return added


@transaction.atomic
def add_action(*, review: Cmr, talked_about: str, to_do: str, alert: Alert | None = None, by: User) -> ActionItem:
    still_open(review)
    item = ActionItem.objects.create(plan=review.plan, cmr=review, talked_about=talked_about, to_do=to_do, alert=alert)
    changed(review, by, {"action": item.pk})
    return item


@transaction.atomic
def remove_action(*, item: ActionItem, by: User) -> None:
    still_open(item.cmr)
    changed(item.cmr, by, {"removed_action": item.pk})
    item.delete()


@transaction.atomic
def complete(*, review: Cmr, on: date, by: User) -> Cmr:
    """Finish the review; its letters are due 14 days later."""
    still_open(review)
    if missing := missing_of(review):
        raise CmrProblem(" ".join(missing))
    move(
        review,
        to=Status.COMPLETED,
        allowed=Cmr.TRANSITIONS,
        log=CmrTransition,
        by=by,
        pharmacist=by,  # who completes a review answers for it and signs its letter, whoever began it
        completed_on=on,
        summary_due_on=summary_due(on),
    )
    complete_appointment(review, by)
    audit.record(audit.Kind.CMR_COMPLETED, by=by, plan=review.plan, subject=review)
    return review


def complete_appointment(review: Cmr, by: User) -> None:
    booked = review.appointment
    if booked and booked.status == Appointment.Status.BOOKED:
        move(
            booked,
            to=Appointment.Status.COMPLETED,
            allowed=Appointment.TRANSITIONS,
            log=AppointmentTransition,
            by=by,
        )


def missing_of(review: Cmr) -> list[str]:
    """What is still to be done before the review can be finished."""
    undecided = review.medications.filter(decision="").count()
    taken = [item for item in review.medications.exclude(decision="") if item.is_on_list]
    unsaid = sum(not (item.how_taken.strip() and item.why.strip()) for item in taken)
    found = []
    if undecided:
        found.append(f"Reconcile every medicine; {undecided} still to do.")
    if unsaid:
        found.append(f"Write how and why each medicine is taken; {unsaid} still to do.")
    if not review.allergies.strip():
        found.append("Write the member's allergies, or that there are none.")
    if not review.actions.exists():
        found.append("Write at least one action item.")
    return found


def still_open(review: Cmr) -> None:
    """Hold the review's row and refuse a change once it is finished."""
    held = Cmr.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if held.status != Status.IN_PROGRESS:
        raise TransitionNotAllowed(review, to="changed", found=held.status)
    if not Enrollment.objects.active(review.plan).filter(member=review.member_id).exists():
        raise TransitionNotAllowed(review, to="changed", found="a review of a member who has left the program")


def changed(review: Cmr, by: User, detail: dict[str, Any]) -> None:
    audit.record(audit.Kind.CMR_CHANGED, by=by, plan=review.plan, subject=review, detail=detail)
