"""The three system packages a bare Debian lacks: venv, and the two Pango libraries that draw the letters."""

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys

from mtm.launch.checkout import CannotGoOn, say

# Names the dynamic linker knows -> the package that brings it. Nothing else was missing on a minimal Debian 12.
LIBRARIES = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}


def ensure(*, needs_venv: bool) -> None:
    """Have the system packages, installing them as root on Debian; else stop with the line to run."""
    if packages := missing(needs_venv=needs_venv):
        install(packages)


def missing(*, needs_venv: bool) -> list[str]:
    packages = ["python3-venv"] if needs_venv and not importlib.util.find_spec("ensurepip") else []
    if sys.platform == "linux":
        packages += [package for library, package in LIBRARIES.items() if not _loads(library)]
    return packages


def install(packages: list[str]) -> None:
    if why_not := _reason_not_to_install():
        raise CannotGoOn(f"Missing: {', '.join(packages)}. {why_not} Run:\n  {line_to_run(packages)}")
    say(f"installing Debian packages: {' '.join(packages)} (MTM_NO_APT=1 refuses this)")
    if not (_apt_get("install", packages) or (_apt_get("update", []) and _apt_get("install", packages))):
        raise CannotGoOn(f"apt-get failed, see above. Run it by hand:\n  {line_to_run(packages)}")


def line_to_run(packages: list[str]) -> str:
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def is_debian() -> bool:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return "debian" in family and shutil.which("apt-get") is not None


def _reason_not_to_install() -> str:
    if os.environ.get("MTM_NO_APT") == "1":
        return "MTM_NO_APT=1 is set, so they were not installed."
    if not is_debian():
        return "This is not a Debian; install what corresponds to them here."
    if os.geteuid() != 0:
        return "Only root can install them."
    return ""


def _apt_get(verb: str, packages: list[str]) -> bool:
    """Quiet unless it fails; a fresh image has no package lists, hence the update and second try in install()."""
    command = ["apt-get", verb, "-y", "-qq", "--no-install-recommends", *packages]
    if verb == "update":
        command = ["apt-get", "update", "-qq"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode and verb == "update":
        print(ran.stdout, file=sys.stderr)
    return ran.returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
