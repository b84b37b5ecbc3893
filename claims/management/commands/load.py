"""Load files of a feed into a plan: python3 manage.py load --plan H0009 --format desynpuf FOLDER"""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.plans import plan_or_new
from claims.ingest import feeds, mapping
from claims.ingest.load import carry_out, folder_files, request, totals
from claims.ingest.problems import FileProblem
from claims.ingest.progress_table import teller
from claims.models import Load, LoadFile


class Command(BaseCommand):
    help = "Load members, diagnoses and fills of a plan: the files of a folder, or the files named, all or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", type=Path, nargs="+", metavar="FOLDER_OR_FILE")
        parser.add_argument("--plan", required=True, help="contract number, such as H0001; made if it is new")
        parser.add_argument("--format", required=True, help=f"one of: {', '.join(feeds.names())}")
        parser.add_argument("--encoding", default="utf-8", choices=["utf-8", "utf-8-sig", "cp1252"])
        parser.add_argument("--unended", action="store_true", help="the last line is whole though it has no line break")
        parser.add_argument(
            "--mapping",
            default="",
            help="how the columns of others become ours (csv only): a YAML file, or one of "
            f"{', '.join(mapping.shipped())}; a mapping.yaml among the files is taken without asking",
        )
        parser.add_argument(
            "--members-from-claims",
            action="store_true",
            help="claims of unknown members make them: a number, and nothing else is known of them",
        )
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="the day of the load; today")

    def handle(self, *, paths: list[Path], plan: str, format: str, as_of: date | None, **options: object) -> None:
        if format not in feeds.names():
            raise CommandError(f"There is no format {format!r}; use one of: {', '.join(feeds.names())}.", returncode=2)
        owner = plan_or_new(plan)
        try:
            files = [file for path in paths for file in folder_files(path)]
            given = {name: options[name] for name in ("encoding", "unended", "members_from_claims") if options[name]}
            if format == "csv" and options["mapping"]:
                given["mapping"] = mapping.named(str(options["mapping"]))
            load = request(plan=owner, feed=format, as_of=as_of or timezone.localdate(), options=given, by=None)
            carry_out(load, files, tell=teller(load))
        except FileProblem as problem:
            self.stderr.write(f"{problem}. Nothing of this load was kept.")
            sys.exit(2)
        self.stdout.write(report(load))


def report(load: Load) -> str:
    lines = [line for file in load.files.order_by("pk") for line in of_file(file)]
    lines.append(f"{load.files.count()} files: {balance(totals(load))}")
    if load.ignored:
        lines.append(f"not of the {load.feed} layouts, not loaded: {', '.join(load.ignored)}")
    return "\n".join(lines)


def of_file(file: LoadFile) -> list[str]:
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(file.rejected_by_reason.items()))
    lines = [f"{file.name}: {balance(vars(file))}" + (f" ({reasons})" if reasons else "")]
    if file.received_cost:
        lines.append(f"    {in_dollars(file)}")
    if file.unmapped_ndc is not None:
        lines.append(f"    {unmapped(file.unmapped_ndc, file.fills or 0)}")
    lines += [f"    claims through {file.claims_through}"] if file.claims_through else []
    lines += [f"    {note}" for note in file.notes]
    return lines + [f"    {found['name']}: {found['count']}. {found['text']}" for found in file.findings]


def balance(of: dict[str, int | Decimal]) -> str:
    return "received {received} = accepted {accepted} + duplicate {duplicate} + rejected {rejected}".format(**of)


def in_dollars(file: LoadFile) -> str:
    return (
        f"in dollars {file.received_cost} = accepted {file.accepted_cost} + duplicate {file.duplicate_cost}"
        f" + rejected {file.rejected_cost}"
    )


def unmapped(part: int, whole: int) -> str:
    if not whole:
        return "none of its fills is new"
    return f"{100 * part / whole:.1f} % ({part}) of its fills have an NDC without known ingredient"
