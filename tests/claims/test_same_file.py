"""The same content again is known without being read, unless one of its records might be judged otherwise now."""

from pathlib import Path

import pytest

from accounts.models import Plan
from claims.models import LoadFile
from tests.claims.loading import load_text

MEMBERS = "member_number,first_name,last_name,birth_date,death_date,as_of\n"
NUMBERS = "member_number,kind,value,starts_on,ends_on,as_of\n"
OTHERS = ("A,other,B,,,2026-01-31", "B,former,A,,,2026-02-28")
# What is known first, the file that is refused for it, and what lets it in.
STATE = [
    (
        "already the number of another member",
        {"identifiers": NUMBERS + OTHERS[0]},
        {"identifiers": NUMBERS + OTHERS[1]},
    ),
    (
        "died before being born",
        {"members": MEMBERS + "C,,,,1940-01-01,2026-02-01"},
        {"members": MEMBERS + "C,,,1930-01-01,,2026-03-01"},
    ),
    (
        "ends before it starts",
        {"identifiers": NUMBERS + "C,mbi,1S00ZZ00100,,2025-06-30,2026-02-01"},
        {"identifiers": NUMBERS + "C,mbi,1S00ZZ00100,2020-01-01,,2026-03-01"},
    ),
    (
        "unknown member",
        {"coverage": "member_number,starts_on\nX,2026-01-01"},
        {"members": MEMBERS + "X,,,,,2026-03-01"},
    ),
]
KNOWN = {
    "members.csv": MEMBERS + "A,,,,,2026-01-01\nB,,,,,2026-01-01\nC,,,1950-01-01,,2026-01-01",
    "identifiers.csv": NUMBERS + "C,mbi,1S00ZZ00100,2026-01-01,,2026-01-01",
}


def load_one(plan: Plan, folder: Path, files: dict[str, str]) -> LoadFile:
    [file] = load_text(plan, "csv", folder, {f"{name}.csv": text for name, text in files.items()}).values()
    return file


@pytest.mark.parametrize(("reason", "refused", "lets_in"), STATE)
def test_what_was_refused_for_what_was_known_then_is_judged_again(
    plan: Plan, tmp_path: Path, reason: str, refused: dict[str, str], lets_in: dict[str, str]
) -> None:
    load_text(plan, "csv", tmp_path / "known", KNOWN)
    assert load_one(plan, tmp_path / "first", refused).rejected_by_reason == {reason: 1}
    load_one(plan, tmp_path / "more", lets_in)
    again = load_one(plan, tmp_path / "again", refused)
    assert (again.rejected, again.accepted + again.duplicate) == (0, 1)


def test_what_is_wrong_in_itself_is_told_again_without_being_read(plan: Plan, tmp_path: Path) -> None:
    wrong = {"members": MEMBERS + "A,,,1950-13-01,,2026-01-01\nB,,,,,2026-01-01"}
    load_one(plan, tmp_path / "first", wrong)
    again = load_one(plan, tmp_path / "again", wrong)
    assert (again.duplicate, again.rejected_by_reason) == (1, {"no valid birth date": 1})
    assert "same file" in [found["name"] for found in again.findings]
