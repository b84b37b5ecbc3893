"""The benchmark tells the truth, and the fast determination equals the obvious one."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Plan
from claims.models import Fill
from eligibility.determination import parameters
from eligibility.rules import from_preset, presets
from members.models import AtRiskSpell, Member
from mtm import bench
from mtm.bench import determine
from mtm.bench._obvious import decide_slowly
from mtm.lib import sql

KEYS = {"bench", "size", "seconds", "rate", "bound_seconds", "ratio", "peak_mib", "workers"}


def test_it_prints_one_json_object_and_keeps_nothing(db: None) -> None:
    out = StringIO()
    call_command("bench", "determine", members=50, json=True, stdout=out)
    result = json.loads(out.getvalue())
    assert result.keys() >= KEYS
    assert result["equal"] is True
    assert not Plan.objects.filter(code="Z9999").exists()
    assert not Fill.objects.exists()


def test_no_ratio_when_the_results_differ(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(determine, "decide_slowly", lambda *_: {1: "eligible"})
    assert bench.run("determine", 20).ratio is None


@pytest.mark.parametrize(("name", "members"), [("nothing", 10), ("determine", 0)])
def test_wrong_arguments_are_refused(db: None, name: str, members: int) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("bench", name, members=members)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("preset", presets())
def test_the_statement_decides_as_the_obvious_loop_does(db: None, preset: str) -> None:
    plan = determine.scratch_plan(250)
    first = Member.objects.of_plan(plan).order_by("pk")
    AtRiskSpell.objects.create(plan=plan, member=first[3], period=("2023-06-01", "2024-06-01"))
    Member.objects.filter(pk=first[5].pk).update(esrd=True)
    Member.objects.filter(pk=first[7].pk).update(death_date="2023-12-30")
    rules = from_preset(preset)
    rows = sql.rows("eligibility", "decide", **parameters(plan, rules, determine.AS_OF, "ingredient"))
    fast = {row["member_id"]: row["outcome"] for row in rows}
    assert fast == decide_slowly(plan, rules, determine.AS_OF, [member.pk for member in first])
    assert set(fast.values()) >= {"eligible", "not_eligible"}
