"""Plans, people in every role, and members for the tests. Everything is made in the real PostgreSQL."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.template import engines
from django.test import Client

from accounts.models import Assignment, Plan, User
from accounts.permissions import Role
from claims.models import ReferenceTable
from claims.reference_tables import load_all
from members.models import Member

TODAY = date(2026, 11, 20)
END_OTHER_SESSIONS = """
SELECT application_name, backend_type, state, left(query, 200), pg_terminate_backend(pid)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
PASSWORD = "correct horse battery staple"
# Tables whose rows are never changed or removed.
APPEND_ONLY = [
    "accounts_auditevent",
    "eligibility_enrollmenttransition",
    "reviews_alerttransition",
    "reviews_appointmenttransition",
    "reviews_cmrtransition",
    "letters_lettertransition",
]


# Files that take longest, so that no worker is left with one of them when the other has nothing to do.
LONG = (
    *("trust/test_inputs.py", "reviews/test_scheduling.py", "claims/test_coverage.py", "eligibility/test_trace.py"),
    *("claims/test_numbers_of_one_person.py", "claims/test_member_facts.py", "launch/test_demo_check.py"),
    *("trust/test_access.py", "reviews/test_sweep.py", "reviews/test_expressions.py", "browser/test_administrator.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shipped reference tables are part of every test database.

    Emptying tables between tests that commit is the one thing the guards of append-only tables have to let pass.
    """
    with django_db_blocker.unblock():
        load_all()
        with connection.cursor() as cursor:
            for table in APPEND_ONLY:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER no_truncate")
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


def end_other_sessions(seconds: float = 60) -> None:
    """A database is dropped when nobody is in it; a session whose process was killed may still be at its last work."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute(END_OTHER_SESSIONS)
            left = cursor.fetchall()
            if not left or time.monotonic() > until:
                return
            print(f"\nended a session that was left in the test database: {left}")
            time.sleep(0.5)


@pytest.fixture(autouse=True, scope="session")
def unknown_variables_fail(_fail_for_invalid_template_variable: None) -> None:
    """pytest-django changes the settings, which an engine that was made while tests were collected does not see."""
    engines["django"].engine.string_if_invalid = settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"]


@pytest.fixture
def refilled(django_db_blocker: Any) -> Iterator[None]:
    """Tests that commit leave all tables empty; the next test finds the shipped ones filled again.

    It is set up before the database is, and so torn down after the tables were emptied.
    """
    yield
    with django_db_blocker.unblock():
        if not ReferenceTable.objects.exists():
            load_all()
            connection.close()


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The clock stands at noon of TODAY in New York."""
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def db(refilled: None, db: None) -> None:
    """As pytest-django has it."""


@pytest.fixture
def transactional_db(refilled: None, transactional_db: None) -> None:
    """As pytest-django has it."""


@pytest.fixture
def committed(transactional_db: None) -> None:
    """For tests in which several connections must see each other's rows; all tables are emptied afterwards."""


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(code="H0001", name="First Plan", phone="1-800-555-0100", hours="8 to 8, every day")


@pytest.fixture
def other_plan(db: None) -> Plan:
    return Plan.objects.create(code="H0002", name="Second Plan", phone="1-800-555-0200", hours="8 to 8, every day")


def hashed() -> str:
    """Of PASSWORD; hashing it takes half a second, so once for all people of all tests (and for each way of hashing)."""
    return hashed_by(settings.PASSWORD_HASHERS[0])


@cache
def hashed_by(hasher: str) -> str:
    return make_password(PASSWORD)


@pytest.fixture
def person(plan: Plan) -> Callable[..., User]:
    """Makes somebody with a role in the plan (or in `where`)."""

    def make(role: str, where: Plan = plan, email: str = "") -> User:
        number = User.objects.count()
        user = User.objects.create(
            email=email or f"{role}{number}@example.org", password=hashed(), full_name=f"{role.title()} {number}"
        )
        Assignment.objects.create(user=user, plan=where, role=role)
        return user

    return make


@pytest.fixture
def pharmacist(person: Callable[..., User]) -> User:
    return person(Role.PHARMACIST)


@pytest.fixture
def intern(person: Callable[..., User]) -> User:
    return person(Role.INTERN)


@pytest.fixture
def scheduler(person: Callable[..., User]) -> User:
    return person(Role.SCHEDULER)


@pytest.fixture
def administrator(person: Callable[..., User]) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def auditor(person: Callable[..., User]) -> User:
    return person(Role.AUDITOR)


@pytest.fixture
def stranger(person: Callable[..., User], other_plan: Plan) -> User:
    """A pharmacist of another plan."""
    return person(Role.PHARMACIST, other_plan)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def member(plan: Plan) -> Member:
    return make_member(plan, "M1", first_name="Pearl", last_name="Maple")


def make_member(plan: Plan, source_id: str, **fields: Any) -> Member:
    known = {"birth_date": date(1950, 5, 17), "sex": "F", "phone": "1-800-555-0111", "address": "1 Sample Street"}
    return Member.objects.create(plan=plan, source_id=source_id, **known | fields)
