"""Benchmarks, each in a module of its own name with a function `run(members) -> Result`.

A benchmark compares our time with a bound measured in the same run on the same rows; it prints no ratio unless our result
equals the one computed the slow, obvious way.
"""

import pkgutil
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

ROUNDS = 3


@dataclass(frozen=True)
class Result:
    bench: str
    size: int
    unit: str
    seconds: float
    rate: float
    bound: str
    bound_seconds: float
    ratio: float | None
    equal: bool
    peak_mib: float
    workers: int
    # What only this benchmark tells.
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self)
        return {name: round(v, 4) if isinstance(v, float) else v for name, v in (told | told.pop("more")).items()}


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def run(name: str, members: int) -> Result:
    """KeyError if there is no benchmark of that name."""
    if name not in names():
        raise KeyError(name)
    result: Result = import_module(f"{__name__}.{name}").run(members)
    return result


def interleaved(ours: Callable[[], Any], bound: Callable[[], Any]) -> tuple[float, float]:
    """The median seconds of each, taken in turns so that a busy machine slows both."""
    taken = [(timed(ours), timed(bound)) for _ in range(ROUNDS)]
    return median(a for a, _ in taken), median(b for _, b in taken)


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(values: Any) -> float:
    return float(sorted(values)[ROUNDS // 2])


def peak_mib() -> float:
    """Most memory this process held; the database's own is bounded by its settings."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
