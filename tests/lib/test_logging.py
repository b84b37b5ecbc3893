"""Log lines never quote what is known of a member, whoever writes them."""

import json
import logging
import sys
from typing import Any

import pytest

from mtm.lib.logging import JsonFormatter

WORDS = "Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s"
TOLD = {
    **{"name": "reviews.run_shard", "id": "4711", "description": "raised unexpected", "args": "[1]", "kwargs": "{}"},
    **{"exc": "IntegrityError('Key (name)=(Pearl Maple)')", "traceback": "… (Pearl Maple) …"},
}


def written(level: int, message: str, told: dict[str, Any], *, failed: bool) -> dict[str, Any]:
    """A record as Celery makes it: one mapping as the argument, the same as `data`."""
    try:
        raise ValueError("Key (name)=(Pearl Maple)")
    except ValueError:
        info = sys.exc_info() if failed else None
    record = logging.getLogger("celery.app.trace").makeRecord(
        "celery.app.trace", level, "trace.py", 1, message, (told,), info, extra={"data": told}
    )
    line: dict[str, Any] = json.loads(JsonFormatter().format(record))
    assert "Pearl" not in json.dumps(line)
    return line


def test_a_failed_task_is_named_without_the_words_of_its_exception() -> None:
    line = written(logging.ERROR, WORDS, TOLD, failed=True)
    assert line["message"] == "Task reviews.run_shard failed: ValueError"
    assert line["exception"] == "ValueError"


def test_a_retry_without_an_exception_does_not_quote_it_either() -> None:
    line = written(logging.INFO, "Task %(name)s[%(id)s] retry: %(exc)s", TOLD, failed=False)
    assert line["message"] == "Task reviews.run_shard did not end well"


@pytest.mark.parametrize("name", ["celery.app.trace", "django.request"])
def test_other_lines_stay_as_they_are(name: str) -> None:
    record = logging.LogRecord(name, logging.INFO, "x.py", 1, "Task %s received", ("reviews.run_shard",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "Task reviews.run_shard received"
