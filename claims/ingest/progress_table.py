"""The progress of a load as a row that others can read while its transaction is still open."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from claims.models import Load

UPSERT = """
INSERT INTO claims_loadprogress (load_id, plan_id, step, done_bytes, total_bytes, at)
SELECT id, plan_id, %(step)s, %(done)s, %(total)s, %(at)s FROM claims_load WHERE id = %(load)s
ON CONFLICT (load_id) DO UPDATE
SET step = excluded.step, done_bytes = excluded.done_bytes, total_bytes = excluded.total_bytes, at = excluded.at
"""


def teller(load: Load) -> Callable[[str, int, int], None]:
    """Writes through a connection of its own, for what a transaction writes nobody else sees before it ends."""

    def tell(step: str, done: int, total: int) -> None:
        own = connection.copy()
        try:
            with own.cursor() as cursor:
                values: dict[str, Any] = {
                    "load": load.pk,
                    "step": step[-240:],
                    "done": done,
                    "total": total,
                    "at": timezone.now(),
                }
                cursor.execute(UPSERT, values)
        finally:
            own.close()

    return tell
