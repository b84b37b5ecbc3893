"""Celery tasks: a queue that a worker serves, ids only, safe to send twice."""

import inspect

import pytest
from celery import current_app

SERVED = {"sweeps", "letters", "loads", "default"}


def own_tasks() -> list[str]:
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if not name.startswith("celery."))


def test_there_are_tasks() -> None:
    assert "reviews.run_shard" in own_tasks()


@pytest.mark.parametrize("name", own_tasks())
def test_every_task_has_a_queue_that_is_served(name: str) -> None:
    assert current_app.amqp.router.route({}, name)["queue"].name in SERVED


def test_routes_are_explicit() -> None:
    """A task that no route names would land on the default queue, which nobody meant it to."""
    assert [name for name in own_tasks() if current_app.amqp.router.route({}, name)["queue"].name == "default"] == []


@pytest.mark.parametrize("name", own_tasks())
def test_a_task_takes_ids_only(name: str) -> None:
    parameters = inspect.signature(current_app.tasks[name].run).parameters.values()
    assert all(p.name.endswith("_id") and p.annotation is int for p in parameters)


def test_every_scheduled_task_exists() -> None:
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert scheduled <= set(own_tasks())
