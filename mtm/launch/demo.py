"""`manage.py demo`: the whole program on this machine with made-up members, until Ctrl-C."""

import argparse
import json
import os
import socket
import time
import urllib.request
from dataclasses import dataclass

from mtm.launch import check, postgres
from mtm.launch.checkout import CannotGoOn, Checkout, say
from mtm.launch.children import Children, told_to_stop
from mtm.launch.services import DATABASE, Services

# When the person pressed Enter; survives the step from the system's Python into the .venv's.
STARTED = "MTM_STARTED_AT"
STARTER = "demo"
FIRST_PAGE_SECONDS = 60


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str


def command(checkout: Checkout, arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    with told_to_stop():
        if options.check:
            with checkout.first_free("check") as name:
                return Demo(checkout, name, free_port()).check()
        with checkout.alone("demo", busy="The demo of this checkout is running already. Stop it with Ctrl-C first."):
            return Demo(checkout, "demo", options.port, reset=options.reset).serve()


class Demo:
    """One start of everything. A check has servers and data of its own, made anew, and leaves the demo's alone."""

    def __init__(self, checkout: Checkout, name: str, port: int, *, reset: bool = False):
        self.checkout = checkout
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.reset = reset or name != "demo"
        self.services = Services(checkout, name)
        self.children = Children(checkout, name, {})

    def serve(self) -> int:
        """Run until Ctrl-C."""
        try:
            self._introduce(self.start())
            self._watch()
        except KeyboardInterrupt:
            say("stopping")
        finally:
            self.stop()
        return 0

    def check(self) -> int:
        try:
            sign_ins = self.start()
            first_page = time.time() - started_at()
            accounts = {account.role: (account.email, account.password) for account in sign_ins}
            held = check.run(self.url, accounts, first_page)
            if not held:
                say(f"what each process said: {self.children.log('*')}")
            return 0 if held else 1
        finally:
            self.stop()

    def start(self) -> list[SignIn]:
        refuse_foreign_database(os.environ.get(DATABASE))
        self.children.clear_leftovers()
        refuse_taken_port(self.port)
        if self.reset:
            self.services.erase()
        say("starting PostgreSQL and Valkey")
        self.services.start(starter=STARTER)
        self.children.environment |= self._environment()
        sign_ins = self._prepare()
        self._spawn()
        self._await_first_page()
        return sign_ins

    def stop(self) -> None:
        self.children.stop()
        self.services.stop(starter=STARTER)
        if self.services.set_name != "demo":
            self.services.erase()

    def _environment(self) -> dict[str, str]:
        static = self.checkout.var(self.services.set_name, "static")
        own = {"DJANGO_SETTINGS_MODULE": "mtm.settings", "MTM_DEMO": "1", "MTM_STATIC_ROOT": str(static)}
        # What the person exported for a deployment has no place in a demo on plain HTTP.
        own |= {"MTM_HTTPS": "0", "MTM_BEHIND_PROXY": "0", "MTM_DEBUG": "0", "MTM_ALLOWED_HOSTS": "127.0.0.1,localhost"}
        own |= self.services.environment()
        if self.services.set_name == "demo" and (marked := os.environ.get(DATABASE)):
            own[DATABASE] = marked
        return own

    def _prepare(self) -> list[SignIn]:
        """Tables, static files, reference tables, made-up members. Each is idempotent; static files go alongside."""
        django = ("-m", "django")
        self.children.spawn("collectstatic", *django, "collectstatic", "--noinput", "-v0")
        say("bringing the database up to date")
        self.children.run("migrate", *django, "migrate", "--noinput", "-v0")
        say("loading the reference tables and the made-up members")
        self.children.run("load_reference", *django, "load_reference")
        loaded = self.children.run("load_demo", *django, "load_demo", "--json")
        self.children.finish("collectstatic")
        return read_sign_ins(loaded)

    def _spawn(self) -> None:
        celery = ("-m", "celery", "-A", "mtm.celery:app")
        schedule = self.checkout.var(self.services.set_name, "beat-schedule")
        # Beat's note of what it last did; one half-written at a kill would keep it from starting.
        for left in schedule.parent.glob("beat-schedule*"):
            left.unlink()
        web = ("-k", "gthread", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{self.port}", "--graceful-timeout", "5")
        self.children.spawn("web", "-m", "gunicorn", "mtm.wsgi", *web)
        queues = ("-Q", "sweeps,letters,loads,default", "-c", "2", "-n", f"{self.children.mark}@%h")
        self.children.spawn("worker", *celery, "worker", *queues, "-l", "info", "--without-gossip", "--without-mingle")
        self.children.spawn("beat", *celery, "beat", "-s", str(schedule), "--pidfile=", "-l", "info")

    def _await_first_page(self) -> None:
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        while not answers(f"{self.url}/healthz"):
            self.children.raise_if_any_ended()
            if time.monotonic() > deadline:
                log = self.children.log("web")
                raise CannotGoOn(f"No page after {FIRST_PAGE_SECONDS} s. The end of {log}:\n{postgres.tail(log)}")
            time.sleep(0.1)

    def _introduce(self, sign_ins: list[SignIn]) -> None:
        print(f"\n  MTM demo, made-up members only:  {self.url}/   (after {time.time() - started_at():.0f} s)\n")
        for account in sign_ins:
            print(f"  {account.role:<16}{account.email:<36}{account.password}")
        print(f"\n  Ctrl-C stops everything. Logs: {self.checkout.root / 'var' / 'log'}\n", flush=True)

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            self.children.raise_if_any_ended()
            for server in self.services.down():
                raise CannotGoOn(f"{server.name} ended unexpectedly. The end of its log:\n{postgres.tail(server.log)}")


def refuse_foreign_database(url: str | None) -> None:
    if url and not postgres.is_marked(url):
        raise CannotGoOn(
            "DATABASE_URL points at a database that manage.py did not make (or cannot reach), and the demo fills its "
            "database with made-up members. Unset DATABASE_URL and the demo makes a private one."
        )


def refuse_taken_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotGoOn(
                f"Port {port} cannot be used ({error.strerror}). Try: python3 manage.py demo --port {free_port()}"
            ) from None


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(url: str) -> bool:
    # Not through a proxy of the environment: this is our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return int(answer.status) == 200
    except OSError:  # HTTPError and URLError among them
        return False


def read_sign_ins(printed: str) -> list[SignIn]:
    """From what `load_demo --json` printed."""
    return [SignIn(row["role"], row["email"], row["password"]) for row in json.loads(printed)["sign_ins"]]


def started_at() -> float:
    return float(os.environ.setdefault(STARTED, str(time.time())))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin anew")
    parser.add_argument("--check", action="store_true", help="start apart from the demo, walk through it, stop")
    return parser
