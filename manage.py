#!/usr/bin/env python3
"""The one command. It makes what it needs (docs/deployment.md), then runs it."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  the one file that an older Python reads
    sys.exit("This needs Python 3.11 or newer; try: python3.11 manage.py " + " ".join(sys.argv[1:]))

from mtm.launch.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
