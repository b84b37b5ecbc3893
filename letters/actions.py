"""Letters that are owed are queued by looking at what happened, rendered once, and marked when they are mailed."""

from datetime import date

from celery import current_app
from django.db import transaction

from accounts import audit
from accounts.models import User
from eligibility.models import Enrollment
from letters.content import document_of
from letters.models import Letter, LetterTransition
from letters.render import document_hash, render_pdf
from mtm.lib import sql
from mtm.lib.transitions import TransitionNotAllowed, move
from reviews import cmr
from reviews.models import Cmr

Status = Letter.Status
BATCH = 50


@transaction.atomic
def queue_due() -> int:
    """Queue the letters that enrollments and completed reviews call for and that do not exist yet."""
    void_departed()
    return sql.run("letters", "queue_welcome") + sql.run("letters", "queue_of_cmr")


def void_departed() -> None:
    """Take welcome letters out that were not mailed before the member left; one who comes back gets a new one."""
    waiting = Letter.objects.filter(kind=Letter.Kind.WELCOME, status__in=Letter.WAITING)
    for letter in waiting.exclude(enrollment__status=Enrollment.Status.ENROLLED).select_related("plan").defer("pdf"):
        move(letter, to=Status.VOID, allowed=Letter.TRANSITIONS, log=LetterTransition, by=None)
        audit.record(audit.Kind.LETTER_VOIDED, by=None, plan=letter.plan, subject=letter)


@transaction.atomic
def complete_review(*, review: Cmr, on: date, by: User) -> Cmr:
    """Finish a review; its letters stand in the queue from the same moment."""
    cmr.complete(review=review, on=on, by=by)
    sql.run("letters", "queue_of_cmr")
    return review


def ring_queued() -> int:
    """Tell a worker of each letter that waits to be rendered."""
    waiting = list(Letter.objects.filter(status=Status.QUEUED).order_by("due_on").values_list("pk", flat=True)[:BATCH])
    for letter in waiting:
        current_app.send_task("letters.render_letter", args=[letter])
    return len(waiting)


@transaction.atomic
def render(*, letter_id: int, on: date, by: User | None = None) -> Letter | None:
    """Make the PDF of a queued letter; gives None when another worker has it or it is made already."""
    waiting = Letter.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=letter_id)
    letter = waiting.filter(status=Status.QUEUED).first()
    if letter is None:
        return None
    document = document_of(letter, prepared_on=on)
    pdf = render_pdf(document)
    revision = document.revision.code if document.revision else ""
    move(
        letter,
        to=Status.RENDERED,
        allowed=Letter.TRANSITIONS,
        log=LetterTransition,
        by=by,
        pdf=pdf,
        pdf_sha256=document_hash(pdf),
        template_revision=revision,
    )
    audit.record(audit.Kind.LETTER_RENDERED, by=by, plan=letter.plan, subject=letter)
    return letter


@transaction.atomic
def mark_mailed(*, letter: Letter, on: date, by: User) -> Letter:
    """Write the day the letter was sent; that day, not the day it was printed, is held against its due date."""
    if letter.enrollment is not None and letter.enrollment.status != letter.enrollment.Status.ENROLLED:
        raise TransitionNotAllowed(letter, to=Status.MAILED, found="a letter to a member who has left the program")
    move(letter, to=Status.MAILED, allowed=Letter.TRANSITIONS, log=LetterTransition, by=by, mailed_on=on)
    audit.record(audit.Kind.LETTER_MAILED, by=by, plan=letter.plan, subject=letter)
    return letter


@transaction.atomic
def void(*, letter: Letter, by: User) -> Letter:
    """Take a letter that has not been mailed out of the queue; a new one is queued in its place."""
    move(letter, to=Status.VOID, allowed=Letter.TRANSITIONS, log=LetterTransition, by=by)
    queue_due()
    audit.record(audit.Kind.LETTER_VOIDED, by=by, plan=letter.plan, subject=letter)
    return letter
