"""Telling how far a load has come, beside the transaction that keeps what it does to itself."""

import time
from collections.abc import Callable

from claims.ingest.source import Source

Tell = Callable[[str, int, int], None]
EVERY_SECONDS = 1.0


class Progress:
    """Bytes read of all the files of a load; `tell(step, done, total)` is called now and then."""

    def __init__(self, sources: list[Source], tell: Tell) -> None:
        self.total = sum(source.size for source in sources)
        self.before = {id(source): 0 for source in sources}
        self.tell, self.words, self.told_at = tell, "", 0.0

    @property
    def done(self) -> int:
        return min(sum(self.before.values()), self.total)

    def step(self, words: str) -> None:
        self.words = words
        self.told_at = time.monotonic()
        self.tell(words, self.done, self.total)

    def reading(self, source: Source, bytes_read: int) -> None:
        self.before[id(source)] = max(self.before.get(id(source), 0), bytes_read)
        if time.monotonic() - self.told_at > EVERY_SECONDS:
            self.step(f"reading {source.name}")
