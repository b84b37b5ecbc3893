"""Make an account or set its password anew: set_password EMAIL --name "Full Name" --plan H0001 --role pharmacist"""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import sessions
from accounts.models import Assignment, User
from accounts.permissions import Role
from accounts.plans import plan_or_error


class Command(BaseCommand):
    help = (
        "Set a person's password, making the account if it is new, and end their sessions. Reads it from the terminal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="full name, for a new account")
        parser.add_argument("--plan", help="contract number to assign the person to")
        parser.add_argument("--role", choices=[role.value for role in Role])

    @transaction.atomic
    def handle(self, *, email: str, name: str, plan: str | None, role: str | None, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first() or User(email=email, full_name=name or email)
        if bool(plan) != bool(role):
            raise CommandError("--plan and --role go together.", returncode=2)
        user.set_password(acceptable_password(user))
        user.save()
        if plan and role:
            Assignment.objects.update_or_create(user=user, plan=plan_or_error(plan), defaults={"role": role})
        sessions.end_all(user=user, by=None)
        self.stdout.write(f"{email} can sign in with the new password.")


def acceptable_password(user: User) -> str:
    password = getpass.getpass("New password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages), returncode=2) from None
    return password
