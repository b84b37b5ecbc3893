"""The state machines: every state can be reached, every step is taken and kept, and docs/states.md shows them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.models import User
from eligibility.models import Enrollment, EnrollmentTransition
from letters.models import Letter, LetterTransition
from mtm.lib.transitions import TransitionNotAllowed, move, reachable
from reviews.models import Alert, AlertTransition, Appointment, AppointmentTransition, Cmr, CmrTransition
from tests.conftest import APPEND_ONLY
from tests.trust.conftest import Stage

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
MACHINES: dict[Any, tuple[str, Any]] = {
    Alert: ("open", AlertTransition),
    Enrollment: ("enrolled", EnrollmentTransition),
    Appointment: ("booked", AppointmentTransition),
    Cmr: ("in_progress", CmrTransition),
    Letter: ("queued", LetterTransition),
}
STATES = [(model, state) for model in MACHINES for state in model.Status.values]
PAIRS = [(model, a, b) for model in MACHINES for a in model.Status.values for b in model.Status.values]


def drawn() -> str:
    """The page, from the tables in the code."""
    return "\n".join(["# States", "", *INTRODUCTION, *(line for model in MACHINES for line in section(model))])


INTRODUCTION = [
    "Drawn from the `TRANSITIONS` of the models; `tests/architecture/test_states.py` fails when the two differ and says",
    "how to draw it again. Each step is a row of its own that nobody can change or remove.",
    "",
]


def section(model: Any) -> list[str]:
    start = MACHINES[model][0]
    steps = [
        f"    {a} --> {b}"
        for a in model.Status.values
        for b in model.Status.values
        if b in model.TRANSITIONS.get(a, ())
    ]
    name = str(model._meta.verbose_name)
    return [
        f"## {name[0].upper()}{name[1:]}",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {start}",
        *steps,
        "```",
        "",
    ]


def test_the_page_shows_the_machines_as_they_are() -> None:
    again = 'python -c "import django; django.setup(); import tests.architecture.test_states as s; s.PAGE.write_text(s.drawn())"'
    assert PAGE.read_text() == drawn(), again


@pytest.mark.parametrize("model", MACHINES)
def test_every_state_can_be_reached(model: Any) -> None:
    assert reachable(model.TRANSITIONS, MACHINES[model][0]) == set(model.Status.values)


@pytest.fixture
def pharmacist(stage: Stage) -> User:
    return stage.people["pharmacist"]


@pytest.fixture
def rows(db: None, stage: Stage) -> Callable[[Any], Any]:
    """A row of each machine in its first state."""

    def row_of(model: Any) -> Any:
        return model.objects.filter(status=MACHINES[model][0], plan=stage.ours.plan).order_by("pk").first()

    return row_of


# What a state needs beside its name, so that the database lets it stand.
NEEDS: dict[Any, dict[str, dict[str, Any]]] = {
    Alert: {
        "claimed": {"claimed_by_id": 1, "claimed_at": "2026-11-20T12:00Z"},
        "resolved": {"outcome": "recommended", "resolved_by_id": 1, "resolved_at": "2026-11-20T12:00Z"},
    },
    Enrollment: {
        "opted_out": {"opted_out_on": "2026-11-20", "end_reason": "03", "opt_out_channel": "phone"},
        "enrolled": {"opted_out_on": None},
    },
    Cmr: {"completed": {"completed_on": "2026-11-20", "summary_due_on": "2026-12-04"}},
    Letter: {
        state: {"pdf": b"x", "pdf_sha256": "x", "mailed_on": "2026-11-20"}
        for state in ("rendered", "mailed", "returned")
    },
}


def needs(model: Any, state: str, user: User) -> dict[str, Any]:
    found = NEEDS.get(model, {}).get(state, {})
    return {name: user.pk if name.endswith("_by_id") else value for name, value in found.items()}


@pytest.mark.parametrize(("model", "a", "b"), PAIRS, ids=[f"{m.__name__} {a} to {b}" for m, a, b in PAIRS])
def test_each_step_is_taken_or_refused_as_the_table_says(
    model: Any, a: str, b: str, rows: Callable[[Any], Any], pharmacist: User
) -> None:
    row, log = rows(model), MACHINES[model][1]
    model.objects.filter(pk=row.pk).update(status=a, **needs(model, a, pharmacist))
    row.refresh_from_db()
    before = log.objects.filter(subject=row).count()
    allowed = b in model.TRANSITIONS.get(a, ())
    if allowed:
        move(row, to=b, allowed=model.TRANSITIONS, log=log, by=pharmacist, **needs(model, b, pharmacist))
    else:
        with pytest.raises(TransitionNotAllowed):
            move(row, to=b, allowed=model.TRANSITIONS, log=log, by=pharmacist)
    row.refresh_from_db()
    assert row.status == (b if allowed else a)
    assert log.objects.filter(subject=row).count() == before + allowed


@pytest.mark.parametrize("model", MACHINES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET to_status = 'x'", "DELETE FROM {}"])
def test_steps_are_never_changed_or_removed(
    model: Any, statement: str, rows: Callable[[Any], Any], pharmacist: User
) -> None:
    log = MACHINES[model][1]
    log.objects.create(subject=rows(model), plan=pharmacist.assignments.get().plan, from_status="a", to_status="b")
    with pytest.raises(Error, match="never changed or removed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(log._meta.db_table))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_are_never_emptied(table: str, rows: Callable[[Any], Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER no_truncate")
    with pytest.raises(Error, match="never changed or removed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def test_every_table_of_steps_is_append_only() -> None:
    assert {log._meta.db_table for _, log in MACHINES.values()} < set(APPEND_ONLY)


# Statement that breaks a promise, and the name of the promise.
BROKEN = [
    ("UPDATE reviews_alert SET status = 'claimed'", "claimed_alert_has_a_claimer"),
    ("UPDATE reviews_alert SET claimed_at = now()", "claimed_alert_says_by_whom_and_when"),
    ("UPDATE reviews_alert SET status = 'resolved'", "resolved_alert_has_an_outcome"),
    ("UPDATE reviews_alert SET severity = 5", "severity_is_1_to_4"),
    ("UPDATE eligibility_enrollment SET status = 'opted_out'", "opted_out_has_a_date"),
    ("UPDATE eligibility_enrollment SET opted_out_on = now()", "opted_out_has_a_date"),
    ("UPDATE reviews_cmr SET status = 'completed', completed_on = NULL", "completed_cmr_has_its_dates"),
    ("UPDATE letters_letter SET status = 'mailed', mailed_on = NULL WHERE pdf IS NOT NULL", "mailed_letter_has_a_date"),
    ("UPDATE letters_letter SET status = 'rendered', pdf = NULL", "rendered_letter_has_its_pdf"),
    ("UPDATE letters_letter SET enrollment_id = NULL, cmr_id = NULL", "letter_is_about_one_thing"),
    ("UPDATE eligibility_criteria SET minimum_drugs = 9 WHERE status = 'draft'", "minimum_drugs_as_cms_allows"),
    ("UPDATE eligibility_criteria SET minimum_conditions = 1 WHERE status = 'draft'", "minimum_conditions_as_cms_allows"),
    ("UPDATE eligibility_criteria SET cost_threshold = 0 WHERE status = 'draft'", "cost_threshold_is_positive"),
    ("UPDATE eligibility_criteria SET status = 'published' WHERE status = 'draft'", "published out of review"),
    (
        "INSERT INTO eligibility_criteria SELECT (c).* FROM (SELECT jsonb_populate_record(c, '{\"id\": 0, \"public_id\": "
        "\"00000000-0000-4000-8000-000000000000\", \"version\": 99, \"status\": \"published\"}') AS c "
        "FROM eligibility_criteria c WHERE status = 'draft' LIMIT 1) made",
        "published_criteria_say_by_whom",
    ),
    ("UPDATE eligibility_criteria SET cost_threshold = 1 WHERE status = 'published'", "published criteria never change"),
    ("DELETE FROM eligibility_criteriacondition", "published criteria never change"),
    ("UPDATE accounts_assignment SET role = 'owner'", "role_is_known"),
    ("UPDATE accounts_plan SET code = 'X'", "plan_code_is_a_contract"),
    ("INSERT INTO reviews_appointment (public_id, plan_id, member_id, pharmacist_id, time, status, booked_by_id, booked_at)"
     " SELECT gen_random_uuid(), plan_id, (SELECT max(id) FROM members_member), pharmacist_id, time, status, booked_by_id,"
     " now() FROM reviews_appointment", "a_pharmacist_has_one_appointment_at_a_time"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "promise"), BROKEN, ids=[f"{n} {p}" for n, (_, p) in enumerate(BROKEN)])
def test_the_database_keeps_its_promises(statement: str, promise: str, rows: Callable[[Any], Any]) -> None:
    with pytest.raises(Error, match=promise), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
