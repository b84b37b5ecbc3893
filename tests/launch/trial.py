"""A checkout to start things in: the real launcher around a project of a few lines."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from mtm.launch import environment, processes
from mtm.launch.checkout import Checkout

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3")
STUB = {
    "mtm/__init__.py": "",
    "mtm/settings.py": """
import os
from urllib.parse import parse_qs, urlsplit
host = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "mtm", "USER": "mtm", "HOST": host}}
SECRET_KEY = os.environ["MTM_SECRET_KEY"]
INSTALLED_APPS = ["django.contrib.staticfiles", "stub"]
STATIC_URL, STATIC_ROOT = "/static/", os.environ.get("MTM_STATIC_ROOT")
""",
    "mtm/wsgi.py": """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
""",
    "mtm/celery.py": """
import os
from celery import Celery
app = Celery("mtm", broker=os.environ["REDIS_URL"])
""",
    "stub/__init__.py": "",
    "stub/management/__init__.py": "",
    "stub/management/commands/__init__.py": "",
    "stub/management/commands/load_reference.py": """
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def handle(self, **options): pass
""",
    "stub/management/commands/load_demo.py": """
import json
from django.core.management.base import BaseCommand
from django.db import connection
class Command(BaseCommand):
    def add_arguments(self, parser): parser.add_argument("--json", action="store_true")
    def handle(self, **options):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS visit (at timestamptz)")
            cursor.execute("INSERT INTO visit VALUES (now())")
            cursor.execute("SELECT count(*) FROM visit")
            starts = cursor.fetchone()[0]
        row = {"role": "starts", "email": f"{starts}@example.org", "password": "secret"}
        self.stdout.write(json.dumps({"sign_ins": [row]}))
""",
}


@dataclass
class Trial:
    """A checkout, who works in it, and the demos started there."""

    checkout: Checkout
    user: pwd.struct_passwd | None = None
    started: list["Demo"] = field(default_factory=list)

    def run(self, *arguments: str, cwd: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        how = self._how(variables) | ({"cwd": cwd} if cwd else {})
        return subprocess.run(self._command(arguments), capture_output=True, text=True, timeout=60, **how)

    def demo(self, *arguments: str, **variables: str) -> "Demo":
        command = self._command(("demo", *arguments))
        with tempfile.NamedTemporaryFile("w", prefix="mtm-said-", delete=False) as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **self._how(variables))
        self.started.append(Demo(process, Path(output.name)))
        return self.started[-1]

    def left(self) -> list[int]:
        """Processes that this checkout started and that still live: children of a demo, PostgreSQL, Valkey."""
        words = (str(self.checkout.root), f"mtm-{self._key}")
        return [pid for pid in processes._all_pids() if any(processes.runs_with(pid, word) for word in words)]

    def postmaster(self) -> int:
        return next(pid for pid in self.left() if processes.runs_with(pid, "bin/postgres"))

    def clear(self) -> None:
        for demo in self.started:
            demo.process.kill()
            demo.process.wait()
            demo.output.unlink()
        for pid in self.left():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for folder in [*Path("/tmp").glob(f"mtm-{self._key}*"), Path("/var/tmp") / f"mtm-{self._key}"]:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def _key(self) -> str:
        return key_of(self.checkout.root, self.user.pw_uid if self.user else os.geteuid())

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [str(self.checkout.python), str(self.checkout.root / "manage.py"), *arguments]

    def _how(self, variables: dict[str, str]) -> dict:
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": self.checkout.root, "env": {**bare_environment(), **variables}, **who}


@dataclass
class Demo:
    process: subprocess.Popen[bytes]
    output: Path

    def wait_for_address(self) -> str:
        assert processes.wait_until(lambda: "Ctrl-C" in self.said() or self.ended(), seconds=40), self.said()
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.said())
        assert found, self.said()
        return found.group()

    def said(self) -> str:
        return self.output.read_text()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def key_of(root: Path, uid: int) -> str:
    """The checkout's key as another user would see it."""
    was = os.geteuid
    os.geteuid = lambda: uid
    try:
        return Checkout(root).key
    finally:
        os.geteuid = was


def bare_environment() -> dict[str, str]:
    """Ours without what a run of the tests, or the person, has set for the program."""
    ours = ("MTM_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_", "PG")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def make_checkout(root: Path, *, python: Path | None = None) -> Checkout:
    """The launcher and the stub project; its .venv is ours, or a new one of another Python that sees our packages."""
    for name, text in STUB.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    shutil.copytree(ROOT / "mtm" / "launch", root / "mtm" / "launch")
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "manage.py", root)
    checkout = Checkout(root.resolve())
    if python is None:
        checkout.venv.symlink_to(sys.prefix)
    else:
        subprocess.run([python, "-m", "venv", "--without-pip", checkout.venv], check=True)
        packages = next(checkout.venv.glob("lib/python*/site-packages"))
        (packages / "shared.pth").write_text(next(Path(sys.prefix).glob("lib/python*/site-packages")).as_posix())
        environment._stamp(checkout).write_text(f"dev {environment._digest(checkout, 'dev')}\n")
    return checkout


def page(url: str) -> str:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.read().decode()


def free_port() -> str:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return str(trial.getsockname()[1])


def gone(pids: list[int], seconds: float = 10) -> bool:
    return processes.wait_until(lambda: not any(map(processes.is_alive, pids)), seconds=seconds)


def give(root: Path, user: pwd.struct_passwd) -> None:
    for path in [root, *root.rglob("*")]:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def same_version(python: Path) -> bool:
    show = [str(python), "-c", "import sys, ensurepip; print(*sys.version_info[:2])"]
    try:
        ran = subprocess.run(show, capture_output=True, text=True)
    except OSError:
        return False
    return ran.stdout.split() == [str(part) for part in sys.version_info[:2]]
