"""Decide eligibility: determine --plan H0001 --year 2026, or try a preset: --criteria esi-2024 --dry-run --json"""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Plan
from accounts.plans import plan_or_error
from eligibility import criteria as criteria_actions
from eligibility.determination import counts, determine
from eligibility.rules import Rules, from_criteria, from_preset, presets, without_directory


class Command(BaseCommand):
    help = "Decide which members of a plan are eligible in a plan year, by its published criteria or by a preset."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="day of the decision; else today, or 31 December of a year that is over",
        )
        parser.add_argument("--criteria", help=f"a preset: {', '.join(presets())}; else the plan's published criteria")
        parser.add_argument(
            "--drug-identity",
            choices=["ndc"],
            help="without a drug directory: every NDC is a drug, and one that nobody knows counts",
        )
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        plan = plan_or_error(options["plan"])
        as_of = day_of(options["year"], options["as_of"])
        if not options["dry_run"]:
            self.write(plan, as_of, options)
        result = counts(plan=plan, rules=rules_for(plan, as_of, options), as_of=as_of)
        self.stdout.write(json.dumps(result) if options["json"] else words(result))

    def write(self, plan: Plan, as_of: date, options: dict[str, Any]) -> None:
        if options["criteria"] or options["drug_identity"]:
            raise CommandError("A preset or another drug identity is only for trying out: add --dry-run.", returncode=2)
        if as_of > timezone.localdate():
            raise CommandError(f"{as_of} is still to come; only --dry-run looks ahead.", returncode=2)
        determine(criteria=published(plan, as_of), as_of=as_of, by=None)


def day_of(year: int, as_of: date | None) -> date:
    if not 2000 <= year <= 2100:
        raise CommandError(f"There is no plan year {year}; give one from 2000 to 2100.", returncode=2)
    if as_of and as_of.year != year:
        raise CommandError(f"{as_of} is not a day of {year}; give a day of the plan year.", returncode=2)
    if as_of is None and year > timezone.localdate().year:
        raise CommandError(f"{year} has not begun; give a day of it with --as-of and --dry-run.", returncode=2)
    return as_of or min(timezone.localdate(), date(year, 12, 31))


def rules_for(plan: Plan, as_of: date, options: dict[str, Any]) -> Rules:
    rules = chosen(plan, as_of, options["criteria"])
    return without_directory(rules) if options["drug_identity"] else rules


def chosen(plan: Plan, as_of: date, name: str | None) -> Rules:
    if not name:
        return from_criteria(published(plan, as_of))
    if name not in presets():
        raise CommandError(f"There is no preset {name!r}; use one of: {', '.join(presets())}.", returncode=2)
    return from_preset(name)


def published(plan: Plan, as_of: date) -> Any:
    if found := criteria_actions.in_force(plan, as_of):
        return found
    raise CommandError(
        f"{plan.code} has no published criteria for {as_of}: publish them, or use --criteria.", returncode=2
    )


def words(result: dict[str, Any]) -> str:
    return (
        f"{result['criteria']} as of {result['as_of']}: of {result['members']} members {result['eligible']} eligible,"
        f" {result['not_eligible']} not eligible, {result['insufficient_data']} without enough data"
    )
