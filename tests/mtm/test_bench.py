"""The benchmark tells the truth, and the fast determination equals the traced one."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Plan, User
from claims.models import DrugProduct, Fill, Ingredient, PlanDrugFlag, PlanDrugMapping
from eligibility.criteria import draft_from_preset
from eligibility.determination import parameters
from eligibility.explain import traces
from eligibility.models import Determination
from eligibility.rules import from_preset, presets
from members.models import AtRiskSpell, Member, MemberSpan
from mtm import bench
from mtm.bench import determine
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


def test_it_times_the_statement_that_writes_a_decision_for_each_member(db: None) -> None:
    plan = determine.scratch_plan(30)
    criteria = draft_from_preset(plan=plan, preset=determine.PRESET, plan_year=2023, by=None)
    assert [determine.decide_and_write(criteria) for _ in range(2)] == [30, 30]
    assert not Determination.objects.exists()


def test_no_ratio_when_the_results_differ(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(determine, "traces", lambda **_: {})
    assert bench.run("determine", 20).ratio is None


@pytest.mark.parametrize(("name", "members"), [("nothing", 10), ("determine", 0)])
def test_wrong_arguments_are_refused(db: None, name: str, members: int) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("bench", name, members=members)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("preset", presets())
def test_the_statement_decides_as_the_traces_say(db: None, preset: str) -> None:
    plan = determine.scratch_plan(250)
    first = Member.objects.of_plan(plan).order_by("pk")
    AtRiskSpell.objects.create(plan=plan, member=first[3], period=("2023-06-01", "2024-06-01"))
    MemberSpan.objects.create(plan=plan, member=first[5], kind="esrd", period=("2022-06-01", "2022-07-01"))
    Member.objects.filter(pk=first[7].pk).update(death_date="2023-12-30")
    make_drugs_harder(plan)
    rules = from_preset(preset)
    rows = sql.rows("eligibility", "decide", **parameters(plan, rules, determine.AS_OF))
    fast = {row["member_id"]: row["outcome"] for row in rows}
    slow = traces(plan=plan, rules=rules, as_of=determine.AS_OF, members=[member.pk for member in first])
    assert fast == {member: found.outcome for member, found in slow.items()}
    assert set(fast.values()) >= {"eligible", "not_eligible"}


def make_drugs_harder(plan: Plan) -> None:
    """Of the codes of the fills: one in five flagged, one in seven named by another package, one in eleven by hand.

    Packages of one product contradict each other in the scratch plan, so what no package names is unknown there.
    """
    by = User.objects.create_user("bench@example.org", full_name="Bench")
    codes = list(DrugProduct.objects.filter(source="benchmark").order_by("ndc").values_list("ndc", flat=True))
    for number, ndc in enumerate(codes):
        fills = Fill.objects.filter(plan=plan, ndc=ndc)
        if number % 5 == 0:
            flag = "YNS"[number % 3]
            PlanDrugFlag.objects.create(plan=plan, ndc=ndc, maintenance=flag, source="x", set_on=determine.AS_OF)
        if number % 7 == 0:
            DrugProduct.objects.filter(ndc=ndc).update(ndc=f"96666{number:04}01")
            fills.update(ndc=f"96666{number:04}02")
        elif number % 11 == 0:
            fills.update(ndc=f"95555{number:04}01")
            mapping = PlanDrugMapping.objects.create(plan=plan, ndc=f"95555{number:04}01", reason="x", mapped_by=by)
            mapping.ingredients.set(
                Ingredient.objects.order_by("pk")[number : number + 2], through_defaults={"plan": plan}
            )
        elif number % 13 == 0:
            fills.update(ndc=f"{ndc[:9]}99")
