"""Log lines as JSON with the request they belong to. Messages name objects by number, never by anything about a member."""

import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One line a record; an exception gives its type and place, not its text, which may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": task_failure(record) or record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = place(record.exc_info[2])
        return json.dumps(line, default=str)


def task_failure(record: logging.LogRecord) -> str:
    """What to say in place of Celery's own words on a task that went wrong, which hold the text of the exception."""
    told = record.__dict__.get("data") or record.args
    told = told if isinstance(told, Mapping) else {}
    raised = record.exc_info[0] if record.exc_info else None
    if not record.name.startswith("celery") or not (raised or "exc" in told):
        return ""
    name = told.get("name", "unknown")
    # A retry is told without the exception itself, only with its text.
    return f"Task {name} failed: {raised.__name__}" if raised else f"Task {name} did not end well"


def place(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames
