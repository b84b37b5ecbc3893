"""What Celery runs for letters."""

from celery import shared_task
from django.utils import timezone

from letters import actions


@shared_task(name="letters.queue_due_letters")
def queue_due_letters() -> None:
    actions.queue_due()
    actions.ring_queued()


@shared_task(name="letters.render_letter")
def render_letter(letter_id: int) -> None:
    actions.render(letter_id=letter_id, on=timezone.localdate())
