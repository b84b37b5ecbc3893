"""Hash what was decided for a plan: state_hash --plan H0001"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.plans import plan_or_error
from mtm.state import state_hash


class Command(BaseCommand):
    help = "One JSON object: a SHA-256 over determinations, enrollments, alerts, letters, and all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)

    def handle(self, *, plan: str, **options: Any) -> None:
        self.stdout.write(json.dumps(state_hash(plan_or_error(plan))))
