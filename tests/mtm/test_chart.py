"""The member chart: each part for those whose work needs it, every look written down."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent
from claims.models import DrugProduct, Fill
from eligibility import enrollment as enrollments
from members.models import CoverageSpan, Prescriber
from reviews import cmr
from tests import making
from tests.conftest import make_member
from tests.making import DAY

QUERIES = 26
CLINICAL = ["zolpidem", "Heart failure", "overlap on 12 days", "reminded to take", "2 Sample"]


pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def charted(plan: Any, pharmacist: Any, administrator: Any) -> Any:
    """A member with a determination, an alert, fills, a review and coverage."""
    member = make_member(plan, "M7", first_name="Pearl", last_name="Maple", address="2 Sample Street")
    CoverageSpan.objects.create(plan=plan, member=member, period=(date(2025, 1, 1), date(2027, 1, 1)))
    decision = making.enrolled(member, administrator).determination
    type(decision).objects.filter(pk=decision.pk).update(
        conditions=[{"label": "Heart failure", "first_on": "2025-03-01", "last_on": None, "claims": ["C1", "C2"]}],
        drugs=["zolpidem"],
        reasons=[
            {"test": "drugs", "met": False, "found": 7, "needed": 8, "unmapped": 0},
            {"test": "cost", "met": False, "found": "4935.00", "needed": "4935.00", "operator": "gt"},
        ],
    )
    making.alert(member)
    making.fill(member, "zolpidem", DAY - timedelta(days=40))
    making.fill(member, "zolpidem", DAY - timedelta(days=10))
    review = cmr.start(member=member, on=DAY, by=pharmacist)
    cmr.note(review=review, by=pharmacist, allergies="reminded to take", side_effects="", other_information="")
    return member


def page(member: Any) -> str:
    return f"/H0001/members/{member.public_id}/"


@pytest.mark.parametrize("role", ["pharmacist", "intern", "auditor"])
def test_clinicians_and_auditors_see_why_and_which_medicines(
    role: str, person: Any, signed_in: Any, charted: Any
) -> None:
    shown = signed_in(person(role)).get(page(charted)).content.decode()
    for words in ("7 of 8 drugs", "$4,935.00 is not more than $4,935.00", "zolpidem", "Heart failure", "Mar 1, 2025"):
        assert words in shown


def test_a_scheduler_sees_who_to_call_and_nothing_clinical(scheduler: Any, signed_in: Any, charted: Any) -> None:
    shown = signed_in(scheduler).get(page(charted)).content.decode()
    assert "1-800-555-0111" in shown
    assert "May 17, 1950" in shown
    for words in [*CLINICAL, "7 of 8", "$4,935.00", "Why, or why not", "Medicines filled"]:
        assert words not in shown


def test_an_administrator_sees_the_numbers_of_the_decision_but_no_lists(
    administrator: Any, signed_in: Any, charted: Any
) -> None:
    shown = signed_in(administrator).get(page(charted)).content.decode()
    assert "7 of 8 drugs" in shown
    for words in CLINICAL:
        assert words not in shown


def test_a_member_of_another_plan_is_not_found(
    pharmacist: Any, stranger: Any, signed_in: Any, charted: Any, other_plan: Any
) -> None:
    elsewhere = make_member(other_plan, "X1")
    assert signed_in(pharmacist).get(page(elsewhere)).status_code == 404
    assert signed_in(stranger).get(page(charted)).status_code == 404


def test_the_steps_of_an_enrollment_are_in_words(scheduler: Any, pharmacist: Any, signed_in: Any, charted: Any) -> None:
    enrollment = charted.enrollments.get()
    enrollments.opt_out(enrollment=enrollment, reason="no calls", on=DAY, by=pharmacist)
    enrollments.opt_back_in(enrollment=enrollment, by=pharmacist)
    shown = signed_in(scheduler).get(page(charted)).content.decode()
    assert "Opted out" in shown
    assert "Opted back in" in shown
    assert "pted_out" not in shown


def test_the_title_of_a_chart_names_nobody(pharmacist: Any, signed_in: Any, charted: Any) -> None:
    shown = signed_in(pharmacist).get(page(charted)).content.decode()
    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert "Member chart" in title
    assert "Maple" not in title


def test_each_look_is_written_down(scheduler: Any, signed_in: Any, charted: Any) -> None:
    signed_in(scheduler).get(page(charted))
    event = AuditEvent.objects.filter(kind=Kind.MEMBER_READ).latest("pk")
    assert (event.member_id, event.actor) == (charted.pk, scheduler.pk)


def test_a_chart_without_anything_says_so(pharmacist: Any, signed_in: Any, member: Any) -> None:
    shown = signed_in(pharmacist).get(page(member)).content.decode()
    for words in ("Not enrolled", "No decision yet", "No fill in the last 18 months", "No sweep has found"):
        assert words in shown
    assert "start-cmr" not in shown


@pytest.mark.parametrize(
    ("role", "start", "book", "opt_out"),
    [
        ("pharmacist", True, True, True),
        ("intern", True, False, True),
        ("scheduler", False, True, True),
        ("administrator", False, False, False),
        ("auditor", False, False, False),
    ],
)
def test_steps_are_offered_to_those_who_may_take_them(
    role: str, start: bool, book: bool, opt_out: bool, person: Any, signed_in: Any, charted: Any
) -> None:
    shown = signed_in(person(role)).get(page(charted)).content.decode()
    assert ('data-testid="start-cmr"' in shown) is start
    assert ('data-testid="book"' in shown) is book
    assert ('data-testid="chart-opt-out-form"' in shown) is opt_out


def test_after_opting_out_only_the_way_back_is_offered(scheduler: Any, signed_in: Any, charted: Any) -> None:
    enrollments.opt_out(enrollment=charted.enrollments.get(), reason="asked by phone", on=DAY, by=scheduler)
    shown = signed_in(scheduler).get(page(charted)).content.decode()
    assert "chart-opt-in-form" in shown
    assert "asked by phone" in shown
    for gone in ("chart-opt-out-form", 'data-testid="book"', "start-cmr"):
        assert gone not in shown


def test_a_drug_is_one_row_with_its_last_fill_prescriber_and_cost(
    pharmacist: Any, signed_in: Any, charted: Any
) -> None:
    Prescriber.objects.create(npi="1999999001", name="Dr. Willow")
    (medicine,) = signed_in(pharmacist).get(page(charted)).context["medicines"]
    assert (medicine.drug, medicine.prescriber) == ("zolpidem", "Dr. Willow")
    assert (medicine.last.filled_on, len(medicine.fills), str(medicine.cost)) == (DAY - timedelta(days=10), 2, "20.00")
    assert medicine.lasts_to == DAY + timedelta(days=19)


def test_a_days_supply_that_cannot_be_right_is_marked_where_the_medicine_is_swallowed(
    pharmacist: Any, signed_in: Any, charted: Any
) -> None:
    for number, (name, days) in enumerate([("warfarin", 120), ("warfarin", 0), ("warfarin", 30), ("insulin", 168)]):
        fill = making.fill(charted, name, DAY - timedelta(days=number), days=days, number=number)
        DrugProduct.objects.filter(ndc=fill.ndc).update(oral=name == "warfarin")
    response = signed_in(pharmacist).get(page(charted))
    odd = {medicine.drug: medicine.odd_supplies for medicine in response.context["medicines"]}
    assert odd == {"warfarin": 2, "insulin": 0, "zolpidem": 0}
    assert "supply of 2 fills is outside 1 to 100" in response.content.decode()


def test_what_the_claims_did_not_give_is_said_to_be_missing(pharmacist: Any, signed_in: Any, charted: Any) -> None:
    Fill.objects.filter(member=charted).update(days_supply=None, quantity=None)
    response = signed_in(pharmacist).get(page(charted))
    (medicine,) = response.context["medicines"]
    assert (medicine.amount, medicine.lasts_to) == ("quantity not given, days' supply not given", None)
    assert "not known" in response.content.decode()


def test_fills_older_than_18_months_are_left_out_and_unknown_codes_stay(
    pharmacist: Any, signed_in: Any, charted: Any
) -> None:
    making.fill(charted, "old thing", DAY - timedelta(days=600))
    unknown = making.fill(charted, "x", DAY)
    unknown.ndc = "00000000001"
    unknown.save()
    drugs = [medicine.drug for medicine in signed_in(pharmacist).get(page(charted)).context["medicines"]]
    assert drugs == ["NDC 00000000001", "zolpidem"]


def test_four_hundred_fills_cost_no_more_queries_than_two(
    pharmacist: Any, signed_in: Any, charted: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(pharmacist)
    client.get(page(charted))
    with django_assert_num_queries(QUERIES):
        client.get(page(charted))
    for number in range(400):
        making.fill(charted, f"drug {number % 12}", DAY - timedelta(days=number), number=number)
    with django_assert_num_queries(QUERIES):
        client.get(page(charted))
