"""What Celery runs for eligibility and enrollments."""

from celery import shared_task
from django.utils import timezone

from eligibility import reconcile


@shared_task(name="eligibility.advance")
def advance() -> None:
    reconcile.advance(timezone.localdate())


@shared_task(name="eligibility.sound_alarm")
def sound_alarm() -> None:
    reconcile.sound_alarm(timezone.localdate())
