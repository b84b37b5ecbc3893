"""Each year of a generated plan looks as published figures say; a run that does not says so and fails."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mtm.generator import generate
from mtm.generator.acceptance import Figures, misses, table
from mtm.generator.calibration import TARGETS, Target
from mtm.generator.run import Outcome
from mtm.management.commands import generate as command
from tests.mtm.generated import Plan
from tests.mtm.measured import measured

YEARS = (2024, 2025, 2026)
FIRST_RULES, NEW_RULES = "eligible, rules of 2024", "eligible, rules of 2025"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("accepted") / "plan"


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    return generate(members=5_800, years=YEARS, seed=1, out=folder)


@pytest.fixture(scope="module")
def counted(folder: Path, outcome: Outcome) -> dict[int, dict[str, float]]:
    """Counted the plain way, from the files."""
    return {year: measured(Plan(folder, year)) for year in YEARS}


@pytest.mark.parametrize("year", YEARS)
def test_every_year_looks_as_published_figures_say(
    counted: dict[int, dict[str, float]], outcome: Outcome, year: int
) -> None:
    members = next(each.members for each in outcome.figures if each.year == year)
    assert list(misses([Figures(year, members, counted[year])])) == []


@pytest.mark.parametrize("year", YEARS)
def test_the_run_measures_itself_as_we_do(counted: dict[int, dict[str, float]], outcome: Outcome, year: int) -> None:
    [figures] = [each for each in outcome.figures if each.year == year]
    assert set(figures.values) == set(counted[year]) == {target.name for target in TARGETS}
    for name, value in figures.values.items():
        assert value == pytest.approx(counted[year][name], rel=0.02), name


@pytest.mark.parametrize(("years", "seed"), [((2025,), 2), ((2024, 2025, 2026), 2), ((2024, 2025, 2026), 3)])
def test_eligible_shares_hold_in_every_year_of_other_plans(years: tuple[int, ...], seed: int, tmp_path: Path) -> None:
    """The first year has no claims of a year before it."""
    figures = generate(members=3_000, years=years, seed=seed, out=tmp_path).figures
    assert [each.year for each in figures] == list(years)
    for each in figures:
        assert 0.06 <= each.values[FIRST_RULES] <= 0.10, each.year
        assert 0.11 <= each.values[NEW_RULES] <= 0.15, each.year


def of(year: int, members: int, share: float) -> Figures:
    right = {target.name: (target.low + target.high) / 2 for target in TARGETS}
    return Figures(year, members, right | {NEW_RULES: share})


def line_of(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(NEW_RULES))


def test_a_row_outside_its_range_is_told_with_its_year() -> None:
    years = [of(2024, 100_000, 0.105), of(2025, 100_000, 0.13)]
    assert line_of(table(years)).endswith("NO (2024)")
    assert list(misses(years)) == ["eligible, rules of 2025: 0.105 in 2024, not from 0.11 to 0.15"]


def test_a_row_for_which_there_are_too_few_members_is_not_judged() -> None:
    years = [of(2024, 500, 0.3)]
    assert line_of(table(years)).endswith("too few members")
    assert list(misses(years)) == []


def test_a_plan_of_a_hundred_thousand_is_judged_by_every_row() -> None:
    assert max(target.least_members for target in TARGETS) < 80_000


def test_the_command_fails_when_a_figure_is_outside_its_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Target("fills of 30 days", 0.9, 1, "nobody", least_members=1)
    monkeypatch.setattr("mtm.generator.acceptance.TARGETS", (wrong,))
    out = StringIO()
    with pytest.raises(
        CommandError, match=r"files are written.*\nfills of 30 days: 0\.\d+ in 2025, not from 0\.9 to 1"
    ) as told:
        call_command("generate", members=60, years="2025", out=tmp_path / "plan", stdout=out)
    assert told.value.returncode == command.OUT_OF_RANGE
    assert re.search(r"fills of 30 days .* NO \(2025\)", out.getvalue())
    assert (tmp_path / "plan" / "README.txt").exists()
