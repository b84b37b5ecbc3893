"""A private Valkey for Celery to ring through: a unix socket, nothing kept on disk."""

import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mtm.launch import processes, server_files
from mtm.launch.checkout import CannotGoOn, Checkout


@dataclass(frozen=True)
class Valkey:
    checkout: Checkout
    set_name: str
    name = "valkey"

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    @property
    def socket(self) -> Path:
        return server_files.socket_folder(self.checkout, self.set_name) / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.checkout.var("log", f"{self.set_name}-valkey.log")

    def is_running(self) -> bool:
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def start(self) -> bool:
        """Have it running; False if it ran already."""
        if self.is_running():
            return False
        self._kill()
        command = [str(server_files.valkey_program()), "--port", "0", "--save", "", "--appendonly", "no"]
        command += ["--unixsocket", str(self.socket), "--unixsocketperm", "700", "--dir", str(self.socket.parent)]
        command += ["--daemonize", "yes", "--pidfile", str(self._pid_file), "--logfile", str(self.log)]
        subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        if not processes.wait_until(self.is_running, seconds=10):
            raise CannotGoOn(f"Valkey did not start; see {self.log}")
        return True

    def stop(self) -> None:
        self._ask(b"SHUTDOWN NOSAVE\r\n")
        if not processes.wait_until(lambda: self._pid() is None, seconds=5):
            self._kill()

    def _kill(self) -> None:
        """End one that no longer answers, and clear what it left."""
        if pid := self._pid():
            os.kill(pid, signal.SIGKILL)
            processes.wait_until(lambda: not processes.is_alive(pid), seconds=5)
        for left in (self.socket, self._pid_file):
            left.unlink(missing_ok=True)

    def _pid(self) -> int | None:
        pid = processes.pid_in(self._pid_file)
        return pid if pid and processes.runs_with(pid, str(self.socket)) else None

    def _ask(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(64)
        except OSError:
            return b""

    @property
    def _pid_file(self) -> Path:
        return self.socket.with_suffix(".pid")
