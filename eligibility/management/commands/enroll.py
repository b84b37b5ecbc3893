"""Enroll the eligible members of a plan: enroll --plan H0001 --year 2026 [--on DATE]"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.plans import plan_or_error
from eligibility.enrollment import EnrollmentProblem, enroll_eligible


class Command(BaseCommand):
    help = "Enroll every member whom the latest determination of the plan year found eligible."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--on", type=date.fromisoformat, help="date of enrollment; else today")

    def handle(self, *, plan: str, year: int, on: date | None, **options: Any) -> None:
        day = on or timezone.localdate()
        try:
            enrolled = enroll_eligible(plan=plan_or_error(plan), plan_year=year, on=day, by=None)
        except EnrollmentProblem as problem:
            raise CommandError(f"{problem} Use --on with a day of that year.", returncode=2) from None
        self.stdout.write(f"{enrolled} members newly enrolled for {year}")
