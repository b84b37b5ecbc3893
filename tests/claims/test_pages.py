"""Data loads: every received record accounted for, what was rejected and why."""

from datetime import date
from typing import Any

import pytest

from claims.models import LoadFile, RejectedRow

PAGE = "/H0001/loads/"


def load_file(plan: Any, **fields: Any) -> LoadFile:
    known = {"feed": "rif", "kind": "fills", "name": "pde.csv", "sha256": "ab" * 32}
    counts = {"received": 1300, "accepted": 1200, "duplicate": 98, "rejected": 2}
    return LoadFile.objects.create(plan=plan, **known | counts | fields)


@pytest.fixture
def load(plan: Any) -> LoadFile:
    made = load_file(
        plan,
        rejected_by_reason={"no fill date": 2},
        unmapped_ndc=6,
        claims_through=date(2026, 11, 1),
        notes=["does not give prescribers"],
    )
    for line in (7, 3):
        RejectedRow.objects.create(plan=plan, file=made, line=line, reason="no fill date")
    return made


def test_a_load_shows_what_became_of_its_records(administrator: Any, signed_in: Any, load: LoadFile) -> None:
    shown = signed_in(administrator).get(PAGE).content.decode()
    for words in ("pde.csv", "1,300", "1,200", "98", "0.5%", "Nov 1, 2026"):
        assert words in shown


def test_the_rejected_lines_are_told_by_reason_and_in_order(administrator: Any, signed_in: Any, load: LoadFile) -> None:
    shown = signed_in(administrator).get(f"{PAGE}{load.public_id}/").content.decode()
    assert shown.index("Line 3") < shown.index("Line 7")
    for words in ("no fill date", "does not give prescribers", "2 of 2"):
        assert words in shown


def test_a_file_without_fills_has_no_share_of_unknown_codes(administrator: Any, signed_in: Any, plan: Any) -> None:
    clean = load_file(plan, kind="members", received=5, accepted=5, duplicate=0, rejected=0, sha256="")
    shown = signed_in(administrator).get(f"{PAGE}{clean.public_id}/").content.decode()
    assert "Unknown NDC" not in shown
    assert "No record of this file was rejected." in shown


def test_files_come_newest_first_in_pages(administrator: Any, signed_in: Any, plan: Any) -> None:
    made = [load_file(plan, name=f"file {number}") for number in range(51)]
    client = signed_in(administrator)
    first = client.get(PAGE).context["page"]
    second = client.get(PAGE, {"before": first.after})
    assert (first.rows[0], second.context["page"].rows) == (made[-1], [made[0]])
    assert b"Newer" in second.content


def test_a_plan_without_loads_is_told_the_command(administrator: Any, signed_in: Any) -> None:
    assert b"manage.py load FOLDER --plan H0001" in signed_in(administrator).get(PAGE).content


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("auditor", 200), ("pharmacist", 403), ("scheduler", 403)]
)
def test_loads_are_read_by_administrators_and_auditors(
    role: str, status: int, person: Any, signed_in: Any, load: LoadFile
) -> None:
    client = signed_in(person(role))
    assert client.get(PAGE).status_code == client.get(f"{PAGE}{load.public_id}/").status_code == status


def test_a_load_of_another_plan_is_not_found(
    administrator: Any, signed_in: Any, load: LoadFile, other_plan: Any
) -> None:
    elsewhere = load_file(other_plan, name="foreign.csv")
    client = signed_in(administrator)
    assert client.get(f"{PAGE}{elsewhere.public_id}/").status_code == 404
    assert b"foreign.csv" not in client.get(PAGE).content
