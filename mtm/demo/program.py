"""A program that has begun: criteria, decisions, enrollments, a sweep, and reviews booked, under way and finished."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Plan, User
from accounts.permissions import Role
from claims.models import Condition
from eligibility import criteria as criteria_actions
from eligibility import program_change
from eligibility.determination import determine
from eligibility.enrollment import enroll_eligible
from eligibility.models import Criteria
from eligibility.program import edition_of, facts_of
from eligibility.simulation import simulate
from letters.actions import complete_review
from mtm.demo.staff import APPROVER, who_is
from reviews import cmr, scheduling, sweep
from reviews.models import Alert, ListedMedication, SweepShard

BOOKED = 4
# The line for questions: seven days a week in winter, Monday to Friday in summer.
OPEN = [
    {"from_month": 4, "to_month": 9, "days": "mon_fri", "opens": "08:00", "closes": "20:00"},
    {"from_month": 10, "to_month": 3, "days": "all", "opens": "08:00", "closes": "20:00"},
]


def begin(plan: Plan, today: date) -> None:
    """Criteria for this year in force and next year's in draft; members decided and enrolled; one sweep done."""
    admin, pharmacist = who_is(Role.ADMINISTRATOR), who_is(Role.PHARMACIST)
    criteria = this_year(plan, today, admin)
    criteria_actions.draft_next(criteria=criteria, plan_year=today.year + 1, by=admin)
    for day in (max(today - timedelta(days=10), date(today.year, 1, 1)), today):
        determine(criteria=criteria, as_of=day, by=None)
        enroll_eligible(plan=plan, plan_year=today.year, on=day, by=None)
    run = sweep.start(plan=plan, as_of=today, by=None)
    for shard in SweepShard.objects.filter(run=run):
        sweep.run_shard(shard.pk)
    review_two(plan, today, pharmacist)
    book_some(plan, today, pharmacist)


def this_year(plan: Plan, today: date, admin: User) -> Criteria:
    """Three of ten core diseases, eight maintenance drugs, and the cost of the CMS notice for the year."""
    draft = criteria_actions.draft_from_preset(plan=plan, preset="bcbsm-2023", plan_year=today.year, by=admin)
    coded = {condition.code: condition for condition in Condition.objects.all()}
    conditions = {label: [coded[code] for code in codes] for label, codes in CORE_TEN.items()}
    fields = {"cost_threshold": "1276.00", "list_is_illustrative": False, "drug_active_days": 0}
    criteria_actions.change(draft=draft, fields=fields, conditions=conditions, by=admin)
    page_of_the_plan(draft, admin)
    draft.refresh_from_db()
    simulate(draft=draft, as_of=today, accepting=60, minutes=60, by=None)
    criteria_actions.send_for_review(draft=draft, by=who_is(APPROVER))
    return criteria_actions.publish(draft=draft, on=date(today.year, 1, 1), by=admin)


def page_of_the_plan(draft: Criteria, admin: User) -> None:
    """The preset's page with the plan's own name and line in the place of the insurer's."""
    page, plan = draft.program, draft.plan
    line = {"purpose": "questions", "number": plan.phone, "tty": plan.tty, "time_zone": plan.pharmacist_time_zone}
    own = {"sponsor": plan.name, "at_risk_program": "", "lines": [line | {"hours": OPEN}]}
    program_change.change(program=page, edition=edition_of(page), facts=facts_of(page) | own, by=admin)


def book_some(plan: Plan, today: date, pharmacist: User) -> None:
    """Of those who wait for a call the first have a time today, or on the next working day."""
    midnight = datetime.combine(today, time.min, ZoneInfo(plan.pharmacist_time_zone))
    days = (today + timedelta(days=later) for later in range(7))
    slots = next(slots for day in days if (slots := scheduling.free_slots(plan, day, now=midnight)))
    for waiting, slot in zip(scheduling.call_list(plan)[:BOOKED], slots[::3], strict=False):
        scheduling.book(member=waiting.member, pharmacist=pharmacist, starts=slot.starts, now=midnight, by=pharmacist)


def review_two(plan: Plan, today: date, pharmacist: User) -> None:
    """A review that is finished, whose letters are due, and one that has only begun."""
    alerts = list(Alert.objects.in_queue(plan).order_by("member", "pk").distinct("member")[:2])
    for alert in alerts[:1]:
        review_whole(alert, today, pharmacist)
    for alert in alerts[1:]:
        cmr.start(member=alert.member, on=today, by=pharmacist)


def review_whole(alert: Alert, today: date, pharmacist: User) -> None:
    review = cmr.start(member=alert.member, on=today, by=pharmacist)
    said = {
        "decision": ListedMedication.Decision.TAKING,
        "how_taken": "As the label says",
        "why": "As my doctor told me",
    }
    for medication in review.medications.all():
        cmr.reconcile(medication=medication, by=pharmacist, **said)
    cmr.note(review=review, allergies="No known allergies.", by=pharmacist)
    to_do = "Ask my doctor about this at my next visit."
    cmr.add_action(review=review, talked_about=alert.member_text[:300], to_do=to_do, alert=alert, by=pharmacist)
    complete_review(review=review, on=today, by=pharmacist)


# The ten core chronic diseases of 2025 and later (42 CFR 423.153(d)(2)(iii)).
CORE_TEN = {
    "Alzheimer's disease": ("ALZ",),
    "Bone disease or arthritis": ("OSTEOPOROSIS", "OSTEOARTHRITIS", "RA"),
    "Chronic heart failure": ("CHF",),
    "Diabetes": ("DIABETES",),
    "High cholesterol": ("DYSLIPIDEMIA",),
    "End-stage renal disease": ("ESRD",),
    "HIV/AIDS": ("HIV",),
    "High blood pressure": ("HTN",),
    "Mental health": ("DEPRESSION", "BIPOLAR", "SCHIZOPHRENIA"),
    "Lung disease": ("ASTHMA", "COPD", "CHRONIC_LUNG"),
}
