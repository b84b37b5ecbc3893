import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Plan, User

GOOD = "a long enough pass phrase"


def run(monkeypatch: pytest.MonkeyPatch, password: str, *arguments: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("set_password", *arguments, stdout=io.StringIO())


def test_it_makes_an_account_with_a_role(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, GOOD, "new@example.org", "--name", "New Person", "--plan", "H0001", "--role", "scheduler")
    user = User.objects.get(email="new@example.org")
    assert user.check_password(GOOD)
    assert [a.role for a in user.assignments.all()] == ["scheduler"]


def test_it_ends_the_sessions_of_whoever_gets_a_new_password(pharmacist: User, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pharmacist.get_session_auth_hash()
    run(monkeypatch, GOOD, pharmacist.email)
    assert User.objects.get(pk=pharmacist.pk).get_session_auth_hash() != before


@pytest.mark.parametrize("password", ["short", "password123456", ""])
def test_a_weak_password_is_refused(plan: Plan, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError):
        run(monkeypatch, password, "new@example.org")
    assert not User.objects.exists()
