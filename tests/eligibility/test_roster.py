"""The roster: searched, filtered, and taken along as a file that no spreadsheet runs."""

import csv
from io import StringIO
from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent
from eligibility import enrollment
from eligibility.models import Determination
from members.models import AtRiskSpell, Member
from tests import making
from tests.conftest import make_member
from tests.making import DAY

PAGE = "/H0001/roster/"


@pytest.fixture
def enrolled(plan: Any, pharmacist: Any) -> list[Member]:
    names = [("Pearl", "Maple", "en"), ("Rosa", "Olmo", "es"), ("=1+1", "Oak", "en")]
    members = [
        make_member(plan, f"R{n}", first_name=first, last_name=last, language=language)
        for n, (first, last, language) in enumerate(names)
    ]
    rows = [making.enrolled(member, pharmacist) for member in members]
    enrollment.opt_out(enrollment=rows[2], reason="no calls", on=DAY, channel="form", by=pharmacist)
    Determination.objects.filter(member=members[1]).update(path="floor")
    AtRiskSpell.objects.create(plan=plan, member=members[1], period=("2026-01-01", "2999-01-01"))
    return members


def shown(client: Any, **filters: str) -> list[str]:
    return [row.member.source_id for row in client.get(PAGE, filters).context["page"].rows]


def test_filters_narrow_the_list(enrolled: list[Member], pharmacist: Any, signed_in: Any) -> None:
    client = signed_in(pharmacist)
    assert shown(client) == ["R0", "R2", "R1"]
    assert shown(client, status="opted_out") == ["R2"]
    assert shown(client, language="es") == ["R1"]
    assert shown(client, path="floor") == ["R1"]
    assert shown(client, at_risk="1") == ["R1"]
    assert shown(client, status="nonsense") == ["R0", "R2", "R1"]
    client.post(PAGE, {"q": "maple"})
    assert shown(client) == ["R0"]


def test_who_may_not_see_charts_cannot_find_out_who_is_at_risk(
    enrolled: list[Member], scheduler: Any, signed_in: Any
) -> None:
    client = signed_in(scheduler)
    assert shown(client, at_risk="1", path="floor") == ["R0", "R2", "R1"]
    page = client.get(PAGE).content.decode()
    assert "At risk" not in page
    assert "CMS floor" not in page
    assert "path" not in client.get(f"{PAGE}export/").content.decode()


def test_the_file_holds_what_the_page_shows_and_runs_nowhere(
    enrolled: list[Member], pharmacist: Any, signed_in: Any
) -> None:
    client = signed_in(pharmacist)
    answer = client.get(f"{PAGE}export/", {"status": "opted_out"})
    [row] = csv.DictReader(StringIO(answer.content.decode()))
    assert (row["member_number"], row["first_name"], row["opt_out_channel"], row["path"]) == (
        *("R2", "'=1+1", "form"),
        "conditions_drugs_cost",
    )
    event = AuditEvent.objects.filter(kind=Kind.MEMBER_LISTED).latest("pk")
    assert event.detail == {"where": "roster export", "members": [enrolled[2].pk]}


def test_an_empty_roster_says_how_it_fills(pharmacist: Any, signed_in: Any) -> None:
    assert b"enrolled by themselves" in signed_in(pharmacist).get(PAGE).content
