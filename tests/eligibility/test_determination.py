"""Who is eligible: thresholds to the cent, counting rules, and what is shown as the reason."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Plan
from claims.models import Diagnosis, Fill, PlanDrugFlag
from eligibility.determination import counts, parameters
from eligibility.rules import Rules, from_preset
from members.models import AtRiskSpell, Member, MemberSpan
from mtm.lib import sql
from tests.conftest import make_member
from tests.making import fill

YEAR_END = date(2023, 12, 31)
THREE = ("I509", "E119", "I10")  # heart failure, diabetes, hypertension
EIGHT = ("lisinopril", "metformin", "atorvastatin", "furosemide", "carvedilol", "sertraline", "apixaban", "amlodipine")


def at_any_time() -> Rules:
    """The maintenance drugs of a preset, taken at any time of the year."""
    return replace(from_preset("bcbsm-2023"), drug_active_days=0)


def diagnose(member: Member, code: str, *days: date, inpatient: bool = False, system: str = "10") -> None:
    for number, day in enumerate(days):
        Diagnosis.objects.create(
            plan=member.plan, member=member, claim_id=f"{code}-{number}", diagnosed_on=day, system=system, code=code,
            inpatient=inpatient,
        )  # fmt: skip


@pytest.fixture
def qualifying(plan: Plan) -> Member:
    """Three listed conditions, eight drugs; cost is set by each test."""
    member = make_member(plan, "Q1")
    for code in THREE:
        diagnose(member, code, date(2023, 2, 1), date(2023, 5, 1))
    for name in EIGHT:
        fill(member, name, date(2023, 6, 1), cost="0.00")
    return member


def spend(member: Member, amount: str) -> None:
    Fill.objects.filter(member=member, claim_id__contains=EIGHT[0]).update(cost=Decimal(amount))


def decided(member: Member, rules: Rules, as_of: date = YEAR_END) -> dict:
    values = parameters(member.plan, rules, as_of)
    return {row["member_id"]: row for row in sql.rows("eligibility", "decide", **values)}[member.pk]


@pytest.mark.parametrize(
    ("preset", "cost", "outcome", "path"),
    [
        ("bcbsma-2023", "4934.99", "not_eligible", "none"),
        ("bcbsma-2023", "4935.00", "eligible", "floor"),  # the page says "more than", CMS says "or equal"
        ("bcbsma-2023", "4935.01", "eligible", "conditions_drugs_cost"),
        ("bcbsma-2022", "4695.99", "not_eligible", "none"),
        ("bcbsma-2022", "4696.00", "eligible", "floor"),
        ("bcbsma-2022", "4696.01", "eligible", "conditions_drugs_cost"),
    ],
)
def test_cost_is_compared_to_the_cent_in_the_words_of_the_page_and_of_cms(
    qualifying: Member, preset: str, cost: str, outcome: str, path: str
) -> None:
    spend(qualifying, cost)
    decision = decided(qualifying, from_preset(preset))
    assert (decision["outcome"], decision["path"]) == (outcome, path)


def test_without_the_floor_the_words_of_the_page_are_all_that_counts(qualifying: Member) -> None:
    spend(qualifying, "4935.00")
    assert decided(qualifying, replace(from_preset("bcbsma-2023"), cms_floor=False))["outcome"] == "not_eligible"


@pytest.mark.parametrize(("cost", "eligible"), [("4934.99", False), ("4935.00", True), ("4935.01", True)])
def test_at_least_admits_the_threshold_itself(plan: Plan, cost: str, eligible: bool) -> None:
    member = make_member(plan, "A1")
    for code in ("E119", "J449", "M069"):
        diagnose(member, code, date(2023, 2, 1), date(2023, 5, 1))
    for name in EIGHT:
        fill(member, name, date(2023, 12, 10), cost="0.00")  # "each month"
    fill(member, EIGHT[0], date(2023, 6, 1), number=2, cost=cost)
    assert (decided(member, from_preset("bcbsm-2023"))["outcome"] == "eligible") is eligible


def test_seven_drugs_are_not_eight(qualifying: Member) -> None:
    spend(qualifying, "9000.00")
    Fill.objects.filter(member=qualifying, claim_id__contains=EIGHT[7]).delete()
    decision = decided(qualifying, from_preset("bcbsma-2023"))
    assert (decision["outcome"], decision["drug_count"]) == ("not_eligible", 7)


def test_strengths_and_packages_of_one_ingredient_count_once(qualifying: Member) -> None:
    fill(qualifying, EIGHT[1], date(2023, 8, 1), number=2, cost="5000.00")
    assert decided(qualifying, from_preset("bcbsma-2023"))["drug_count"] == 8


def test_drugs_nobody_knows_tip_nothing_where_there_are_enough_without_them(qualifying: Member) -> None:
    for number, ndc in enumerate(("12345678901", "12345678902")):  # two packages of one product
        Fill.objects.create(
            plan=qualifying.plan, member=qualifying, claim_id=f"u{number}", filled_on=date(2023, 7, 1), ndc=ndc,
            quantity=30, days_supply=30, cost=1,
        )  # fmt: skip
    spend(qualifying, "9000.00")
    decision = decided(qualifying, from_preset("bcbsma-2023"))
    assert (decision["outcome"], decision["drug_count"]) == ("eligible", 8)
    assert decision["reasons"][1]["unmapped"] == 1
    Fill.objects.filter(member=qualifying, claim_id__contains=EIGHT[7]).delete()
    decision = decided(qualifying, from_preset("bcbsma-2023"))
    assert (decision["outcome"], decision["missing"]) == ("insufficient_data", ["drugs"])
    assert decided(qualifying, replace(from_preset("bcbsma-2023"), unknown_drugs_count=True))["drug_count"] == 8
    Fill.objects.filter(member=qualifying, claim_id__contains=EIGHT[6]).delete()
    assert decided(qualifying, from_preset("bcbsma-2023"))["outcome"] == "not_eligible"


def test_maintenance_drugs_only_where_the_page_says_so(plan: Plan) -> None:
    member = make_member(plan, "A2")
    fill(member, "amoxicillin", date(2023, 6, 1))
    assert decided(member, from_preset("bcbsma-2023"))["drug_count"] == 1
    assert decided(member, at_any_time())["drug_count"] == 0


@pytest.mark.parametrize(("flag", "days", "counted"), [("N", 90, 0), ("S", 30, 0), ("S", 60, 1), ("Y", 30, 1)])
def test_the_maintenance_flag_of_the_plan_wins_over_ours(plan: Plan, flag: str, days: int, counted: int) -> None:
    member = make_member(plan, "A3")
    filled = fill(member, "metformin", date(2023, 6, 1), days=days)
    assert decided(member, at_any_time())["drug_count"] == 1
    PlanDrugFlag.objects.create(plan=plan, ndc=filled.ndc, maintenance=flag, source="plan", set_on=date(2023, 1, 1))
    assert decided(member, at_any_time())["drug_count"] == counted
    assert decided(member, from_preset("bcbsma-2023"))["drug_count"] == 1


def test_a_flag_speaks_of_its_code_and_not_of_the_other_codes_of_the_drug(plan: Plan) -> None:
    member = make_member(plan, "A4")
    flagged = fill(member, "metformin", date(2023, 6, 1))
    other = fill(member, "metformin", date(2023, 7, 1), number=2)
    Fill.objects.filter(pk=other.pk).update(ndc=flagged.ndc[:9] + "99")  # another package
    PlanDrugFlag.objects.create(plan=plan, ndc=flagged.ndc, maintenance="N", source="plan", set_on=date(2023, 1, 1))
    assert decided(member, at_any_time())["drug_count"] == 1


@pytest.mark.parametrize(
    ("days", "inpatient", "counts_it"),
    [
        ((date(2023, 3, 1),), False, False),  # one visit
        ((date(2023, 3, 1), date(2023, 3, 2)), False, True),  # two visits on different days
        ((date(2023, 3, 1),), True, True),  # one hospital stay
        ((date(2022, 1, 1), date(2023, 12, 31)), False, True),  # the first and the last day of two years
        ((date(2021, 12, 31), date(2023, 3, 1)), False, False),  # one of the two is too old
        ((date(2023, 3, 1), date(2024, 1, 1)), False, False),  # one of the two is too late
    ],
)
def test_a_condition_counts_by_the_ccw_rule(
    plan: Plan, days: tuple[date, ...], inpatient: bool, counts_it: bool
) -> None:
    member = make_member(plan, "C1")
    diagnose(member, "E119", *days, inpatient=inpatient)
    found = [c["label"] for c in decided(member, from_preset("bcbsma-2023"))["conditions"]]
    assert found == (["Diabetes"] if counts_it else [])


def test_two_claims_on_one_day_are_one_visit(plan: Plan) -> None:
    member = make_member(plan, "C2")
    diagnose(member, "E119", date(2023, 3, 1), date(2023, 3, 1))
    assert decided(member, from_preset("bcbsma-2023"))["conditions"] == []


def test_icd_9_codes_count_too(plan: Plan) -> None:
    member = make_member(plan, "C3")
    diagnose(member, "25000", date(2009, 3, 1), date(2009, 6, 1), system="9")
    found = decided(member, from_preset("bcbsma-2023"), date(2009, 12, 31))["conditions"]
    assert [c["label"] for c in found] == ["Diabetes"]


@pytest.mark.parametrize(
    ("last", "counts_it"),
    [
        (None, True),
        (date(2022, 1, 1), True),  # the first day of two years
        (date(2021, 12, 31), False),  # too long ago
    ],
)
def test_a_period_of_esrd_on_the_enrollment_file_is_enough(plan: Plan, last: date | None, counts_it: bool) -> None:
    member = make_member(plan, "C4")
    period = DateRange(date(2020, 1, 1), last, "[]" if last else "[)")
    MemberSpan.objects.create(plan=plan, member=member, kind="esrd", period=period)
    found = decided(member, from_preset("bcbsma-2023"))["conditions"]
    assert [c["claims"] for c in found] == ([["enrollment file"]] if counts_it else [])


def test_who_is_only_potentially_at_risk_is_not_eligible_by_it(plan: Plan) -> None:
    member, day = make_member(plan, "C5"), date(2023, 12, 31)
    period = (day - timedelta(days=10), day + timedelta(days=10))
    spell = AtRiskSpell.objects.create(plan=plan, member=member, status="potential", period=period)
    assert decided(member, from_preset("bcbsma-2023"), day)["outcome"] != "eligible"
    AtRiskSpell.objects.filter(pk=spell.pk).update(status="at_risk")
    assert decided(member, from_preset("bcbsma-2023"), day)["outcome"] == "eligible"


@pytest.mark.parametrize(("year", "eligible"), [(2021, False), (2022, True), (2023, True)])
def test_at_risk_beneficiaries_are_eligible_from_2022_whatever_the_page_says(
    plan: Plan, year: int, eligible: bool
) -> None:
    member = make_member(plan, "R1")
    day = date(year, 6, 1)
    AtRiskSpell.objects.create(plan=plan, member=member, period=(day - timedelta(days=10), day + timedelta(days=10)))
    rules = replace(from_preset("bcbsma-2023"), plan_year=year)
    decision = decided(member, rules, day)
    assert (decision["outcome"] == "eligible") is eligible
    assert decision["path"] == ("floor" if eligible else "none")  # the page does not print it
    assert decision["cms_reason"] == ("02" if eligible else "")


def test_without_any_claim_there_is_not_enough_data(plan: Plan) -> None:
    assert decided(make_member(plan, "N1"), from_preset("bcbsma-2023"))["outcome"] == "insufficient_data"


def test_who_died_is_not_decided(plan: Plan, qualifying: Member) -> None:
    Member.objects.filter(pk=qualifying.pk).update(death_date=YEAR_END)
    assert counts(plan=plan, rules=from_preset("bcbsma-2023"), as_of=YEAR_END)["members"] == 0


def test_counts_are_of_this_plan_only(plan: Plan, other_plan: Plan, qualifying: Member) -> None:
    assert counts(plan=other_plan, rules=from_preset("bcbsma-2023"), as_of=YEAR_END)["members"] == 0
