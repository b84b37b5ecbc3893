"""Bring the shipped tables up to date, and take over directories of NDCs: load_reference --rxnorm FOLDER --fda FOLDER"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from claims.directory.fda import load_fda
from claims.directory.flattened import load_flattened
from claims.directory.keeping import Kept
from claims.directory.names import load_names
from claims.directory.rxnorm import load_rxnorm
from claims.ingest.problems import FileProblem
from claims.reference_tables import load_all

# The best source first, so that the others find its ingredients known.
DIRECTORIES: dict[str, tuple[Callable[[Path, date], Kept], str]] = {
    "rxnorm": (load_rxnorm, "folder of RXNCONSO.RRF, RXNREL.RRF and RXNSAT.RRF"),
    "drugs": (load_flattened, "the same as one table: NDC to ingredients (csv or csv.gz)"),
    "fda": (load_fda, "folder of the FDA's product.txt and package.txt"),
    "names": (load_names, "the FDA's directory as names only (tab-separated, .gz or not)"),
}


class Command(BaseCommand):
    help = (
        "Load the drug, class, set, interaction and condition tables that ship with the product, and NDC directories."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name, (_, words) in DIRECTORIES.items():
            parser.add_argument(f"--{name}", type=Path, help=words)
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day of the directories; today if not given")

    def handle(self, *, as_of: date | None, **options: object) -> None:
        changed = load_all()
        self.stdout.write(
            ", ".join(f"{name}: {rows} rows" for name, rows in changed.items()) or "Tables are up to date."
        )
        try:
            kept = load_directories({name: options.get(name) for name in DIRECTORIES}, as_of or timezone.localdate())
        except FileProblem as problem:
            self.stderr.write(f"{problem}. Nothing was loaded.")
            sys.exit(2)
        for name, counts in kept.items():
            self.stdout.write(f"{name}: {counts}")


@transaction.atomic
def load_directories(paths: dict[str, object], as_of: date) -> dict[str, Kept]:
    """All the directories that were given, or none of them."""
    return {name: DIRECTORIES[name][0](path, as_of) for name, path in paths.items() if isinstance(path, Path)}
