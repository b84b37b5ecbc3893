"""How much memory our process and its database session hold at most, looked at while something runs (Linux only)."""

from threading import Event, Thread
from typing import Any

from django.db import connection

EVERY_SECONDS = 0.1


class Watch:
    """Peaks in MiB: `ours` is all that lies in memory for us, `server` what the session holds beside shared buffers."""

    def __enter__(self) -> "Watch":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.session = cursor.fetchone()[0]
        self.ours = self.server = 0.0
        self.ended = Event()
        self.looking = Thread(target=self.look)
        self.looking.start()
        return self

    def __exit__(self, *told: Any) -> None:
        self.ended.set()
        self.looking.join()

    def look(self) -> None:
        while not self.ended.wait(EVERY_SECONDS):
            self.ours = max(self.ours, held("self", "VmRSS"))
            self.server = max(self.server, held(self.session, "RssAnon"))


def held(process: int | str, name: str) -> float:
    """0 where the system does not tell, as of a server on another machine."""
    try:
        with open(f"/proc/{process}/status") as file:
            found = [line.split() for line in file if line.startswith(f"{name}:")]
    except OSError:
        return 0.0
    return int(found[0][1]) / 1024 if found else 0.0
