"""What Celery runs: an id in, one action, safe to run twice."""

from celery import shared_task

from reviews import scheduling, sweep


@shared_task(name="reviews.run_shard")
def run_shard(shard_id: int) -> None:
    sweep.run_shard(shard_id)


@shared_task(name="reviews.release_departed")
def release_departed() -> None:
    scheduling.release_departed()


@shared_task(name="reviews.advance_sweeps")
def advance_sweeps() -> None:
    sweep.advance()
