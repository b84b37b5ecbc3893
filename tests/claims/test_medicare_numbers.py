"""A Medicare number is one number, however a file writes it."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import Plan
from claims.models import Diagnosis, Fill
from members.models import Identifier, Member
from tests.claims.loading import load_text
from tests.claims.test_feed_834 import interchange, load_834
from tests.conftest import make_member

WAYS = ("1EG4TE5MK73", "1eg4-te5-mk73", "1EG4 TE5 MK73")
FILLS = "member_number,claim_id,filled_on,ndc,cost\n"
DIAGNOSES = "member_number,claim_id,diagnosed_on,codes\n"


@pytest.mark.parametrize("told", WAYS)
@pytest.mark.parametrize("column", ["mbi", "member_number"])
def test_claims_find_the_member_however_either_is_written(plan: Plan, tmp_path: Path, told: str, column: str) -> None:
    members = {"mbi": f"member_number,mbi\nM1,{told}", "member_number": f"member_number\n{told}"}
    files = {
        "members.csv": members[column],
        "fills.csv": FILLS + "\n".join(f"{way},{n},2026-01-05,00093005801,9.50" for n, way in enumerate(WAYS)),
        "diagnoses.csv": DIAGNOSES + "\n".join(f"{way},{n},2026-01-05,I10" for n, way in enumerate(WAYS)),
    }
    load_text(plan, "csv", tmp_path, files)
    assert (Member.objects.count(), Fill.objects.count(), Diagnosis.objects.count()) == (1, 3, 3)


def test_enrollment_finds_the_member_too(plan: Plan, tmp_path: Path) -> None:
    files = {
        "members.csv": "member_number,last_name\n1eg4-te5-mk73,Maple\n1EG4TE5MK73,Maple",
        "identifiers.csv": "member_number,kind,value\n1EG4TE5MK73,former,2eg4-te5-mk73",
        "coverage.csv": "member_number,starts_on\n2EG4TE5MK73,2026-01-01",
    }
    load_text(plan, "csv", tmp_path / "csv", files)
    load_834(plan, tmp_path / "834", interchange("INS*Y*18*021**A***AC\nREF*0F*1EG4-TE5-MK73\nNM1*IL*1*Maple*Pearl"))
    member = Member.objects.get()
    assert (member.source_id, member.first_name, member.coverage.count()) == ("1EG4TE5MK73", "Pearl", 1)
    assert Identifier.objects.filter(kind="former").get().value == "2EG4TE5MK73"


def test_members_made_from_claims_are_one(plan: Plan, tmp_path: Path) -> None:
    fills = FILLS + "\n".join(f"{way},{n},2026-01-05,00093005801,9.50" for n, way in enumerate(WAYS))
    load_text(plan, "csv", tmp_path, {"fills.csv": fills}, members_from_claims=True)
    assert (Member.objects.get().source_id, Fill.objects.count()) == ("1EG4TE5MK73", 3)


def test_other_numbers_are_kept_as_they_are_sent(plan: Plan, tmp_path: Path) -> None:
    load_text(plan, "csv", tmp_path, {"members.csv": "member_number\nab-1\nAB1"})
    assert set(Member.objects.values_list("source_id", flat=True)) == {"ab-1", "AB1"}


def test_members_that_were_loaded_before_are_found(plan: Plan) -> None:
    member = make_member(plan, "1eg4-te5-mk73")
    with connection.cursor() as cursor:
        cursor.execute(import_module("members.migrations.0009_packages_and_numbers_as_sent").NUMBERS)
    assert Identifier.objects.get(value="1EG4TE5MK73", leads=True).member == member
