from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def name_for_lockout(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Who is being signed in, however it was typed: wrong passwords are counted per person and address.

    allauth calls it `email` where it checks the password and `login` in the form.
    """
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(typed).strip().lower()[:255]
