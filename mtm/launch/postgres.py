"""A private PostgreSQL: its own data folder, a unix socket nobody else can open, no port."""

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from mtm.launch import processes, server_files
from mtm.launch.checkout import CannotGoOn, Checkout

# Written on the database at its making; `demo` writes only into a database that bears it.
MARK = "made by manage.py"
# The claims loader tells bad dates from good with pg_input_is_valid, which came with 16.
OLDEST = 16
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "max_wal_size": "2GB",
    # There is no replica: a new table, as a plan's first claims are, need not be written to the log as well.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # The sweep's queries are many and short; compiling each costs more than it saves.
    "jit": "off",
    # A statement, or the row that broke a rule, would carry what is known of a member into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Tests throw their data away, so nothing need survive a power cut.
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
START_SECONDS = 60
# What psql and Django understand alike in a URL. Any other key could lead one of them to another database.
VARIABLE_OF = {
    "host": "PGHOST",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
# Variables that the drivers heed even against what a URL says.
MISLEADING = ("PGHOSTADDR", "PGSERVICE")
# After kill -9 of the postmaster its backends need a moment to notice; until then they hold its shared memory.
LEFTOVER_SECONDS = 15


@dataclass(frozen=True)
class Postgres:
    checkout: Checkout
    set_name: str
    throwaway: bool = False
    name = "postgres"

    @property
    def url(self) -> str:
        return f"postgresql://mtm@/mtm?host={self.sockets}"

    @property
    def sockets(self) -> Path:
        return server_files.socket_folder(self.checkout, self.set_name)

    @property
    def folder(self) -> Path:
        return server_files.data_folder(self.checkout, self.set_name)

    @cached_property
    def programs(self) -> Path:
        return server_files.usable_by_server_user(server_files.postgres_programs(), self.checkout)

    @cached_property
    def version(self) -> int:
        answer = subprocess.run([self.programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(re.findall(r"\d+", answer.stdout)[0])

    @property
    def data(self) -> Path:
        """One folder per major version: a server cannot read another's files."""
        return self.folder / f"postgres-{self.version}"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def is_running(self) -> bool:
        """Up and answering: the process lives, is for this folder, says it is ready, and takes a connection."""
        return self._lives() and self._says_ready() and server_files.is_listening(self.sockets / ".s.PGSQL.5432")

    def start(self) -> bool:
        """Have it running; False if it ran already."""
        if self.is_running():
            return False
        if self._lives() and not processes.wait_until(self.is_running, seconds=LEFTOVER_SECONDS):
            self.stop()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._remove_stale_pid_file()
        self._start_patiently()
        return True

    def stop(self) -> None:
        for mode in ("fast", "immediate"):
            if self._lives():
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-w", "-t", "20", check=False)

    def erase(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self) -> None:
        """Make it beside its place and move it there, so that a making cut short is never taken for a database."""
        if self.version < OLDEST:
            raise CannotGoOn(f"PostgreSQL {self.version} in {self.programs} is too old; this needs {OLDEST} or newer.")
        half = self.folder / "half-made"
        shutil.rmtree(half, ignore_errors=True)
        fixed = ["-U", "mtm", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        self._run("initdb", "-D", str(half), *fixed, *self._locale())
        statements = f"CREATE DATABASE mtm\nCOMMENT ON DATABASE mtm IS '{MARK}'\n"
        self._run("postgres", "--single", "-D", str(half), "postgres", input=statements)
        shutil.rmtree(self.data, ignore_errors=True)
        half.rename(self.data)

    def _locale(self) -> list[str]:
        """The same order and case of letters on every system, where this version can."""
        if self.version >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def _start_patiently(self) -> None:
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while (ran := self._start_once()).returncode:
            if time.monotonic() > deadline:
                raise CannotGoOn(f"PostgreSQL did not start.\n{ran.stdout}{tail(self.log)}")
            time.sleep(0.3)
            self._remove_stale_pid_file()

    def _start_once(self) -> subprocess.CompletedProcess[str]:
        settings = SETTINGS | (UNSAFE_AND_FAST if self.throwaway else {})
        options = [f"-c {name}={shlex.quote(value)}" for name, value in settings.items()]
        options.append(f"-k {self.sockets}")
        where = ["-D", str(self.data), "-l", str(self.log), "-o", " ".join(options)]
        return self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), *where, check=False)

    def _run(
        self, program: str, *arguments: str, check: bool = True, input: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user, deaf to the PG* variables of the person's shell."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        ran: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.programs / program), *arguments],
            env=environment | {"LC_ALL": "C"},
            cwd="/",
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **server_files.as_server_user(),
        )
        if check and ran.returncode:
            raise CannotGoOn(f"{program} failed:\n{ran.stdout}")
        return ran

    def _lives(self) -> bool:
        pid = processes.pid_in(self._pid_file)
        return pid is not None and processes.runs_with(pid, str(self.data))

    def _says_ready(self) -> bool:
        try:
            return self._pid_file.read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _remove_stale_pid_file(self) -> None:
        """PostgreSQL takes a zombie, or a stranger with the old number, for a server that still runs."""
        if not self._lives():
            self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"


def is_marked(url: str) -> bool:
    """Whether the database at this URL is one that we made."""
    variables = _as_variables(url)
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    command = [str(server_files.postgres_programs() / "psql"), "-XAt", "-c", query]
    try:
        # In the environment, for a password on a command line can be read by every user of the machine.
        asked = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=15)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and asked.stdout.strip() == MARK


def _as_variables(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    refuse_ambiguous(options)
    given = {VARIABLE_OF[key]: value for key, value in options.items()}
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGCONNECT_TIMEOUT": "5",
        **given,
    }


def refuse_ambiguous(options: Mapping[str, str]) -> None:
    """Looking at one database and then writing into another must not be possible."""
    strange = [f"{key}= in DATABASE_URL" for key in options if key not in VARIABLE_OF]
    strange += [f"the variable {name}" for name in MISLEADING if os.environ.get(name)]
    if strange:
        raise CannotGoOn(
            f"Remove {', '.join(strange)}: with it, nobody can tell whether the demo's database is one that manage.py made."
        )


def tail(path: Path, lines: int = 15) -> str:
    """The end of a log, for a person who has to find out what went wrong."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
