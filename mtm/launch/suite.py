"""`manage.py test`: every check there is, on servers of its own; with arguments, pytest alone with those."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from mtm.launch import debian
from mtm.launch.checkout import CannotGoOn, Checkout, say
from mtm.launch.services import Services

# Name, then what follows `python -m`. What they read is in pyproject.toml.
CHECKS = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "import-linter": ["importlinter.cli", "lint"],
    "djlint": ["djlint", "templates", "--lint", "--quiet"],
    "mypy": ["mypy"],
    "migrations": ["django", "makemigrations", "--check", "--dry-run"],
}
NEEDS_SERVERS = {"migrations"}
# Two at a time, each with a database of its own; the tests of a file stay together, as they may share servers.
# Their order is that of tests/conftest.py, which has the long files first.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    printed: str = ""


def command(checkout: Checkout, arguments: list[str]) -> int:
    with checkout.first_free("test") as name:
        services = Services(checkout, name, throwaway=True)
        try:
            return _run(checkout, services, arguments)
        finally:
            services.stop()


def _run(checkout: Checkout, services: Services, arguments: list[str]) -> int:
    """Servers, browser and linters side by side; then pytest, so that the linters do not slow what it times."""
    environment = {**os.environ, **services.environment(), **for_tests(services)}
    with ThreadPoolExecutor() as side:
        ready = side.submit(_timed, "servers", lambda: start_afresh_if_broken(services))
        going = [ready, side.submit(_timed, "chromium", have_browser)]
        going += [] if arguments else [side.submit(_check, checkout, name, environment, ready) for name in CHECKS]
        outcomes = [_report(future.result()) for future in going]
    tests = ["pytest", *(arguments or SIDE_BY_SIDE)]
    outcomes.append(_timed("pytest", lambda: _stream(checkout, tests, environment)))
    if not arguments:
        print(summary(outcomes), flush=True)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def for_tests(services: Services) -> dict[str, str]:
    """No demo, no deployment: what the person exported for either must not change what the tests see."""
    kept = {name: "0" for name in ("MTM_DEMO", "MTM_DEBUG", "MTM_HTTPS", "MTM_BEHIND_PROXY")}
    static = services.checkout.var(services.set_name, "static")
    static.mkdir(exist_ok=True)  # whitenoise warns where it is missing
    return kept | {
        "DJANGO_SETTINGS_MODULE": "mtm.settings",
        "MTM_PLAIN_STATIC": "1",
        "MTM_STATIC_ROOT": str(static),
    }


def start_afresh_if_broken(services: Services) -> tuple[bool, str]:
    """Without fsync a power cut can spoil the tests' data; it is worth nothing, so make it anew."""
    try:
        services.start(starter="test")
    except CannotGoOn as reason:
        say(f"making the tests' database anew: {reason}")
        services.erase()
        services.start(starter="test")
    return True, ""


def have_browser() -> tuple[bool, str]:
    """Chromium for the tests that walk through pages; without one they skip, unless MTM_REQUIRE_BROWSER=1."""
    if any(map(shutil.which, BROWSERS)):
        return True, ""
    try:
        debian.install(["chromium"])
    except CannotGoOn as reason:
        return os.environ.get("MTM_REQUIRE_BROWSER") != "1", f"No browser for the browser tests. {reason}"
    return True, ""


def summary(outcomes: list[Outcome]) -> str:
    lines = [f"{'ok' if one.passed else 'FAILED':<8}{one.name:<16}{one.seconds:6.1f} s" for one in outcomes]
    return "\n".join(["", *lines, f"{'':24}{sum(one.seconds for one in outcomes):6.1f} s of work, some side by side"])


def _check(checkout: Checkout, name: str, environment: dict[str, str], servers: Future[Outcome]) -> Outcome:
    if name in NEEDS_SERVERS:
        servers.result()
    return _timed(name, lambda: _quiet(checkout, CHECKS[name], environment))


def _quiet(checkout: Checkout, module: list[str], environment: dict[str, str]) -> tuple[bool, str]:
    command = [str(checkout.python), "-m", *module]
    ran = subprocess.run(
        command, cwd=checkout.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return ran.returncode == 0, ran.stdout


def _stream(checkout: Checkout, module: list[str], environment: dict[str, str]) -> tuple[bool, str]:
    """Let it write to the terminal itself. Ctrl-C is for it to answer: it prints what it has found so far."""
    child = subprocess.Popen([str(checkout.python), "-m", *module], cwd=checkout.root, env=environment)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return child.wait() == 0, ""
    finally:
        signal.signal(signal.SIGINT, before)


def _report(outcome: Outcome) -> Outcome:
    """Show what a check said where it matters; linters that are content are not interesting."""
    if outcome.printed and (not outcome.passed or outcome.name == "chromium"):
        print(f"--- {outcome.name} ---\n{outcome.printed}", flush=True)
    return outcome


def _timed(name: str, act: Callable[[], tuple[bool, str]]) -> Outcome:
    started = time.monotonic()
    passed, printed = act()
    return Outcome(name, passed, time.monotonic() - started, printed)
