"""Building the demonstration plans, once: staff, files, loads, then a program that has begun. All of it is synthetic."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from accounts.models import Plan
from claims.models import LoadFile
from mtm.demo import files, loading, program
from mtm.demo.staff import make_staff

PLANS = (("H0001", "Demo Health Plan (synthetic)", 2_000), ("H0002", "Second Demo Plan (synthetic)", 60))


def build(today: date) -> list[dict[str, str]]:
    """Make whatever of the demonstration is missing; gives one sign-in a role."""
    with transaction.atomic():
        sign_ins = make_staff([make_plan(code, name) for code, name, _ in PLANS])
    for seed, (code, _, size) in enumerate(PLANS, 1):
        make_whole(Plan.objects.get(code=code), size, seed, today)
    return sign_ins


def make_plan(code: str, name: str) -> Plan:
    contact = {"phone": "1-800-555-0100", "hours": "8 a.m. to 8 p.m., 7 days a week"}
    plan, _ = Plan.objects.update_or_create(code=code, defaults={"name": name, **contact})
    return plan


@transaction.atomic
def make_whole(plan: Plan, size: int, seed: int, today: date) -> None:
    """All of the plan or nothing: its files are the mark of a plan that is done, so a kill must take them along."""
    if LoadFile.objects.filter(plan=plan).exists():
        return
    with TemporaryDirectory(prefix="mtm-demo-") as folder:
        written = files.write(Path(folder), contract=plan.code, members=size, seed=seed, today=today)
        loading.load(plan, written, today)
    program.begin(plan, today)
