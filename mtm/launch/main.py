"""What `manage.py` does with its arguments: our own commands, and Django's on the services it finds."""

import importlib
import os
import sys

from mtm.launch import demo, environment, services, suite, tables
from mtm.launch.checkout import CannotGoOn, Checkout

OURS = {"demo": demo.command, "test": suite.command, "services": services.command}
HELP = """\
  manage.py demo [--port N] [--reset] [--check]   everything on this machine, with made-up members
  manage.py test [pytest's arguments]             every check; with arguments, pytest alone
  manage.py services stop|status                  the private PostgreSQL and Valkey
  manage.py setup [run|demo|dev]                  only make .venv
"""


def main(argv: list[str]) -> int:
    checkout, name, arguments = Checkout.of_this_file(), (argv[1:2] or ["help"])[0], argv[2:]
    demo.started_at()
    # Every command starts several Pythons; without compiled files each reads all of Django from its source again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        if name == "setup":
            environment.ensure(checkout, (arguments or ["dev"])[0])
            return 0
        environment.ensure(checkout, level_for(name))
        environment.enter(checkout)
        return OURS[name](checkout, arguments) if name in OURS else _django(checkout, argv)
    except CannotGoOn as reason:
        print(f"[mtm] {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def level_for(name: str) -> str:
    """How much must be installed: a deployment, which names its own services, needs no servers of ours."""
    if name == "test":
        return "dev"
    deployed = os.environ.get(services.DATABASE) and os.environ.get(services.BROKER)
    return "run" if deployed and name not in OURS else "demo"


def _django(checkout: Checkout, argv: list[str]) -> int:
    """Hand over to Django in this process: manage.py stays the script, which runserver's reloader starts again."""
    if argv[1:2] in ([], ["help"]):
        print(HELP)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mtm.settings")
    provided = services.provide(checkout, os.environ)
    os.environ.update(provided)
    if services.DATABASE in provided and argv[1:2] and argv[1] not in tables.NEED_NO_TABLES:
        tables.bring_up_to_date(checkout, os.environ)
    # Not at the top: there is no Django before the .venv is made.
    importlib.import_module("django.core.management").execute_from_command_line(argv)
    return 0
