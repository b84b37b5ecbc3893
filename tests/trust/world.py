"""One of everything in a plan: a row behind every address, so that each route can be asked for by anyone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from accounts.models import Plan, User
from claims.models import Load, LoadFile
from eligibility.criteria import draft_next
from eligibility.simulation import simulate
from letters import actions as letters
from letters.models import Letter
from members.models import Member
from reviews import cmr
from reviews.models import Appointment
from tests import making
from tests.making import DAY

# Words that no page or answer may show to somebody who must not see the thing they stand for.
DRUG, CONDITION, NOTE = "zzdrugcanary", "zzconditioncanary", "zznotecanary"


@dataclass(frozen=True)
class World:
    """The parts of addresses: `ids` maps the name in the address to the row's public id, or to a code."""

    plan: Plan
    member: Member
    ids: dict[str, Any]
    day: date = DAY

    def path(self, route: str) -> str:
        """The address of a route such as <plan:plan_code>/alerts/<uuid:alert_id>/ in this world."""
        return "/" + fill_in(route, {"plan_code": self.plan.code, **{k: str(v) for k, v in self.ids.items()}})


def fill_in(route: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        for converter in ("uuid", "plan", "ndc", "int"):
            route = route.replace(f"<{converter}:{name}>", value)
    return route


def build(plan: Plan, by: User) -> World:
    """Rows of each kind for one member, in the states from which the steps of the pages may be taken."""
    member = new_member(plan, "1")
    enrollment = making.enrolled(member, by)
    alert = making.alert(member, headline=f"{DRUG} with another", evidence=evidence(), note=NOTE)
    making.enrolled(new_member(plan, "4"), by)  # owed a call
    making.fill(member, DRUG, DAY)
    unknown = making.unknown_fill(member, DAY)
    mapping = making.mapped(plan, "12345000101", by)
    review, done = started(plan, by, "2"), finished(plan, by, "3")
    letters.queue_due()
    letter = Letter.objects.get(enrollment=enrollment)
    letters.render(letter_id=letter.pk, on=DAY)
    medication, action = review.medications.first(), review.actions.first()
    this_year = making.criteria_in_force(plan, by, year=timezone.localdate().year)  # its page is public
    draft = draft_next(criteria=enrollment.determination.criteria, plan_year=2027, by=by)
    draft.refresh_from_db()
    simulation = simulate(draft=draft, as_of=DAY, accepting=60, minutes=60, by=by)
    counts = dict.fromkeys(("received", "accepted", "duplicate", "rejected"), 0)
    load = Load.objects.create(plan=plan, feed="rif", as_of=DAY, status="done")
    file = LoadFile.objects.create(
        load=load, plan=plan, feed="rif", kind="fills", name="fills.csv", sha256="", **counts
    )
    call = booked(plan, by, member)
    return World(
        plan,
        member,
        {
            "member_id": member.public_id,
            "enrollment_id": enrollment.public_id,
            "alert_id": alert.public_id,
            "cmr_id": review.public_id,
            "done_cmr_id": done.public_id,
            "medication_id": medication.public_id,
            "action_id": action.public_id,
            "appointment_id": call.public_id,
            "letter_id": letter.public_id,
            "sweep_id": alert.run.public_id,
            "criteria_id": draft.public_id,
            "simulation_id": simulation.public_id,
            "determination_id": enrollment.determination.public_id,
            "load_id": load.public_id,
            "file_id": file.public_id,
            "mapping_id": mapping.public_id,
            "ndc": unknown.ndc,
            "plan_year": this_year.plan_year,
        },
        call.time.lower.date(),
    )


def evidence() -> dict[str, Any]:
    return {"fills": [], "covered": {}, "measured": [], "states": {}}


def new_member(plan: Plan, number: str) -> Member:
    return Member.objects.create(
        plan=plan,
        source_id=f"{plan.code}-{number}",
        first_name=f"Pearl{number}",
        last_name=f"Of{plan.code}",
        birth_date=datetime(1950, 5, 17).date(),
        phone="1-800-555-0111",
        address="1 Sample Street",
    )


def started(plan: Plan, by: User, number: str) -> Any:
    """A review in progress with a medicine decided, notes and an action: it can be finished."""
    member = new_member(plan, number)
    making.enrolled(member, by)
    review = cmr.start(member=member, on=DAY, by=by)
    cmr.note(review=review, by=by, allergies=NOTE, side_effects="", other_information="")
    cmr.add_medication(review=review, name=DRUG, by=by, how_taken="1 tablet a day", why="Pain")
    cmr.add_action(review=review, talked_about=CONDITION, to_do="Call the office.", by=by)
    return review


def finished(plan: Plan, by: User, number: str) -> Any:
    return letters.complete_review(review=started(plan, by, number), on=DAY, by=by)


def booked(plan: Plan, by: User, member: Member) -> Appointment:
    starts = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    time = DateTimeTZRange(starts, starts.replace(minute=30))
    return Appointment.objects.create(plan=plan, member=member, pharmacist=by, time=time, booked_by=by)
