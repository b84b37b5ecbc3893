"""Changing what a draft's page says: what cannot be, what to beware of, and the save that no second person overwrites."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from eligibility.edition import StaleEdition
from eligibility.models import Criteria, PhoneLine, Program
from eligibility.program import Facts, edition_of, facts_of, write
from eligibility.validator import of_documents
from mtm.lib.transitions import TransitionNotAllowed

CONTRACT, NUMBER = re.compile("[A-Z][0-9]{4}"), re.compile("(?=(-*[0-9]){10})[0-9-]{10,20}")
Problems = dict[str, list[str]]


@transaction.atomic
def change(*, program: Program, edition: str, facts: Facts, by: User) -> Program:
    """Write all facts of a draft's page, unless somebody was faster; the criteria are locked so that savers take turns."""
    criteria = Criteria.objects.select_for_update().get(pk=program.criteria_id)
    if criteria.status != Criteria.Status.DRAFT:
        raise TransitionNotAllowed(criteria, to="changed", found=criteria.get_status_display())
    current = Program.objects.get(pk=program.pk)
    if edition_of(current) != edition:
        raise StaleEdition
    before = facts_of(current)
    after = facts_of(write(current, facts))
    changed = {name: [str(before[name]), str(after[name])] for name in after if before[name] != after[name]}
    audit.record(audit.Kind.PROGRAM_CHANGED, by=by, plan=criteria.plan, subject=criteria, detail={"fields": changed})
    return current


def problems_of(facts: Facts) -> Problems:
    """What the tables would refuse, and what contradicts itself, by the name of the fact."""
    lists = {
        "lines": [*twice(line["purpose"] for line in facts["lines"]), *each_line(facts["lines"])],
        "accreditations": twice((row["body"], row["name"]) for row in facts["accreditations"]),
    }
    return own_problems(facts) | {name: texts for name, texts in lists.items() if texts}


def own_problems(facts: Facts) -> Problems:
    """Those of the facts that are no list of rows."""
    found = {
        "by_phone": no_way(facts),
        "slot_minutes": outside(facts["slot_minutes"], 10, 120),
        "delivery_days": outside(facts["delivery_days"], 1, 14),
        "joint_entities": half_a_joint_enterprise(facts),
        "contracts": [f"{code} is no contract number." for code in facts["contracts"] if not CONTRACT.fullmatch(code)],
    }
    return {name: texts for name, texts in found.items() if texts}


def no_way(facts: Facts) -> list[str]:
    ways = (facts["by_phone"], facts["face_to_face"], facts["by_video"])
    return [] if any(ways) else ["Reviews take place by phone, face to face or by video: choose at least one."]


def outside(number: int, least: int, most: int) -> list[str]:
    return [] if least <= number <= most else [f"Give {least} to {most}."]


def half_a_joint_enterprise(facts: Facts) -> list[str]:
    if bool(facts["joint_product"]) == bool(facts["joint_entities"]):
        return []
    return ["A joint enterprise needs both the name of the plan and its companies."]


def twice(names: Iterable[Any]) -> list[str]:
    return ["Each may be given once."] if any(number > 1 for number in Counter(names).values()) else []


def each_line(lines: Iterable[Facts]) -> list[str]:
    return [problem for line in lines for problem in (*number_problems(line), *hours_problems(line["hours"]))]


def number_problems(line: Facts) -> list[str]:
    if line["on_card"] and line["number"]:
        return ["Give a number, or say that it is on the member ID card, not both."]
    if line["on_card"] or NUMBER.fullmatch(line["number"]):
        return []
    return ["Give the number with digits and hyphens, such as 1-800-555-0100."]


def hours_problems(seasons: Iterable[Facts]) -> list[str]:
    found = [problem for hours in seasons for problem in order_problems(hours)]
    months = Counter(month for hours in seasons for month in months_of(hours["from_month"], hours["to_month"]))
    return found + (["Two seasons of a line share a month."] if any(n > 1 for n in months.values()) else [])


def order_problems(hours: Facts) -> list[str]:
    return ["A line opens before it closes."] if hours["opens"] >= hours["closes"] else []


def months_of(first: int, last: int) -> list[int]:
    """April to September; October to March runs over the new year."""
    return list(range(first, last + 1)) if first <= last else [*range(first, 13), *range(1, last + 1)]


def warnings_of(program: Program, today: date) -> list[str]:
    """What the page may lack or have kept from where it was copied."""
    year, lines = program.criteria.plan_year, list(program.lines.prefetch_related("hours"))
    questions = [line for line in lines if line.purpose == PhoneLine.Purpose.QUESTIONS]
    found = {
        "It names another sponsor than this plan.": program.sponsor != program.plan.name,
        "No line for questions is given (42 CFR 423.2265).": not questions,
        "A line has no hours (42 CFR 423.2265).": any(line.number and not line.hours.all() for line in lines),
        "The day of the last change is in the future.": bool(program.updated_on and program.updated_on > today),
    }
    return [*(text for text, holds in found.items() if holds), *of_documents(program, year)]
