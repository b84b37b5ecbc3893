"""The command writes a whole plan into a folder of its own, or says in a sentence why not and leaves nothing."""

import re
import signal
import subprocess
import sys
import time
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Plan
from claims.ingest.load import carry_out, request
from mtm.generator import generate, run
from mtm.generator.edges import EDGES
from mtm.generator.files import MARK

MANAGE = (sys.executable, str(settings.BASE_DIR / "manage.py"), "generate")


def test_the_command_says_what_it_wrote_and_how_it_looks(tmp_path: Path) -> None:
    out = StringIO()
    call_command("generate", members=40, years="2025", seed=1, out=tmp_path, stdout=out)
    assert re.search(r"pde.csv +\d+ rows", out.getvalue())
    assert "eligible, rules of 2025" in out.getvalue()
    readme = (tmp_path / "README.txt").read_text()
    assert readme.startswith("SYNTHETIC DATA, made by the MTM project's generator.")
    assert "--members 40 --years 2025 --seed 1" in readme
    written = {path.name for path in tmp_path.iterdir()} - {"README.txt"}
    assert all(re.search(rf"^{re.escape(name)} +[\d,]+ rows$", readme, re.MULTILINE) for name in written)


def test_the_readme_names_the_members_that_are_there(tmp_path: Path) -> None:
    generate(members=5, years=(2025,), seed=1, out=tmp_path)
    readme = (tmp_path / "README.txt").read_text()
    assert [name in readme for name in EDGES] == [place < 5 for place in range(len(EDGES))]


@pytest.mark.parametrize("name", ["at_risk.csv", "prescribers.csv", "pharmacies.csv"])
def test_a_file_with_place_for_it_says_in_every_row_that_it_is_synthetic(tmp_path: Path, name: str) -> None:
    generate(members=60, years=(2025,), seed=1, out=tmp_path)
    header, *rows = (tmp_path / name).read_text().splitlines()
    assert header.endswith(",note")
    assert rows
    assert all(row.endswith(f",{MARK}") and row.count(",") == header.count(",") for row in rows)


def test_a_year_that_is_not_over_is_not_measured(tmp_path: Path) -> None:
    out = StringIO()
    call_command("generate", members=40, years="2025", out=tmp_path, through=date(2025, 5, 1), stdout=out)
    assert "No complete year to measure." in out.getvalue()


def test_a_year_that_runs_ends_today_so_that_its_files_load(plan: Plan, tmp_path: Path) -> None:
    today = timezone.localdate()
    call_command("generate", members=60, years=f"{today.year}", out=tmp_path / "plan", stdout=StringIO())
    assert f"--through {today}" in (tmp_path / "plan" / "README.txt").read_text()
    asked = request(plan=plan, feed="rif", as_of=today, by=None)
    carry_out(asked, [tmp_path / "plan" / f"beneficiary_{today.year}.csv"])
    assert asked.files.get().rejected == 0


@pytest.mark.parametrize(
    ("members", "years", "through"),
    [
        (0, "2025", None),
        (-1, "2025", None),
        (9_000_000, "2025", None),
        (5, "2026-2024", None),
        (5, "2026-2025", None),
        (5, "last year", None),
        (5, "2025", date(2027, 1, 1)),
    ],
)
def test_wrong_arguments_are_refused(tmp_path: Path, members: int, years: str, through: date | None) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("generate", members=members, years=years, out=tmp_path / "plan", through=through)
    assert refused.value.returncode == 2
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    "wrong",
    [("--seed", "text"), ("--seed", "-1"), ("--members", "-1"), ("--members", "many"), ("--years", "2026-2024")],
    ids="=".join,
)
def test_wrong_words_on_the_command_line_end_in_2_and_a_sentence(tmp_path: Path, wrong: tuple[str, str]) -> None:
    right = {"--members": "5", "--years": "2025", "--out": str(tmp_path / "plan")} | dict([wrong])
    done = subprocess.run([*MANAGE, *(word for each in right.items() for word in each)], capture_output=True, text=True)
    assert done.returncode == 2
    assert wrong[0] in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plan").exists()


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="holds files already") as refused:
        call_command("generate", members=5, years="2025", out=tmp_path)
    assert refused.value.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("below", "said"), [("", "is a file"), ("plan", "Not a directory")])
def test_a_file_is_no_folder(tmp_path: Path, below: str, said: str) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(CommandError, match=said) as refused:
        call_command("generate", members=5, years="2025", out=tmp_path / "taken" / below)
    assert refused.value.returncode == 2
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("there_before", [True, False])
def test_a_run_that_ends_early_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    out = tmp_path if there_before else tmp_path / "new" / "plan"
    monkeypatch.setattr(run.rif_visits, "known", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        generate(members=5, years=(2025,), seed=1, out=out)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_the_middle_leaves_no_folder(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    words = ["--members", "200000", "--years", "2025", "--out", str(out)]
    started = subprocess.Popen([*MANAGE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while started.poll() is None and not (out / "pde.csv.part").exists():
        time.sleep(0.05)
    assert not (out / "pde.csv").exists()
    started.send_signal(signal.SIGINT)
    assert started.wait(timeout=60) == 130
    assert not out.exists()
