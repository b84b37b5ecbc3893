"""The .venv beside manage.py, filled from the hashed lists in requirements/ and stamped with which list it holds."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from mtm.launch import debian, processes
from mtm.launch.checkout import CannotGoOn, Checkout, say

# Each list holds all of the one before it.
LEVELS = ("run", "demo", "dev")
# Stands in the stamp while packages are going in; found at the next start, it tells of an install that was killed.
UNFINISHED = "unfinished"


def ensure(checkout: Checkout, level: str) -> None:
    """Have a .venv that holds at least the requirements of this level."""
    uv = None if is_ready(checkout, level) else find_uv()
    debian.ensure(needs_venv=uv is None and not is_ready(checkout, level))
    if is_ready(checkout, level):
        return
    with checkout.alone("install"):
        if not is_ready(checkout, level):
            # A .venv that held more goes on holding more.
            _install(checkout, max(level, _stamped(checkout)[0], key=_rank), uv)


def enter(checkout: Checkout) -> None:
    """Go on as the .venv's interpreter, with the same arguments."""
    if Path(sys.prefix).resolve() != checkout.venv.resolve():
        os.execv(checkout.python, [str(checkout.python), *sys.argv])


def is_ready(checkout: Checkout, level: str) -> bool:
    held, digest = _stamped(checkout)
    return checkout.python.exists() and _rank(held) >= _rank(level) and digest == _digest(checkout, held)


def find_uv() -> str | None:
    """The uv on PATH if it answers; a version manager's shim may be there without a uv behind it."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0:
        return uv
    return None


def plan(checkout: Checkout, level: str, *, uv: str | None, new: bool) -> list[list[str]]:
    """The commands that bring .venv to a level. Never lets uv fetch a Python: the one running this is good."""
    base, venv, wanted = _base_python(), str(checkout.venv), str(_requirements(checkout, level))
    if uv:
        make = [uv, "venv", "-q", "--allow-existing", "--no-python-downloads", "--python", base, venv]
        fill = [uv, "pip", "sync", "-q", "--require-hashes", "--no-python-downloads", "--python", str(checkout.python)]
    else:
        make = [base, "-m", "venv", venv]
        fill = [str(checkout.python), "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
        fill += ["--require-hashes", "--no-deps", "-r"]
    return ([make] if new else []) + [[*fill, wanted]]


def _install(checkout: Checkout, level: str, uv: str | None) -> None:
    started = time.monotonic()
    say(f"installing requirements/{level}.txt into .venv with {'uv' if uv else 'pip'}")
    new = not _usable(checkout, needs_pip=uv is None)
    if new:
        _discard(checkout)
    checkout.venv.mkdir(exist_ok=True)
    _stamp(checkout).write_text(UNFINISHED)
    for command in plan(checkout, level, uv=uv, new=new):
        _run(command)
    _stamp(checkout).write_text(f"{level} {_digest(checkout, level)}\n")
    say(f"installed in {time.monotonic() - started:.0f} s")


def _run(command: list[str]) -> None:
    # Settings a person has for other projects must not lead the packages elsewhere.
    inherited = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME")}
    # Were it to outlive us, it would go on writing into the .venv that the next start makes.
    tie = processes.dies_with_parent()
    ran = subprocess.run(command, env={**inherited, "PIP_USER": "0"}, preexec_fn=tie)
    if ran.returncode:
        raise CannotGoOn(f"Could not install, see above. The command was:\n  {' '.join(command)}")


def _usable(checkout: Checkout, *, needs_pip: bool) -> bool:
    """Whether .venv can be added to: its Python runs (it may have been upgraded away) and no install was cut short."""
    if not checkout.python.exists() or _stamped(checkout)[0] == UNFINISHED:
        return False
    probe = "import pip" if needs_pip else "pass"
    return subprocess.run([checkout.python, "-c", probe], capture_output=True).returncode == 0


def _discard(checkout: Checkout) -> None:
    """Move the old .venv aside before deleting: a delete cut short must not leave half a .venv in place."""
    aside = checkout.var("discarded-venv")
    shutil.rmtree(aside, ignore_errors=True)
    if checkout.venv.exists() or checkout.venv.is_symlink():
        checkout.venv.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def _stamped(checkout: Checkout) -> tuple[str, str]:
    try:
        words = _stamp(checkout).read_text().split()
    except OSError:
        return "", ""
    return (words[0] if words else UNFINISHED), (words[1] if len(words) > 1 else "")


def _stamp(checkout: Checkout) -> Path:
    return checkout.venv / ".mtm-stamp"


def _digest(checkout: Checkout, level: str) -> str:
    return hashlib.sha256(_requirements(checkout, level).read_bytes()).hexdigest()


def _requirements(checkout: Checkout, level: str) -> Path:
    return checkout.root / "requirements" / f"{level}.txt"


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _base_python() -> str:
    """The interpreter outside any virtual environment, for one cannot be remade from inside itself."""
    return getattr(sys, "_base_executable", "") or sys.executable
