"""What Celery runs for enrollments."""

from celery import shared_task
from django.utils import timezone

from eligibility import enrollment


@shared_task(name="eligibility.end_past_years")
def end_past_years() -> None:
    enrollment.end_past_years(on=timezone.localdate())
