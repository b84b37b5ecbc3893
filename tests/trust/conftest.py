"""The world that trust tests look at: two plans with one of everything, and somebody in each role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.test import Client, override_settings

from accounts.models import Assignment, Plan, User
from accounts.permissions import Role
from tests.conftest import PASSWORD
from tests.trust import world

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Stage:
    ours: world.World
    theirs: world.World
    people: dict[str, User]
    stranger: User

    def client(self, name: str) -> Client:
        """A browser of somebody: a role, `stranger`, `half` or `anonymous`."""
        client = Client(raise_request_exception=True)
        if name == "half":
            return sign_in_half(client, self.people["half"])
        if name != "anonymous":
            client.force_login(self.stranger if name == "stranger" else self.people[name], backend=BACKEND)
        return client


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Built once for a file, inside a transaction that is rolled back; each test works in a savepoint of it."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=FAST), transaction.atomic():
        yield build_stage()
        transaction.set_rollback(True)


def build_stage() -> Stage:
    ours = Plan.objects.create(code="H0001", name="First Plan", phone="1-800-555-0100", hours="8 to 8")
    theirs = Plan.objects.create(code="H0002", name="Second Plan", phone="1-800-555-0200", hours="8 to 8")
    people = {str(role): worker(str(role), ours) for role in Role}
    people["half"] = worker("pharmacist", ours, "half")
    TOTP.activate(people["half"], generate_totp_secret())
    stranger = worker("pharmacist", theirs, "stranger")
    built = world.build(ours, people["pharmacist"]), world.build(theirs, stranger)
    return Stage(*built, people, stranger)


def worker(role: str, plan: Plan, name: str = "") -> User:
    user = User(email=f"{name or role}@example.org", full_name=(name or role).title())
    user.set_password(PASSWORD)
    user.save()
    Assignment.objects.create(user=user, plan=plan, role=role)
    return user


def sign_in_half(client: Client, user: User) -> Client:
    """The password was right and the one-time code is still owed."""
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.url == "/account/codes/authenticate/"
    return client


@pytest.fixture
def as_someone(stage: Stage, db: None) -> Callable[[str], Client]:
    return stage.client
