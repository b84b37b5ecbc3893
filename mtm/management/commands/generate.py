"""Write a synthetic plan: generate --members 10000 --years 2024-2026 --seed 1 --out DIR"""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mtm.generator import generate
from mtm.generator.acceptance import Figures, misses, table
from mtm.generator.run import MOST_MEMBERS

PART_D_BEGAN = 2006
OUT_OF_RANGE = 3  # exit code: the files are written, but do not look as they must


class Command(BaseCommand):
    help = "Write the files of a synthetic plan in RIF layout, and say whether they look as published figures say."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, required=True)
        parser.add_argument("--years", required=True, help="one year, or the first and the last: 2024-2026")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, required=True, help="folder for the files")
        text = "last day whose payments are known (YYYY-MM-DD); today while the last of the years runs, else its end"
        parser.add_argument("--through", type=date.fromisoformat, help=text)

    def handle(self, *, members: int, years: str, seed: int, out: Path, through: date | None, **options: Any) -> None:
        if not 1 <= members <= MOST_MEMBERS or seed < 0:
            raise CommandError(f"--members must be from 1 to {MOST_MEMBERS:,}, --seed 0 or more.", returncode=2)
        chosen = parsed(years)
        if through and not date(chosen[0], 1, 1) <= through <= date(chosen[-1], 12, 31):
            raise CommandError("--through must be a day of the --years.", returncode=2)
        check_empty(out)
        try:
            outcome = generate(
                members=members, years=chosen, seed=seed, out=out, through=through or known_through(chosen)
            )
        except OSError as problem:
            raise CommandError(f"{out}: {problem.strerror or problem}; nothing is written.", returncode=2) from None
        for name, rows in sorted(outcome.rows.items()):
            self.stdout.write(f"{name:24} {rows:>12,} rows")
        self.stdout.write(table(outcome.figures) if outcome.figures else "No complete year to measure.")
        refuse_misses(outcome.figures)


def known_through(years: tuple[int, ...]) -> date:
    """Of a year that runs today: a load rejects deaths and facts of days that have not come."""
    today, last = timezone.localdate(), date(years[-1], 12, 31)
    return today if today.year == last.year else last


def check_empty(out: Path) -> None:
    """Files of another run beside ours would be taken for one plan."""
    if out.exists() and not out.is_dir():
        raise CommandError(f"{out} is a file; --out must be a folder.", returncode=2)
    if out.exists() and any(out.iterdir()):
        raise CommandError(f"{out} holds files already; give --out a new or an empty folder.", returncode=2)


def refuse_misses(figures: list[Figures]) -> None:
    if found := list(misses(figures)):
        raise CommandError(
            "The files are written, but do not look as they must:\n" + "\n".join(found), returncode=OUT_OF_RANGE
        )


def parsed(years: str) -> tuple[int, ...]:
    first, _, last = years.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and PART_D_BEGAN <= int(first) <= int(last or first) < 2100):
        raise CommandError("--years must be a year or two with a hyphen, such as 2024-2026.", returncode=2)
    return tuple(range(int(first), int(last or first) + 1))
