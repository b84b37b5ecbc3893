"""What the operating system knows of other processes, and how ours are tied to the one that started them."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1


def is_alive(pid: int) -> bool:
    """Whether it runs. A zombie does not: a slow init may take its time to bury a server that was killed."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) not in ("Z", "X")


def runs_with(pid: int, word: str) -> bool:
    """Whether that process is alive and names this word on its command line: a number alone may have a new owner."""
    if not is_alive(pid):
        return False
    try:
        return word.encode() in (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return not PROC.is_dir()


def pid_in(path: Path) -> int | None:
    """The number on the first line of a pid file, if there is one."""
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def dies_with_parent() -> Callable[[], None] | None:
    """A preexec_fn by which the kernel ends the child when we are killed, even with kill -9 (Linux only)."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def kill_group(pid: int, number: int = signal.SIGKILL) -> None:
    """Signal a child that leads its own session, and whatever it has forked."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def kill_marked(name: str, value: str) -> int:
    """Kill every process whose environment says name=value: what an earlier start left when it was killed itself."""
    mark = f"{name}={value}".encode()
    left = [pid for pid in _all_pids() if pid != os.getpid() and mark in _environment(pid) and is_alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, left)), seconds=5)
    return len(left)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()] if PROC.is_dir() else []


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return "?"
