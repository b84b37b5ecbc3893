"""The private servers a command uses: started if they are not running, and who started them remembered."""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from mtm.launch.checkout import CannotGoOn, Checkout, say
from mtm.launch.postgres import Postgres
from mtm.launch.valkey import Valkey

Server = Postgres | Valkey
DATABASE, BROKER = "DATABASE_URL", "REDIS_URL"


class Services:
    """One named set of a PostgreSQL and a Valkey. `demo` is everyday work; tests have sets of their own."""

    def __init__(self, checkout: Checkout, set_name: str = "demo", *, throwaway: bool = False):
        self.checkout = checkout
        self.set_name = set_name
        self.postgres = Postgres(checkout, set_name, throwaway)
        self.valkey = Valkey(checkout, set_name)

    @property
    def all(self) -> tuple[Server, ...]:
        return self.postgres, self.valkey

    def start(self, *servers: Server, starter: str) -> None:
        """Have these running (all, if none is named), writing down who started each that did not run."""
        with self.checkout.alone(f"services-{self.set_name}"):
            for server in servers or self.all:
                if server.start():
                    self._starter_file(server).write_text(starter)

    def stop(self, starter: str | None = None) -> list[str]:
        """Stop those that this starter started (all, if none is named); their names."""
        with self.checkout.alone(f"services-{self.set_name}"):
            chosen = [server for server in self.all if starter in (None, self._starter(server)) and server.is_running()]
            for server in chosen:
                server.stop()
            return [server.name for server in chosen]

    def erase(self) -> None:
        """Stop all and begin anew at the next start."""
        self.stop()
        self.postgres.erase()
        shutil.rmtree(self.postgres.sockets)

    def environment(self) -> dict[str, str]:
        return {DATABASE: self.postgres.url, BROKER: self.valkey.url, "MTM_SECRET_KEY": secret_key(self.checkout)}

    def down(self) -> list[Server]:
        return [server for server in self.all if not server.is_running()]

    def _starter(self, server: Server) -> str:
        path = self._starter_file(server)
        return path.read_text() if path.exists() else ""

    def _starter_file(self, server: Server) -> Path:
        return self.checkout.var("run", f"{self.set_name}-{server.name}.starter")


def provide(checkout: Checkout, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of an ordinary command: what the person set, the private servers for the rest."""
    services = Services(checkout)
    lacking: list[Server] = [] if given.get(DATABASE) else [services.postgres]
    lacking += [] if given.get(BROKER) else [services.valkey]
    if not lacking:
        return {}
    services.start(*lacking, starter="command")
    found = {DATABASE: services.postgres.url} if services.postgres in lacking else {}
    found |= {BROKER: services.valkey.url} if services.valkey in lacking else {}
    # A database of the person's own means a deployment: that has its own key and is no demo.
    if DATABASE in found:
        found |= {"MTM_SECRET_KEY": secret_key(checkout), "MTM_DEMO": "1"}
    return {name: value for name, value in found.items() if not given.get(name)}


def command(checkout: Checkout, arguments: list[str]) -> int:
    """`services stop` and `services status`."""
    services = Services(checkout)
    if arguments == ["stop"]:
        say(f"stopped: {', '.join(services.stop()) or 'nothing was running'}")
    elif arguments == ["status"]:
        for server in services.all:
            print(f"{server.name:<10}{'running' if server.is_running() else 'stopped':<10}{server.url}")
    else:
        raise CannotGoOn("Say: python3 manage.py services stop|status")
    return 0


def secret_key(checkout: Checkout) -> str:
    """Made once for this checkout, so that a restart signs nobody out."""
    path = checkout.var("secret_key")
    if not path.exists():
        half = path.with_suffix(f".{os.getpid()}")
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(50))
        half.replace(path)
    return path.read_text()
