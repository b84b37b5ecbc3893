"""The one place for speed figures: bench determine --members 10000 --json"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mtm import bench


class Command(BaseCommand):
    help = "Time a job on made-up members against a bound measured in the same run; nothing is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help=f"one of: {', '.join(bench.names())}")
        parser.add_argument("--members", type=int, default=10_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, name: str, members: int, **options: Any) -> None:
        if name not in bench.names():
            raise CommandError(f"There is no benchmark {name!r}; use one of: {', '.join(bench.names())}.", returncode=2)
        if members < 1:
            raise CommandError("--members must be 1 or more.", returncode=2)
        result = bench.run(name, members).as_dict()
        self.stdout.write(json.dumps(result) if options["json"] else words(result))
        if not result["equal"]:
            raise CommandError("The fast result differs from the obvious one; no ratio is given.")


def words(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:14} {value}" for name, value in result.items())
