"""Finding a plan by its contract number, for commands."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import RegexValidator

from accounts.models import Plan

CONTRACT = RegexValidator(r"^[A-Z][0-9]{4}\Z", "a contract number is a letter and four digits, such as H0001")


def plan_or_error(code: str) -> Plan:
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        raise CommandError(f"There is no plan {code}: load its members first.", returncode=2)
    return plan


def plan_or_new(code: str) -> Plan:
    """The plan of that contract number, made where it is new."""
    try:
        CONTRACT(code)
    except ValidationError as problem:
        raise CommandError(f"{code!r}: {problem.message}.", returncode=2) from None
    return Plan.objects.get_or_create(code=code, defaults={"name": code})[0]
