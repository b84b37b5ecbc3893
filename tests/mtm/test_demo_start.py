"""Where the demonstration data must not come to be: half of it after a kill, and all of it in production."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from claims.models import Load, LoadFile
from eligibility.enrollment import enroll_eligible
from members.models import Member
from mtm.demo import build, program
from reviews.models import SweepRun

TODAY = date(2026, 11, 20)


def test_a_build_cut_short_leaves_no_half_plan_behind(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PLANS", (("H0001", "Demo (synthetic)", 100),))
    monkeypatch.setattr(program, "enroll_eligible", killed)
    with pytest.raises(KeyboardInterrupt):
        build.build(TODAY)
    monkeypatch.setattr(program, "enroll_eligible", enroll_eligible)
    assert not LoadFile.objects.exists()
    assert not Load.objects.exists()
    assert not Member.objects.exists()
    build.build(TODAY)
    assert Member.objects.count() == 100
    assert SweepRun.objects.filter(status="done").count() == 1


def killed(**given: object) -> None:
    raise KeyboardInterrupt


@override_settings(DEMO=False)
def test_production_refuses_it(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
