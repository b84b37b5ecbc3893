"""Made-up people who work with the demonstration plans, one a role; their password is known to everyone."""

from accounts.models import Assignment, Plan, User
from accounts.permissions import Role

STAFF = (
    (Role.PHARMACIST, "Demo Pharmacist", "PharmD"),
    (Role.INTERN, "Demo Intern", ""),
    (Role.SCHEDULER, "Demo Scheduler", ""),
    (Role.ADMINISTRATOR, "Demo Administrator", ""),
    (Role.AUDITOR, "Demo Auditor", ""),
)
PASSWORD = "synthetic-demo-only"
OF_EVERY_PLAN = (Role.PHARMACIST, Role.ADMINISTRATOR)


def make_staff(plans: list[Plan]) -> list[dict[str, str]]:
    """Everyone works for the first plan; the pharmacist and the administrator for all."""
    for role, name, credential in STAFF:
        user = User.objects.filter(email=email(role)).first() or User.objects.create_user(
            email(role), PASSWORD, full_name=name, credential=credential
        )
        for plan in plans if role in OF_EVERY_PLAN else plans[:1]:
            Assignment.objects.get_or_create(user=user, plan=plan, defaults={"role": role})
    return [{"role": role, "email": email(role), "password": PASSWORD} for role, _, _ in STAFF]


def email(role: str) -> str:
    return f"{role}@demo.example"


def who_is(role: str) -> User:
    return User.objects.get(email=email(role))
