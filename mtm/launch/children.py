"""The demo's own processes: each in its own session, logged, tied to us, and stopped whatever happens."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mtm.launch import processes
from mtm.launch.checkout import CannotGoOn, Checkout
from mtm.launch.postgres import tail

# In the environment of every child, so that the next start can find those that outlived us.
MARK = "MTM_LAUNCHED_BY"
STOP_SECONDS = 10


class Children:
    def __init__(self, checkout: Checkout, set_name: str, environment: dict[str, str]):
        self.checkout = checkout
        self.mark = f"{checkout.key}-{set_name}"
        self.set_name = set_name
        self.environment = {**os.environ, **environment, MARK: self.mark}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def clear_leftovers(self) -> int:
        return processes.kill_marked(MARK, self.mark)

    def spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a Python module of the .venv in the background, its words going to var/log."""
        with self.log(name).open("wb") as log:
            child = subprocess.Popen(self._command(arguments), stdout=log, stderr=subprocess.STDOUT, **self._how())
        self.running[name] = child
        return child

    def run(self, name: str, *arguments: str) -> str:
        """Run one to its end and return what it printed; if it fails, say so with the end of its log."""
        with self.log(name).open("wb") as log:
            child = subprocess.Popen(self._command(arguments), stdout=subprocess.PIPE, stderr=log, **self._how())
        self.running[name] = child
        printed: str = child.communicate()[0].decode()
        del self.running[name]
        if child.returncode:
            raise CannotGoOn(f"`manage.py {name}` failed:\n{printed[-2000:]}{tail(self.log(name))}")
        return printed

    def finish(self, name: str) -> None:
        """Wait for one that was spawned to do a single thing."""
        if self.running.pop(name).wait():
            raise CannotGoOn(f"`manage.py {name}` failed:\n{tail(self.log(name))}")

    def raise_if_any_ended(self) -> None:
        for name, child in self.running.items():
            if child.poll() is not None:
                how = f"code {child.returncode}" if child.returncode >= 0 else signal.Signals(-child.returncode).name
                raise CannotGoOn(f"{name} ended unexpectedly ({how}). Its log ends:\n{tail(self.log(name))}")

    def stop(self) -> None:
        """Ask all, wait, then kill what is left of each, its forks included."""
        for child in self.running.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            processes.kill_group(child.pid)
            child.wait()
        self.running.clear()

    def log(self, name: str) -> Path:
        return self.checkout.var("log", f"{self.set_name}-{name}.log")

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        # Not the scripts in .venv/bin: they name the folder they were made in, and checkouts get moved.
        return [str(self.checkout.python), *arguments]

    def _how(self) -> dict[str, Any]:
        return {
            "cwd": self.checkout.root,
            "env": self.environment,
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
            "preexec_fn": processes.dies_with_parent(),
        }


@contextmanager
def told_to_stop() -> Iterator[None]:
    """Turn Ctrl-C, a kill and a closed terminal into one KeyboardInterrupt, even if a shell told us to ignore them."""

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
