"""Source rules that a linter of ours must see: guards do not join, views ask for a plan's own rows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ["accounts", "members", "claims", "eligibility", "reviews", "letters", "mtm"]
SOURCES = [p for app in APPS for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts]


def joins_in_guarded_updates(source: str) -> list[int]:
    """Lines of .filter(...).update(...) whose filter follows a relation: such a guard lets both of two racers through."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            found += [call.lineno for call in filters_before(node.func.value) if follows_relation(call)]
    return found


def filters_before(node: ast.expr) -> list[ast.Call]:
    calls = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("filter", "exclude"):
            calls.append(node)
        node = node.func.value
    return calls


LOOKUPS = {"in", "lt", "lte", "gt", "gte", "isnull", "contains", "overlap", "exact", "iexact", "startswith"}


def follows_relation(call: ast.Call) -> bool:
    named = [keyword.arg for keyword in ast.walk(call) if isinstance(keyword, ast.keyword) and keyword.arg]
    return any(not set(name.split("__")[1:]) <= LOOKUPS for name in named)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_guard_joins(path: Path) -> None:
    assert joins_in_guarded_updates(path.read_text()) == []


def test_the_guard_rule_sees_a_join() -> None:
    wrong = "Alert.objects.filter(pk=1, member__enrollments__status='enrolled').update(status='claimed')"
    assert joins_in_guarded_updates(wrong) == [1]
    assert joins_in_guarded_updates("Alert.objects.filter(pk=1, rung_at__lt=2).update(status='x')") == []


VIEWS = [p for p in SOURCES if p.name in ("views.py", "api.py") or p.parent.name in ("views", "api")]


def reads_without_a_plan(source: str) -> list[str]:
    """Calls such as Model.objects.filter(...) that do not name a plan at once."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    starts = [call for call in calls if re.search(r"\.objects\.\w+$", ast.unparse(call.func))]
    return [text for call in starts if "plan" not in (text := ast.unparse(call)) and not text.endswith(".none()")]


@pytest.mark.parametrize("path", VIEWS, ids=lambda p: str(p.relative_to(ROOT)))
def test_views_start_from_the_plan(path: Path) -> None:
    """`Model.objects` in a view must go straight on to a plan, so that no row of another plan is found."""
    assert reads_without_a_plan(path.read_text()) == []


def test_the_plan_rule_sees_a_read_of_all_plans() -> None:
    assert reads_without_a_plan("Alert.objects.filter(pk=1)") == ["Alert.objects.filter(pk=1)"]
    assert reads_without_a_plan("Alert.objects.filter(plan=request.plan)") == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 350
