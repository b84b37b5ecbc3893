"""Made-up people who work with the demonstration plans; their password is known to everyone."""

from accounts.models import Assignment, Plan, User
from accounts.permissions import Role

# A name to sign in by, the role, the full name, the credential. Publishing criteria takes a second administrator.
APPROVER = "approver"
STAFF = (
    ("pharmacist", Role.PHARMACIST, "Demo Pharmacist", "PharmD"),
    ("intern", Role.INTERN, "Demo Intern", ""),
    ("scheduler", Role.SCHEDULER, "Demo Scheduler", ""),
    ("administrator", Role.ADMINISTRATOR, "Demo Administrator", ""),
    (APPROVER, Role.ADMINISTRATOR, "Demo Approver", ""),
    ("auditor", Role.AUDITOR, "Demo Auditor", ""),
)
PASSWORD = "synthetic-demo-only"
OF_EVERY_PLAN = ("pharmacist", "administrator", APPROVER)


def make_staff(plans: list[Plan]) -> list[dict[str, str]]:
    """Everyone works for the first plan; the pharmacist and the administrators for all."""
    for who, role, name, credential in STAFF:
        user = User.objects.filter(email=email(who)).first() or User.objects.create_user(
            email(who), PASSWORD, full_name=name, credential=credential
        )
        for plan in plans if who in OF_EVERY_PLAN else plans[:1]:
            Assignment.objects.get_or_create(user=user, plan=plan, defaults={"role": role})
    return [{"role": who, "email": email(who), "password": PASSWORD} for who, _, _, _ in STAFF]


def email(who: str) -> str:
    return f"{who}@demo.example"


def who_is(who: str) -> User:
    return User.objects.get(email=email(who))
