"""The public page of a plan's program in a year: what it shows, and what stands there where no page is."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Plan
from eligibility import program_page
from eligibility.words import ENGLISH, LANGUAGES, SPANISH, say
from mtm.lib.web import one_of

MISSING = ("missing_title", "missing_year", "missing_help", "missing_years")


def language_of(request: HttpRequest) -> str:
    return one_of(request.GET.get("lang"), LANGUAGES) or ENGLISH


def context_of(plan_code: str, plan_year: int, language: str, today: date) -> dict[str, Any]:
    """The frame in the language, with `page` where the plan has one for the year."""
    plan = Plan.objects.filter(code=plan_code).first()
    years = program_page.shown_years(plan) if plan else []
    frame = frame_of(language) | {"plan_code": plan_code, "plan_year": plan_year, "years": years}
    found = program_page.shown(plan, plan_year, today) if plan and plan_year in years else None
    if found is None:
        return frame | {key: say(key, language) for key in MISSING}
    return frame | {"page": page_of(found, language, today)}


def preview_of(criteria: Any, request: HttpRequest, today: date) -> dict[str, Any]:
    """As context_of, of any version; it says that it is a preview and leads to no other year."""
    language = language_of(request)
    page = page_of(criteria, language, today)
    if criteria.published_at is None:
        page["notice"] = say("preview", language)
    return frame_of(language) | {"page": page, "years": []}


def page_of(criteria: Any, language: str, today: date) -> dict[str, Any]:
    downloads = {kind: reverse(f"{kind}-medication-list") for kind in ("blank", "sample")}
    return program_page.page_of(criteria, language=language, today=today, downloads=downloads)


def frame_of(language: str) -> dict[str, Any]:
    """What stands around the page, and the same page in the other language."""
    other = ENGLISH if language == SPANISH else SPANISH
    return {
        "language": language,
        "other": other,
        "query": "" if language == ENGLISH else f"?lang={language}",
        **{key: say(key, language) for key in ("skip", "other_language", "years_label", "years_help", "line_on_card")},
    }
