"""The demonstration data: synthetic, labelled, the same every time, and only in a demonstration."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import Plan, User
from accounts.permissions import Role
from claims.models import Fill, Load, LoadFile, RejectedRow
from eligibility.determination import parameters
from eligibility.models import Criteria, Determination, Enrollment
from eligibility.rules import from_criteria
from letters.models import Letter
from members.models import ContactPreference, CoverageSpan, Member, Representative
from mtm.demo import build
from mtm.lib import sql
from mtm.state import state_hash
from reviews.models import Alert, Appointment, Cmr
from reviews.rules import RULES
from reviews.scheduling import call_list

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[dict[str, str]]]:
    """Built once for all tests here, each of which takes back what it changes."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(build, "PLANS", (("H0001", "Demo (synthetic)", 400), ("H0002", "Second (synthetic)", 40)))
        yield build.build(TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def demo(built: list[dict[str, str]], db: None) -> list[dict[str, str]]:
    return built


def test_every_step_of_the_program_has_something_to_show(demo: list[dict[str, str]]) -> None:
    plan = Plan.objects.get(code="H0001")
    assert Enrollment.objects.active(plan).count() > 10
    assert set(Alert.objects.in_queue(plan).values_list("rule", flat=True)) == {rule.slug for rule in RULES}
    assert set(Alert.objects.in_queue(plan).values_list("category", flat=True)) == {
        *("safety", "cost", "adherence", "guideline")
    }
    assert list(Criteria.objects.filter(plan=plan).values_list("plan_year", "status")) == [
        (2027, "draft"),
        (2026, "published"),
    ]


def test_reviews_are_owed_booked_under_way_and_finished(demo: list[dict[str, str]]) -> None:
    plan = Plan.objects.get(code="H0001")
    assert call_list(plan).exclude(member__phone="").count() > 10
    assert Appointment.objects.filter(plan=plan, status="booked").count() == 4
    assert sorted(Cmr.objects.filter(plan=plan).values_list("status", flat=True)) == ["completed", "in_progress"]
    assert Letter.objects.filter(plan=plan).exists()


@pytest.mark.parametrize("code", ["H0001", "H0002"])
def test_a_few_members_show_what_claims_do_not_tell(demo: list[dict[str, str]], code: str) -> None:
    members = Member.objects.of_plan(Plan.objects.get(code=code))
    assert 0 < members.filter(language="es").count() < members.count() / 5
    assert members.filter(spans__kind="hospice", spans__period__contains=TODAY).exists()
    assert members.filter(at_risk_spells__status="at_risk", at_risk_spells__period__contains=TODAY).exists()
    assert ContactPreference.objects.in_force(TODAY).filter(plan__code=code, wish="never").exists()
    assert Representative.objects.authorised(TODAY).filter(plan__code=code).exists()


STORED = ("outcome", "path", "conditions", "drugs", "drug_count", "drug_cost", "at_risk", "reasons")


def test_every_decision_comes_out_again_from_what_is_stored(demo: list[dict[str, str]]) -> None:
    """By the criteria and the day it was made with, whatever came after (T69)."""
    runs = Determination.objects.values_list("criteria", "as_of").distinct()
    assert runs
    for key, as_of in runs:
        criteria = Criteria.objects.get(pk=key)
        stored = Determination.objects.filter(criteria=criteria, as_of=as_of).values("member_id", *STORED)
        again = sql.rows("eligibility", "decide", **parameters(criteria.plan, from_criteria(criteria), as_of))
        decided = {row["member_id"]: tuple(row[name] for name in STORED) for row in again}
        assert {row["member_id"]: tuple(row[name] for name in STORED) for row in stored} == decided


@pytest.mark.parametrize("code", ["H0001", "H0002"])
def test_who_is_eligible_is_in_the_program_or_left_it(demo: list[dict[str, str]], code: str) -> None:
    """Eligible = enrolled + opted out + ended, member by member (T70)."""
    plan = Plan.objects.get(code=code)
    eligible = Determination.objects.filter(plan=plan, outcome="eligible").values_list("member", flat=True)
    enrollments = Enrollment.objects.filter(plan=plan)
    assert sorted(set(eligible)) == sorted(enrollments.values_list("member", flat=True))
    by_status = Counter(enrollments.values_list("status", flat=True))
    assert sum(by_status[status] for status in ("enrolled", "opted_out", "ended")) == len(set(eligible)) > 0


def test_every_record_is_loaded_but_two_that_show_what_a_rejection_is(demo: list[dict[str, str]]) -> None:
    assert set(Load.objects.values_list("status", flat=True)) == {"done"}
    rejected = RejectedRow.objects.filter(plan__code="H0001").values_list("file__name", "reason")
    assert sorted(rejected) == [
        ("synthetic_contacts.csv", "no valid phone number"),
        ("synthetic_contacts.csv", "unknown member"),
    ]


def test_the_plans_are_not_the_same_people(demo: list[dict[str, str]]) -> None:
    first, second = (
        {member.source_id: (member.first_name, member.last_name) for member in Member.objects.filter(plan__code=code)}
        for code in ("H0001", "H0002")
    )
    assert not [number for number in second if second[number] == first.get(number)]
    assert set(CoverageSpan.objects.filter(plan__code="H0002").values_list("contract", flat=True)) == {"H0002"}


def test_building_it_again_adds_nothing(demo: list[dict[str, str]]) -> None:
    plan = Plan.objects.get(code="H0001")
    before = state_hash(plan), User.objects.count(), Fill.objects.count()
    build.build(TODAY)
    assert (state_hash(plan), User.objects.count(), Fill.objects.count()) == before


def test_it_is_labelled_and_cannot_be_real(demo: list[dict[str, str]]) -> None:
    assert all(name.startswith("synthetic_") for name in LoadFile.objects.values_list("name", flat=True))
    assert all("synthetic" in plan.name for plan in Plan.objects.all())
    assert all(set(mbi) & set("SLOIBZ") for mbi in Member.objects.values_list("mbi", flat=True))
    assert all(re.fullmatch(r"1-800-555-\d{4}", phone) for phone in Member.objects.values_list("phone", flat=True))
    assert all(ndc.startswith("9999") for ndc in Fill.objects.values_list("ndc", flat=True).distinct())


def test_there_is_a_sign_in_for_each_role_and_one_who_approves(demo: list[dict[str, str]]) -> None:
    assert {row["role"] for row in demo} == {role for role in Role if role != Role.SERVICE} | {"approver"}
    assert all(User.objects.get(email=row["email"]).check_password(row["password"]) for row in demo)


@override_settings(DEMO=True)
def test_the_command_prints_the_sign_ins_as_json(demo: list[dict[str, str]]) -> None:
    out = StringIO()
    call_command("load_demo", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"sign_ins": demo}
