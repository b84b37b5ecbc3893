"""What Celery runs: an id in, one action, safe to run twice."""

from celery import shared_task
from django.conf import settings

from claims import load_queue


@shared_task(name="claims.run_load", time_limit=settings.LOAD_SECONDS, soft_time_limit=settings.LOAD_SECONDS - 30)
def run_load(load_id: int) -> None:
    load_queue.run(load_id)


@shared_task(name="claims.advance_loads")
def advance_loads() -> None:
    load_queue.advance()
