"""A plan's first claims, from files to keyed tables, against a plain COPY of the same lines, both by one process.

The members are loaded before and not timed. Everything is taken back at the end.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Plan
from claims.ingest.load import carry_out, request
from claims.models import Load
from mtm.bench import Result, timed
from mtm.bench._memory import Watch
from mtm.bench._plain import copied, expected, stored
from mtm.management.commands.generate import OUT_OF_RANGE

THROUGH = date(2026, 6, 30)
YEARS = "2025-2026"
CLAIMS = ("carrier.csv", "outpatient.csv", "inpatient.csv", "pde.csv")
BOUND = "COPY of the same lines into unlogged tables of text without keys, one process"
# The size that the time a row is compared with, to see that it does not grow.
SMALLER = 10


def run(members: int) -> Result:
    small = measured(max(members // SMALLER, 1))
    large = measured(members)
    rows = large["rows"]
    return Result(
        bench="load",
        size=rows,
        unit="rows stored (fills, their versions, diagnoses)",
        seconds=large["seconds"],
        rate=rows / large["seconds"],
        bound=BOUND,
        bound_seconds=large["bound"],
        ratio=large["seconds"] / large["bound"] if large["equal"] and small["equal"] else None,
        equal=large["equal"] and small["equal"],
        peak_mib=large["peak_mib"],
        workers=1,
        more=words_of(small, large) | {"members": members},
    )


def words_of(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    return {
        "fills": large["fills"],
        "diagnoses": large["diagnoses"],
        "lines": large["lines"],
        "server_peak_mib": large["server_mib"],
        "again_seconds": large["again"],
        "microseconds_a_row": 1e6 * large["seconds"] / large["rows"],
        f"microseconds_a_row_at_a_{SMALLER}th": 1e6 * small["seconds"] / small["rows"],
        f"ratio_at_a_{SMALLER}th": small["seconds"] / small["bound"],
    }


def measured(members: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mtm-bench-") as folder, undone():
        generate(members, Path(folder))
        files = {path.name: path for path in Path(folder).iterdir()}
        claims = [files[name] for name in CLAIMS]
        plan = Plan.objects.create(code="Z9999", name="Benchmark (synthetic)")
        load(plan, [path for name, path in files.items() if name.startswith("beneficiary")])
        bound = timed(lambda: copied(claims))
        with Watch() as watch:
            seconds = timed(lambda: load(plan, claims))
        found = stored(plan)
        return {
            "seconds": seconds,
            "bound": bound,
            "again": timed(lambda: load(plan, claims)),
            "peak_mib": watch.ours,
            "server_mib": watch.server,
            "equal": found == expected(),
            "rows": found["fills"] + found["versions"] + found["diagnoses"],
            **found,
        }


def generate(members: int, folder: Path) -> None:
    """By a process of its own, so that its memory is not taken for the loader's."""
    command = [sys.executable, "manage.py", "generate", "--members", str(members), "--years", YEARS, "--seed", "1"]
    wanted = [*command, "--through", THROUGH.isoformat(), "--out", str(folder)]
    done = subprocess.run(wanted, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, OUT_OF_RANGE):  # how typical the plan looks does not matter here
        done.check_returncode()


def load(plan: Plan, paths: list[Path]) -> Load:
    """With the foreign keys that PostgreSQL leaves to the commit, which never comes here."""
    done = carry_out(request(plan=plan, feed="rif", as_of=THROUGH, by=None), paths)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return done


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
