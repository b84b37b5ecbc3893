"""Load a folder of claim files into a plan: python3 manage.py load --plan H0009 --format desynpuf FOLDER"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum

from accounts.plans import plan_or_new
from claims.ingest import feeds
from claims.ingest.load import files_ignored, load_folder
from claims.ingest.problems import FileProblem
from claims.models import LoadFile


class Command(BaseCommand):
    help = "Load members, diagnoses and fills of a plan from a folder of claim files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--plan", required=True, help="contract number, such as H0001; made if it is new")
        parser.add_argument("--format", required=True, help=f"one of: {', '.join(feeds.names())}")
        parser.add_argument("--encoding", default="utf-8", choices=["utf-8", "utf-8-sig", "cp1252"])

    def handle(self, *, folder: Path, plan: str, format: str, encoding: str, **options: object) -> None:
        if format not in feeds.names():
            raise CommandError(f"There is no format {format!r}; use one of: {', '.join(feeds.names())}.", returncode=2)
        owner = plan_or_new(plan)
        loaded = []
        try:
            for file in load_folder(plan=owner, feed=feeds.named(format), folder=folder, encoding=encoding, by=None):
                loaded.append(file)
                self.stdout.write(report(file))
        except FileProblem as problem:
            self.stderr.write(f"{problem}. Nothing of this file was kept.")
            sys.exit(2)
        self.stdout.write(summary(loaded))
        if ignored := files_ignored(feeds.named(format), folder):
            self.stdout.write(f"not of the {format} layouts, not loaded: {', '.join(ignored)}")


def report(file: LoadFile) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(file.rejected_by_reason.items()))
    line = (
        f"{file.name}: received {file.received} = accepted {file.accepted} + duplicate {file.duplicate}"
        f" + rejected {file.rejected}" + (f" ({reasons})" if reasons else "")
    )
    if file.unmapped_ndc is not None:
        line += f"\n    {unmapped(file.unmapped_ndc, file.accepted)}"
    return line + "".join(f"\n    {note}" for note in file.notes)


def unmapped(part: int, whole: int) -> str:
    if not whole:
        return "no fill was accepted"
    return f"{100 * part / whole:.1f} % ({part}) of accepted fills have an NDC without known ingredient"


def summary(loaded: list[LoadFile]) -> str:
    files = LoadFile.objects.filter(pk__in=[file.pk for file in loaded])
    total = files.aggregate(
        received=Sum("received"), accepted=Sum("accepted"), duplicate=Sum("duplicate"), rejected=Sum("rejected")
    )
    return (
        "{files} files: received {received} = accepted {accepted} + duplicate {duplicate} + rejected {rejected}".format(
            files=len(loaded), **total
        )
    )
