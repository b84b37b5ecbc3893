"""RIF claims the plain way: every line as text into an unlogged table, and what must come of them by obvious SQL."""

from pathlib import Path

from django.db import connection

from accounts.models import Plan
from claims.models import Diagnosis, Fill, FillVersion
from mtm.lib import sql


def copied(paths: list[Path]) -> None:
    """One table a file, all columns text, as a plain loader would begin."""
    with connection.cursor() as cursor:
        for path in paths:
            with path.open("rb") as file:
                columns = ", ".join(f'"{name}" text' for name in file.readline().decode().strip().split("|"))
                cursor.execute(f"DROP TABLE IF EXISTS plain_{path.stem}")
                cursor.execute(f"CREATE UNLOGGED TABLE plain_{path.stem} ({columns})")
                cursor.copy_expert(f"COPY plain_{path.stem} FROM STDIN WITH (FORMAT csv, DELIMITER '|')", file, 1 << 20)


def expected() -> dict[str, object]:
    """Counted from the plain tables: final fills and their cost, other versions, codes of claims."""
    return sql.rows("mtm", "bench_expected_claims")[0]


def stored(plan: Plan) -> dict[str, object]:
    return {
        "lines": lines(),
        "fills": Fill.objects.filter(plan=plan).count(),
        "cost": sql.rows("mtm", "bench_stored_cost", plan=plan.pk)[0]["cost"],
        "versions": FillVersion.objects.filter(plan=plan).count(),
        "diagnoses": Diagnosis.objects.filter(plan=plan).count(),
    }


def lines() -> int:
    return int(sql.rows("mtm", "bench_lines")[0]["lines"])
