"""Fill an empty system with labelled synthetic plans, members and staff. Runs in demonstration mode only."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mtm.demo.build import build


class Command(BaseCommand):
    help = "Load the synthetic demonstration data; running it again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the sign-ins as one JSON object")

    def handle(self, *, json: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data has known passwords. Set MTM_DEMO=1 if this is a demonstration.")
        sign_ins = build(timezone.localdate())
        self.stdout.write(as_json(sign_ins) if json else as_table(sign_ins))


def as_json(sign_ins: list[dict[str, str]]) -> str:
    return json.dumps({"sign_ins": sign_ins})


def as_table(sign_ins: list[dict[str, str]]) -> str:
    return "\n".join(f"{row['role']:15} {row['email']:30} {row['password']}" for row in sign_ins)
