"""The private database of a fresh checkout gets its tables, and its reference tables, before the first command that
needs them; and again whenever a migration or a shipped table has changed."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping

from mtm.launch.checkout import CannotGoOn, Checkout, say
from mtm.launch.services import Services

# Commands that look at the code, or see to the tables themselves.
NEED_NO_TABLES = {
    "help",
    "check",
    "collectstatic",
    "generate",
    "makemigrations",
    "migrate",
    "showmigrations",
    "spectacular",
}
STEPS = (("migrate", "--noinput", "-v0"), ("load_reference",))


def bring_up_to_date(checkout: Checkout, environment: Mapping[str, str]) -> None:
    stamp, wanted = Services(checkout).postgres.folder / "tables", version(checkout)
    with checkout.alone("tables"):
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say("bringing the private database up to date")
        for step in STEPS:
            run(checkout, step, environment)
        stamp.write_text(wanted)


def run(checkout: Checkout, step: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """What a step prints goes to stderr: the output of the command it precedes is its own."""
    command = [str(checkout.python), "-m", "django", *step]
    done = subprocess.run(command, cwd=checkout.root, env=dict(environment), stdout=sys.stderr, check=False)
    if done.returncode:
        raise CannotGoOn(f"`{step[0]}` failed on the private database; what it said stands above.")


def version(checkout: Checkout) -> str:
    """Changes with every migration and every shipped table."""
    files = [*checkout.root.glob("*/migrations/*.py"), *checkout.root.glob("claims/reference/*.csv")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(checkout.root)).encode() + path.read_bytes())
    return digest.hexdigest()
