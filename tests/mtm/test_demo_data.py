"""The demonstration data: synthetic, labelled, the same every time, and only in a demonstration."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import Plan, User
from accounts.permissions import Role
from claims.models import Fill, LoadFile
from eligibility.enrollment import enroll_eligible
from eligibility.models import Criteria, Enrollment
from members.models import Member
from mtm.demo import build
from mtm.state import state_hash
from reviews.models import Alert, SweepRun

TODAY = date(2026, 11, 20)


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    monkeypatch.setattr(build, "PLANS", (("H0001", "Demo (synthetic)", 400), ("H0002", "Second (synthetic)", 40)))
    return build.build(TODAY)


def test_every_step_of_the_program_has_something_to_show(demo: list[dict[str, str]]) -> None:
    plan = Plan.objects.get(code="H0001")
    assert Enrollment.objects.active(plan).count() > 10
    assert set(Alert.objects.in_queue(plan).values_list("category", flat=True)) == {
        *("safety", "cost", "adherence", "guideline")
    }
    assert list(Criteria.objects.filter(plan=plan).values_list("plan_year", "status")) == [
        (2027, "draft"),
        (2026, "published"),
    ]


def test_building_it_again_adds_nothing(demo: list[dict[str, str]]) -> None:
    plan = Plan.objects.get(code="H0001")
    before = state_hash(plan), User.objects.count(), Fill.objects.count()
    build.build(TODAY)
    assert (state_hash(plan), User.objects.count(), Fill.objects.count()) == before


def test_a_build_cut_short_leaves_no_half_plan_behind(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PLANS", (("H0001", "Demo (synthetic)", 100),))
    monkeypatch.setattr(build, "enroll_eligible", killed)
    with pytest.raises(KeyboardInterrupt):
        build.build(TODAY)
    monkeypatch.setattr(build, "enroll_eligible", enroll_eligible)
    assert not LoadFile.objects.exists()
    assert not Member.objects.exists()
    build.build(TODAY)
    assert Member.objects.count() == 100
    assert SweepRun.objects.filter(status="done").count() == 1


def killed(**given: object) -> None:
    raise KeyboardInterrupt


def test_it_is_labelled_and_cannot_be_real(demo: list[dict[str, str]]) -> None:
    assert set(LoadFile.objects.values_list("name", flat=True)) == {"synthetic demonstration data"}
    assert all("synthetic" in plan.name for plan in Plan.objects.all())
    assert all(set(mbi) & set("SLOIBZ") for mbi in Member.objects.values_list("mbi", flat=True))
    assert all(re.fullmatch(r"1-800-555-\d{4}", phone) for phone in Member.objects.values_list("phone", flat=True))
    assert all(ndc.startswith("99999") for ndc in Fill.objects.values_list("ndc", flat=True).distinct())


def test_there_is_one_sign_in_a_role(demo: list[dict[str, str]]) -> None:
    assert [row["role"] for row in demo] == [role for role in Role if role != Role.SERVICE]
    assert all(User.objects.get(email=row["email"]).check_password(row["password"]) for row in demo)


@override_settings(DEMO=False)
def test_production_refuses_it(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()


@override_settings(DEMO=True)
def test_the_command_prints_the_sign_ins_as_json(demo: list[dict[str, str]]) -> None:
    out = StringIO()
    call_command("load_demo", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"sign_ins": demo}
