"""The CMR completion rate of a plan year: cmr_rate --plan H0001 --year 2026 [--json]"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.plans import plan_or_error
from eligibility.reasons import plural
from reviews.completion import LEAST_COUNTED, CompletionRate, completion_rate


class Command(BaseCommand):
    help = "Who took part, who counts, and how many of them had a review, as CMS counts it (Star measure D11)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, plan: str, year: int, **options: Any) -> None:
        rate = completion_rate(plan_or_error(plan), year)
        as_json = json.dumps(asdict(rate) | {"percent": rate.percent})
        self.stdout.write(as_json if options["json"] else report(rate))


def report(rate: CompletionRate) -> str:
    share = f"{rate.percent}%" if rate.percent is not None else f"no rate: CMS wants {LEAST_COUNTED} who count"
    lines = [
        f"{plural(rate.took_part, 'member')} took part; of {rate.counted} who count {rate.reviewed} had a review: {share}",
        f"{plural(rate.to_inspect, 'review')} on the day of an opt-out, which do not count: look at them"
        if rate.to_inspect
        else "",
    ]
    return "\n".join(filter(None, lines))
