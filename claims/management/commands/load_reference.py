"""Bring the shipped tables up to date; with --drugs also a directory of NDCs: load_reference --drugs FILE"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from claims.ingest.problems import FileProblem
from claims.ndc_directory import load_directory
from claims.reference_tables import load_all


class Command(BaseCommand):
    help = "Load the drug, class, set, interaction and condition tables that ship with the product."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drugs", type=Path, help="NDC to ingredient, from RxNorm (csv or csv.gz)")

    def handle(self, *, drugs: Path | None, **options: object) -> None:
        changed = load_all()
        self.stdout.write(
            ", ".join(f"{name}: {rows} rows" for name, rows in changed.items()) or "Tables are up to date."
        )
        if drugs:
            try:
                counts = load_directory(drugs)
            except FileProblem as problem:
                self.stderr.write(f"{problem}. Nothing was loaded.")
                sys.exit(2)
            self.stdout.write(f"{counts['products']} products, {counts['new_ingredients']} new ingredients")
