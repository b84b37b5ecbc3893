from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts import audit
from accounts.models import User


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Password and one-time code were right: the session starts, and is written down."""
        super().login(request, user)
        audit.record(audit.Kind.SIGNED_IN, by=user, plan=None)


def name_for_lockout(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Who is being signed in, however it was typed: wrong passwords are counted per person and address.

    allauth calls it `email` where it checks the password and `login` in the form.
    """
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(typed).strip().lower()[:255]
