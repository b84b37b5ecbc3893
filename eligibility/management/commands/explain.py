"""Say why a member is or is not eligible on a day: explain --plan H0001 --member -100000000033 --on 2026-06-30"""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.plans import plan_or_error
from eligibility.explain import Explanation, NothingToExplain, explain
from eligibility.why import Node
from members.models import Member

MARKS = {True: "yes", False: "no", None: "?"}


class Command(BaseCommand):
    help = "Say why a member is or is not eligible on a day, with the claims behind each number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True)
        parser.add_argument("--member", required=True, help="the plan's number of the member")
        parser.add_argument("--on", type=date.fromisoformat, help="day of the decision; else today")
        parser.add_argument(
            "--claims", action=argparse.BooleanOptionalAction, default=True, help="list the claims (the usual)"
        )

    def handle(self, **options: Any) -> None:
        member = Member.objects.filter(plan=plan_or_error(options["plan"]), source_id=options["member"]).first()
        if member is None:
            raise CommandError("There is no member of that number in this plan.", returncode=2)
        try:
            found = explain(member=member, on=options["on"] or timezone.localdate())
        except NothingToExplain as nothing:
            raise CommandError(str(nothing), returncode=2) from None
        self.stdout.write("\n".join(lines(found, claims=options["claims"])))


def lines(found: Explanation, *, claims: bool) -> list[str]:
    told = [f"As of {found.as_of}, by {found.criteria}:"]
    if found.misses:
        told.append(f"How near: {'; '.join(found.misses)}.")
    for depth, node in found.root.walk():
        told.append(f"{'  ' * depth}[{MARKS[node.met]}] {node.text}")
        told += [f"{'  ' * depth}      {claim}" for claim in claims_of(node)] if claims else []
    if not found.still_holds and found.stored:
        told.append(f"The decision stored for this day said: {' '.join(found.stored_reasons)}")
        told.append(f"Changed since: {'; '.join(found.changed)}.")
    return told


def claims_of(node: Node) -> list[str]:
    return [
        f"{claim.day} claim {claim.number} {claim.code} {claim.what}"
        + (f" ${claim.cost:,.2f}" if claim.cost is not None else "")
        for claim in node.claims
    ]
