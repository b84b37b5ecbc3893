"""The public program page: every fact of the pages plans printed, in both languages, from what is published."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from claims.models import Condition
from eligibility import criteria
from eligibility.models import Criteria, Program
from eligibility.rules import presets
from eligibility.words import LANGUAGES, spanish_conditions, texts
from mtm.lib.reading import grade
from tests import making
from tests.eligibility.printed_facts import ELSEWHERE, PRINTED

PRESETS = list(presets())


pytestmark = pytest.mark.usefixtures("on_the_day")


def answer(path: str, language: str = "") -> Any:
    return Client().get(path, {"lang": language} if language else {})


def words(content: bytes) -> str:
    """The words of a page, as somebody reads them."""
    main = content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", f"<{main}")))


@pytest.fixture
def read(plan: Any, administrator: Any) -> Any:
    """Reads the page of a preset."""

    def page(preset: str, language: str = "") -> str:
        found = making.preset_in_force(plan, preset, administrator)
        return words(answer(f"/programs/H0001/{found.plan_year}/", language).content)

    return page


# What the pages of three plans say, fact by fact


def test_every_fact_is_on_the_page_or_told_to_be_elsewhere() -> None:
    assert sorted([*PRINTED, *ELSEWHERE], key=lambda fact: int(fact[1:])) == [f"S{n}" for n in range(1, 67)]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_says_what_the_plan_printed(preset: str, read: Any) -> None:
    said = read(preset)
    wanted = {fact: by_preset[preset] for fact, by_preset in PRINTED.items() if by_preset.get(preset)}
    missing = {fact: pattern for fact, pattern in wanted.items() if not re.search(pattern, said)}
    assert missing == {}


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_does_not_say_what_only_others_printed(preset: str, read: Any) -> None:
    said = read(preset)
    for words_of_others in {
        "bcbsm-2023": ["Outcomes", "Express Scripts", "URAC", "welcome you", "face to face", "more than \\$"],
        "bcbsma-2022": ["Outcomes", "CVS", "URAC", "face to face", "each month", "4,935.00 a year\\. Or"],
        "bcbsma-2023": ["Express Scripts", "MedWiseRx", "Asthma", "URAC", "face to face", "4,696"],
        "esi-2024": ["Outcomes", "CVS", "Blue Cross", "call to welcome you", "by e-mail", "4,935"],
    }[preset]:
        assert not re.search(words_of_others, said), words_of_others


# In both languages


def test_both_languages_have_the_same_words_with_the_same_names() -> None:
    for key, by_language in texts().items():
        assert set(by_language) == set(LANGUAGES), key
        names = [set(re.findall(r"{(\w+)}", by_language[language])) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_every_coded_condition_has_a_name_in_spanish(db: None) -> None:
    assert set(Condition.objects.values_list("code", flat=True)) == set(spanish_conditions())


def shape(content: bytes) -> list[str]:
    """The elements of a page in their order, without words."""
    main = content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.findall(r"<(/?\w+)", main)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_spanish_page_is_built_as_the_english_one(preset: str, plan: Any, administrator: Any) -> None:
    year = making.preset_in_force(plan, preset, administrator).plan_year
    english, spanish = (answer(f"/programs/H0001/{year}/", language) for language in LANGUAGES)
    assert shape(english.content) == shape(spanish.content)
    assert b'<html lang="es">' in spanish.content
    said = words(spanish.content)
    assert re.search(r"Usted toma 8 o más medicamentos", said)
    assert re.search(r"(al menos|más de) \$4,935\.00|más de \$(4,696|5,330)\.00", said)
    assert not re.search(r"\b(the|you|your|with|program)\b", without_names(said))


def without_names(said: str) -> str:
    """Names of companies and programs stay as they are in any language."""
    facts = Program.objects.get()
    own = [facts.at_risk_program, facts.sponsor, facts.vendor, *facts.joint_entities, facts.joint_product]
    for name in filter(None, own):
        said = said.replace(name.rstrip("."), "")
    return said


def test_a_language_nobody_writes_is_read_in_english(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator)
    assert b'<html lang="en">' in answer("/programs/H0001/", "fr").content


NAMES = (
    *("Medication Therapy Management Program", "Medication Therapy Management", "Comprehensive Medication Review"),
    *("Targeted Medication Review", "Personal Medication List", "Medication Action Plan", "Recommended To-Do List"),
    *(
        "Blue Cross Blue Shield of Massachusetts",
        "Medicare",
        "Medication",
        "BCBSM/BCN internal drug management program",
    ),
    *("pharmacists", "pharmacist", "pharmacy"),
)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_reads_at_grade_six(preset: str, plan: Any, administrator: Any) -> None:
    """What the plan names, and the small print that CMS words, do not count."""
    year = making.preset_in_force(plan, preset, administrator).plan_year
    page = answer(f"/programs/H0001/{year}/").context["page"]
    labels = [row.label for row in Criteria.objects.get().conditions.all()]
    parts = [section for section in page["sections"] if section.id not in ("legal", "contact")]
    said = ". ".join(
        one.rstrip(".:") for part in parts for block in part.blocks for one in block.items if isinstance(one, str)
    )
    assert grade(f"{said}.", names=[*labels, *NAMES]) <= 6


# From what is published


def test_changing_the_criteria_changes_the_page(plan: Any, administrator: Any) -> None:
    published = making.criteria_in_force(plan, administrator)
    before = words(answer("/programs/H0001/").content)
    draft = criteria.draft_next(criteria=published, plan_year=2026, by=administrator)
    coded = {item.label: list(item.coded_as.all()) for item in draft.conditions.all()}
    fields = {"cost_threshold": "1000.00", "minimum_drugs": 5, "reason": "CMS allows it"}
    criteria.change(draft=draft, fields=fields, conditions=coded, by=administrator)
    assert words(answer("/programs/H0001/").content) == before  # a draft shows nothing
    making.published(Criteria.objects.get(pk=draft.pk), administrator, on=date(2026, 7, 1))
    after = words(answer("/programs/H0001/").content)
    assert "cost at least $1,276.00 a year" in before
    assert "cost at least $1,000.00 a year" in after
    assert "$1,276.00" not in after
    assert "You take 5 or more" in after
    assert "in force from July 1, 2026 to December 31, 2026" in after


def test_each_year_has_its_page_and_old_ones_say_that_they_are_old(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator)
    making.preset_in_force(plan, "bcbsma-2022", administrator)
    making.preset_in_force(plan, "bcbsma-2023", administrator)
    now, old = (answer(f"/programs/H0001/{year}").content for year in ("", "2022/"))
    links = re.findall(r'/programs/H0001/(\d+)/"\s+(aria-current)?', old.decode())
    assert links == [("2026", ""), ("2023", ""), ("2022", "aria-current")]
    assert "It is no longer in force." in words(old)
    assert "no longer in force" not in words(now)
    assert "MedWiseRx" in words(old)
    assert "Outcomes" in words(answer("/programs/H0001/2023/").content)


def test_a_year_to_come_says_from_when(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator, year=2027)
    assert "in force from January 1, 2027" in words(answer("/programs/H0001/2027/").content)


@pytest.mark.parametrize(
    "path", ["/programs/H0009/", "/programs/H0009/2026/", "/programs/H0001/2025/", "/programs/H0001/99999/"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_page_is_the_reader_is_told_whom_to_call(
    path: str, language: str, plan: Any, administrator: Any
) -> None:
    making.criteria_in_force(plan, administrator)
    gone = answer(path, language)
    assert gone.status_code == 404
    assert ("number on the back" if language == "en" else "número que está al dorso") in words(gone.content)
    assert ("/programs/H0001/2026/" in gone.content.decode()) == ("H0001" in path)


def test_a_draft_is_nothing_that_the_public_may_read(plan: Any, administrator: Any) -> None:
    criteria.draft_from_preset(plan=plan, preset="esi-2024", plan_year=2026, by=administrator)
    assert answer("/programs/H0001/").status_code == 404
    assert b"/programs/" not in answer("/").content


def test_the_front_page_leads_to_the_page_of_each_plan(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator)
    assert 'href="/programs/H0001/">First Plan' in answer("/").content.decode()


def test_the_page_sets_no_cookie_and_nothing_in_it_runs(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator)
    for path in ("/programs/H0001/", "/programs/H0009/", "/sample-medication-list.pdf"):
        given = answer(path)
        assert not given.cookies
        assert "unsafe" not in given["Content-Security-Policy"]
    page = answer("/programs/H0001/").content.decode()
    assert not re.search(r"<(form|input|style)|<script>", page)


def test_what_a_plan_typed_is_shown_and_not_run(plan: Any, administrator: Any) -> None:
    draft = making.criteria_to_publish(plan, administrator)
    Program.objects.filter(criteria=draft).update(sponsor="<script>{year}</script>")
    making.published(draft, administrator, on=date(2026, 1, 1))
    assert "&lt;script&gt;{year}&lt;/script&gt; offers this program" in answer("/programs/H0001/").content.decode()


def test_the_blank_and_the_sample_list_are_there_to_download(plan: Any, administrator: Any) -> None:
    making.criteria_in_force(plan, administrator)
    page = answer("/programs/H0001/").content.decode()
    for path in ("/blank-medication-list.pdf", "/sample-medication-list.pdf"):
        assert f'href="{path}"' in page
        assert answer(path).content.startswith(b"%PDF")
