"""A member who leaves, and a year that ends: everything that was under way stops, and nothing is counted twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Plan, User
from claims.models import Diagnosis, DrugProduct
from eligibility import enrollment
from eligibility.enrollment import EnrollmentProblem, end_past_years, enroll_eligible
from eligibility.models import Determination, Enrollment
from letters import actions as letters
from letters.content import cover_letter
from letters.models import Letter
from members.models import Member
from mtm.lib.transitions import TransitionNotAllowed
from reviews import alerts, cmr, scheduling, sweep
from reviews.facts import facts_of
from reviews.models import Alert, Appointment
from tests.conftest import make_member
from tests.making import DAY, alert, criteria_in_force, enrolled, fill

NEXT = date(2027, 1, 4)


@pytest.fixture
def enrollee(member: Member, pharmacist: User) -> Enrollment:
    return enrolled(member, pharmacist)


def leave(enrollee: Enrollment, by: User) -> None:
    enrollment.opt_out(enrollment=enrollee, reason="asked by phone", on=DAY, by=by)


def test_alerts_of_who_left_can_be_neither_claimed_nor_settled(enrollee: Enrollment, pharmacist: User) -> None:
    open_one, claimed = alert(enrollee.member), alert(enrollee.member, rule="statin-adherence")
    alerts.claim(alert=claimed, by=pharmacist)
    leave(enrollee, pharmacist)
    with pytest.raises(TransitionNotAllowed):
        alerts.claim(alert=open_one, by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        alerts.resolve(alert=claimed, outcome="recommended", by=pharmacist)


def test_a_review_of_who_left_goes_no_further(enrollee: Enrollment, pharmacist: User) -> None:
    review = cmr.start(member=enrollee.member, on=DAY, by=pharmacist)
    leave(enrollee, pharmacist)
    with pytest.raises(TransitionNotAllowed):
        cmr.add_action(review=review, talked_about="Sleep", to_do="Rest.", by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        cmr.complete(review=review, on=DAY, by=pharmacist)


def test_appointments_of_who_left_are_released(enrollee: Enrollment, pharmacist: User) -> None:
    now = timezone.now()
    soon = now.astimezone(ZoneInfo("America/New_York")).date() + timedelta(days=1)
    while not (slots := scheduling.free_slots(enrollee.plan, soon, now=now)):
        soon += timedelta(days=1)
    starts: datetime = slots[0].starts
    kept = scheduling.book(member=enrollee.member, pharmacist=pharmacist, starts=starts, now=now, by=pharmacist)
    assert scheduling.release_departed() == 0
    stays = make_member(enrollee.plan, "M2")
    Member.objects.filter(pk=enrollee.member_id).update(merged_into=stays)
    enrollment.follow_merges(on=DAY)
    enrollee.refresh_from_db()
    assert (enrollee.member, scheduling.release_departed()) == (stays, 0)
    assert not scheduling.call_list(enrollee.plan).exists()
    leave(enrollee, pharmacist)
    assert not Appointment.objects.filter(pk=kept.pk).of_who_takes_part().exists()
    assert scheduling.release_departed() == 1
    kept.refresh_from_db()
    assert kept.status == "cancelled"


def test_a_welcome_letter_to_who_left_is_not_mailed_and_a_new_one_is_made_on_return(
    enrollee: Enrollment, pharmacist: User
) -> None:
    letters.queue_due()
    letter = letters.render(letter_id=Letter.objects.get().pk, on=DAY)
    assert letter is not None
    leave(enrollee, pharmacist)
    letter.refresh_from_db()
    with pytest.raises(TransitionNotAllowed):
        letters.mark_mailed(letter=letter, on=DAY, by=pharmacist)
    letters.queue_due()
    assert list(Letter.objects.values_list("status", flat=True)) == ["void"]
    enrollment.opt_back_in(enrollment=enrollee, by=pharmacist)
    letters.queue_due()
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["queued", "void"]


def decided(member: Member, by: User, year: int) -> None:
    Determination.objects.create(
        plan=member.plan, member=member, criteria=criteria_in_force(member.plan, by, year=year), as_of=NEXT,
        outcome="eligible", path="conditions_drugs_cost", conditions=[], drugs=[], drug_count=8, drug_cost="5000.00",
        at_risk=False, reasons=[],
    )  # fmt: skip


def test_a_new_year_ends_the_old_one(enrollee: Enrollment, pharmacist: User, administrator: User) -> None:
    decided(enrollee.member, administrator, 2027)
    assert enroll_eligible(plan=enrollee.plan, plan_year=2027, on=NEXT, by=None) == 1
    assert list(Enrollment.objects.order_by("plan_year").values_list("plan_year", "status")) == [
        (2026, "ended"),
        (2027, "enrolled"),
    ]
    assert [t.to_status for t in enrollee.transitions.all()] == ["ended"]
    assert scheduling.call_list(enrollee.plan).count() == 1


def test_an_opt_out_is_of_its_year(enrollee: Enrollment, pharmacist: User, administrator: User) -> None:
    leave(enrollee, pharmacist)
    decided(enrollee.member, administrator, 2027)
    assert enroll_eligible(plan=enrollee.plan, plan_year=2027, on=NEXT, by=None) == 1


def test_years_end_by_themselves(enrollee: Enrollment) -> None:
    assert end_past_years(on=date(2026, 12, 31)) == 0
    assert end_past_years(on=date(2027, 1, 1)) == 1
    enrollee.refresh_from_db()
    assert enrollee.status == "ended"


def test_nobody_is_enrolled_on_a_day_of_another_year(plan: Plan) -> None:
    with pytest.raises(EnrollmentProblem):
        enroll_eligible(plan=plan, plan_year=2027, on=date(2026, 12, 1), by=None)


def test_fills_are_read_once_however_many_years_a_member_took_part(
    enrollee: Enrollment, pharmacist: User, administrator: User
) -> None:
    fill(enrollee.member, "oxycodone", date(2026, 11, 1))
    decided(enrollee.member, administrator, 2027)
    enroll_eligible(plan=enrollee.plan, plan_year=2027, on=NEXT, by=None)
    [(_, facts)] = facts_of(enrollee.plan, 0, 2**62, NEXT)
    assert len(facts.fills) == 1


def test_the_letter_is_signed_by_who_completed_the_review(enrollee: Enrollment, pharmacist: User, intern: User) -> None:
    review = cmr.start(member=enrollee.member, on=DAY, by=intern)
    cmr.note(review=review, allergies="No known allergies.", by=intern)
    cmr.add_action(review=review, talked_about="Sleep", to_do="Rest.", by=intern)
    cmr.complete(review=review, on=DAY, by=pharmacist)
    review.refresh_from_db()
    assert cover_letter(review, DAY).signature[1] == pharmacist.full_name  # no credential is made up


def test_a_topical_product_raises_no_alert(enrollee: Enrollment) -> None:
    """Only what reaches the whole body counts: a gel is no NSAID beside an anticoagulant."""
    Diagnosis.objects.create(
        plan=enrollee.plan,
        member=enrollee.member,
        claim_id="c",
        diagnosed_on=DAY,
        system="10",
        code="Z000",
        inpatient=False,
    )
    for ingredient in ("diclofenac", "apixaban"):
        for month in (9, 10, 11):
            fill(enrollee.member, ingredient, date(2026, month, 10))
    DrugProduct.objects.filter(label__startswith="diclofenac").update(systemic=False)
    run = sweep.start(plan=enrollee.plan, as_of=DAY, by=None)
    sweep.run_shard(run.shards.get().pk)
    assert not Alert.objects.filter(rule="nsaid-anticoagulant").exists()
