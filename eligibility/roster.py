"""Who takes part in a plan year: a list that can be searched and filtered, and the same as a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Plan
from claims.masking import neutral
from eligibility.models import Determination, Enrollment
from members.models import AtRiskSpell, Member
from mtm.lib.web import one_of

HEADER = (
    *("member_number", "last_name", "first_name", "language", "plan_year", "status", "enrolled_on", "offer_due_on"),
    *("opted_out_on", "opt_out_channel", "opt_out_lasts", "end_reason", "ended_on"),
)


@dataclass(frozen=True)
class Filters:
    """`path` and `at_risk` are asked for only by those who may see charts."""

    plan_year: int | None
    words: str = ""
    status: str = ""
    language: str = ""
    path: str = ""
    at_risk: bool = False


def asked(plan: Plan, given: Mapping[str, str], *, words: str, clinical: bool) -> Filters:
    """What an address asks for; a value that nothing could have is no filter."""
    year = one_of(given.get("year"), years(plan))
    return Filters(
        plan_year=int(year) if year else None,
        words=words,
        status=one_of(given.get("status"), Enrollment.Status.values),
        language=one_of(given.get("language"), languages(plan)),
        path=one_of(given.get("path"), dict(PATHS)) if clinical else "",
        at_risk=clinical and given.get("at_risk") == "1",
    )


def roster(plan: Plan, wanted: Filters, today: date) -> QuerySet[Enrollment]:
    members = Member.objects.of_plan(plan).matching(wanted.words)
    found = Enrollment.objects.filter(plan=plan, member__in=members)
    exact = {
        "plan_year": wanted.plan_year,
        "status": wanted.status,
        "member__language": wanted.language,
        "determination__path": wanted.path,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.at_risk:
        spell = AtRiskSpell.objects.filter(member=OuterRef("member"), status="at_risk", period__contains=today)
        found = found.filter(Exists(spell))
    return found.select_related("member", "determination")


def years(plan: Plan) -> list[int]:
    return list(
        Enrollment.objects.filter(plan=plan).order_by("-plan_year").values_list("plan_year", flat=True).distinct()
    )


def languages(plan: Plan) -> list[str]:
    spoken = Member.objects.of_plan(plan).exclude(language="").order_by("language")
    return list(spoken.values_list("language", flat=True).distinct())


def lines(found: Iterable[Enrollment], *, with_paths: bool) -> Iterator[list[str]]:
    """The roster as rows of a CSV file, in which no cell can be run as a formula."""
    yield [*HEADER, "path"] if with_paths else [*HEADER]
    for row in found:
        cells: list[Any] = [
            *(row.member.source_id, row.member.last_name, row.member.first_name, row.member.language, row.plan_year),
            *(row.status, row.enrolled_on, row.cmr_offer_due_on, row.opted_out_on, row.opt_out_channel),
            *(row.opt_out_lasts if row.opted_out_on else "", row.end_reason, row.ended_on),
        ]
        cells += [row.determination.path] if with_paths else []
        yield [neutral("" if cell is None else str(cell)) for cell in cells]


PATHS = [(value, label) for value, label in Determination.Path.choices if value != Determination.Path.NONE]
