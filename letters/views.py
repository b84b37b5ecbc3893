"""Letters: what is to be mailed, a preview of each, and the PDF."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import requires
from accounts.permissions import Permission
from letters import actions
from letters.content import document_of
from letters.models import Letter
from letters.render import ExpiredRevision, render_fragment, render_pdf
from mtm.lib.paging import keyset
from mtm.lib.web import back_to, one_of
from reviews.cmr import CmrProblem
from reviews.models import Cmr
from reviews.views.cmr import one_review, shown_again

ORDER = ("due_on", "pk")


@requires(Permission.LETTERS_READ)
def letters(request: Any) -> HttpResponse:
    """Letters of the plan by state, what is due first at the top."""
    status = one_of(request.GET.get("status"), Letter.Status.values) or Letter.Status.RENDERED
    kind = one_of(request.GET.get("kind"), Letter.Kind.values)
    found = Letter.objects.filter(plan=request.plan, status=status).not_stopped().defer("pdf").select_related("member")
    if kind:
        found = found.filter(kind=kind)
    page = keyset(found, by=ORDER, after=request.GET.get("after"))
    audit.record_listed((row.member_id for row in page.rows), by=request.user, plan=request.plan, where="letters")
    context = {
        "page": page,
        "status": status,
        "tabs": tabs(request, status, kind),
        "kinds": Letter.Kind.choices,
        "today": timezone.localdate(),
    }
    return render(request, "letters/letters.html", context)


def tabs(request: Any, status: str, kind: str) -> list[dict[str, Any]]:
    """One tab a state, with the number of letters it lists."""
    letters_of_plan = Letter.objects.filter(plan=request.plan, **({"kind": kind} if kind else {})).not_stopped()
    counts = dict(letters_of_plan.order_by().values_list("status").annotate(Count("pk")))
    return [
        {
            "label": label,
            "url": f"?{urlencode({'status': value} | ({'kind': kind} if kind else {}))}",
            "current": value == status,
            "count": counts.get(value, 0),
        }
        for value, label in Letter.Status.choices
    ]


def one_letter(request: Any, letter_id: str) -> Letter:
    found = Letter.objects.filter(plan=request.plan).select_related("member", "plan", "cmr", "enrollment")
    return get_object_or_404(found, public_id=letter_id)


@require_POST
@requires(Permission.CMR_COMPLETE)
def complete(request: Any, cmr_id: str) -> HttpResponse:
    """Finish a review and go on to its letters, which are queued in the same step."""
    review = one_review(request, cmr_id)
    try:
        actions.complete_review(review=review, on=timezone.localdate(), by=request.user)
    except CmrProblem as problem:
        messages.error(request, str(problem))
        return shown_again(request, review)
    return back_to(request, "packet", cmr_id=review.public_id)


@requires(Permission.LETTERS_READ)
def packet(request: Any, cmr_id: str) -> HttpResponse:
    """The three documents of a finished review."""
    review = get_object_or_404(
        Cmr.objects.filter(plan=request.plan, status=Cmr.Status.COMPLETED).select_related("member"), public_id=cmr_id
    )
    kept = review.letters.exclude(status=Letter.Status.VOID).defer("pdf")
    documents = sorted(kept, key=lambda letter: Letter.OF_A_CMR.index(letter.kind))
    audit.record(audit.Kind.MEMBER_READ, by=request.user, plan=request.plan, subject=review)
    context = {"review": review, "documents": documents, "today": timezone.localdate()}
    return render(request, "letters/packet.html", context)


@requires(Permission.LETTERS_READ)
def preview(request: Any, letter_id: str) -> HttpResponse:
    letter = one_letter(request, letter_id)
    document = document_of(letter, prepared_on=day_on(letter))
    audit.record(audit.Kind.LETTER_READ, by=request.user, plan=request.plan, subject=letter)
    context = {
        "letter": letter,
        "body": render_fragment(document),
        "revision": document.revision,
        "history": letter.transitions.select_related("by"),
        "today": timezone.localdate(),
    }
    return render(request, "letters/preview.html", context)


def day_on(letter: Letter) -> date:
    """The day printed on the letter: when its PDF was made, or today when it is still to be made."""
    made = letter.transitions.filter(to_status=Letter.Status.RENDERED).first()
    return timezone.localdate(made.at) if made else timezone.localdate()


@requires(Permission.LETTERS_READ)
def pdf(request: Any, letter_id: str) -> HttpResponse:
    """The letter as it is mailed; of one that no worker has made yet, what would be made today. Looking stores nothing."""
    letter = one_letter(request, letter_id)
    try:
        content = letter.pdf or (pdf_of_today(letter) if letter.status == Letter.Status.QUEUED else None)
    except ExpiredRevision as problem:
        return render(request, "letters/no_pdf.html", {"letter": letter, "problem": str(problem)}, status=409)
    if not content:
        return render(request, "letters/no_pdf.html", {"letter": letter, "problem": ""}, status=409)
    audit.record(audit.Kind.LETTER_READ, by=request.user, plan=request.plan, subject=letter, detail={"pdf": True})
    response = HttpResponse(bytes(content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{letter.kind.replace("_", "-")}-{letter.public_id}.pdf"'
    return response


def pdf_of_today(letter: Letter) -> bytes:
    return render_pdf(document_of(letter, prepared_on=timezone.localdate()))


@require_POST
@requires(Permission.LETTERS_RELEASE)
def mail(request: Any, letter_id: str) -> HttpResponse:
    actions.mark_mailed(letter=one_letter(request, letter_id), on=timezone.localdate(), by=request.user)
    messages.success(request, "Marked as mailed today.")
    return back_to(request, "letter", letter_id=letter_id)


@require_POST
@requires(Permission.LETTERS_RELEASE)
def void(request: Any, letter_id: str) -> HttpResponse:
    actions.void(letter=one_letter(request, letter_id), by=request.user)
    messages.success(request, "The letter is void. A new one is made in its place.")
    return back_to(request, "letters")
