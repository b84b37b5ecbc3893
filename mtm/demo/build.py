"""Building the demonstration plans, once: people, claims, criteria, enrollments, alerts. All of it is synthetic."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Assignment, Plan, User
from accounts.permissions import Role
from claims.ingest.layout import STAGED, Kind
from claims.ingest.load import analyze, counts, keep
from claims.ingest.staging import copy_rows
from claims.models import Condition, DrugProduct, Ingredient, LoadFile, ProductIngredient
from eligibility import criteria as criteria_actions
from eligibility.determination import determine
from eligibility.enrollment import enroll_eligible
from eligibility.models import Criteria
from members.models import AtRiskSpell, Member, Prescriber
from mtm.demo import claims, people
from mtm.demo.therapies import PRODUCTS
from mtm.lib import sql
from reviews import sweep
from reviews.models import SweepShard

PLANS = (("H0001", "Demo Health Plan (synthetic)", 2_000), ("H0002", "Second Demo Plan (synthetic)", 60))
SOURCE = "synthetic demonstration data"


def build(today: date) -> list[dict[str, str]]:
    """Make whatever of the demonstration is missing; gives one sign-in a role."""
    with transaction.atomic():
        sign_ins = make_staff([make_plan(code, name) for code, name, _ in PLANS])
        make_products()
    for code, _, size in PLANS:
        make_whole(Plan.objects.get(code=code), size, today)
    return sign_ins


@transaction.atomic
def make_whole(plan: Plan, size: int, today: date) -> None:
    """All of the plan or nothing: the loads are the mark of a plan that is done, so a kill must take them along."""
    if not LoadFile.objects.filter(plan=plan, feed="demo").exists():
        make_members(plan, size, today)
        run_program(plan, today)


def make_plan(code: str, name: str) -> Plan:
    contact = {"phone": "1-800-555-0100", "hours": "8 a.m. to 8 p.m., 7 days a week"}
    plan, _ = Plan.objects.update_or_create(code=code, defaults={"name": name, **contact})
    return plan


def make_staff(plans: list[Plan]) -> list[dict[str, str]]:
    """Everyone works for the first plan; the pharmacist and the administrator for all."""
    for role, name, credential in people.STAFF:
        user = User.objects.filter(email=people.email(role)).first() or User.objects.create_user(
            people.email(role), people.PASSWORD, full_name=name, credential=credential
        )
        for plan in plans if role in (Role.PHARMACIST, Role.ADMINISTRATOR) else plans[:1]:
            Assignment.objects.get_or_create(user=user, plan=plan, defaults={"role": role})
    return [{"role": role, "email": people.email(role), "password": people.PASSWORD} for role, _, _ in people.STAFF]


def make_products() -> None:
    ingredients = {item.name: item for item in Ingredient.objects.all()}
    for product in PRODUCTS.values():
        known, _ = DrugProduct.objects.update_or_create(
            ndc=product.ndc,
            defaults={
                "label": product.label,
                "is_brand": product.is_brand,
                "generic_unit_cost": product.generic_unit_cost,
                "source": SOURCE,
            },
        )
        for name in product.ingredients:
            ProductIngredient.objects.get_or_create(product=known, ingredient=ingredients[name])
    for npi, name in people.PRESCRIBERS:
        fields = {"name": name, "phone": "1-800-555-0170", "fax": "1-800-555-0171"}
        Prescriber.objects.update_or_create(npi=npi, defaults=fields)


def make_members(plan: Plan, size: int, today: date) -> None:
    """Members, diagnoses and fills, through the same statements that judge and keep real files."""
    random = Random(f"{plan.code} {size}")
    members = [people.member(number, random, today) for number in range(1, size + 1)]
    diseases = {row[0]: claims.diseases_of(random) for row in members}
    store(plan, Kind.MEMBERS, members)
    store(plan, Kind.DIAGNOSES, (r for m, d in diseases.items() for r in claims.diagnoses(str(m), d, random, today)))
    store(plan, Kind.FILLS, (r for m, d in diseases.items() for r in claims.fills(str(m), d, random, today)))
    for member in Member.objects.of_plan(plan).order_by("pk")[::400]:
        spell = DateRange(today - timedelta(days=40), today + timedelta(days=325))
        AtRiskSpell.objects.create(plan=plan, member=member, period=spell)
    add_phones(plan)
    analyze()


@transaction.atomic
def store(plan: Plan, kind: Kind, rows: Iterable[tuple[Any, ...]]) -> None:
    sql.run("claims", "stage")
    copy_rows(f"stage_{kind}", ("line", *STAGED[kind]), ((n, *row) for n, row in enumerate(rows, 1)))
    sql.run("claims", f"judge_{kind}", plan=plan.pk)
    file = LoadFile.objects.create(plan=plan, feed="demo", kind=kind, name=SOURCE, sha256="", **counts(kind))
    keep(file)
    if kind == Kind.FILLS:
        known = sql.rows("claims", "describe_fills", file=file.pk)[0]
        LoadFile.objects.filter(pk=file.pk).update(
            unmapped_ndc=known["unmapped"], claims_through=known["claims_through"]
        )


def add_phones(plan: Plan) -> None:
    members = list(Member.objects.of_plan(plan))
    for member in members:
        member.phone = f"1-800-555-{member.pk % 10_000:04}"
    Member.objects.bulk_update(members, ["phone"], batch_size=1_000)


def run_program(plan: Plan, today: date) -> None:
    """Criteria for this year in force and next year's in draft; members decided and enrolled; one sweep done."""
    admin = User.objects.get(email=people.email(Role.ADMINISTRATOR))
    criteria = this_year(plan, today, admin)
    criteria_actions.draft_next(criteria=criteria, plan_year=today.year + 1, by=admin)
    for day in (max(today - timedelta(days=10), date(today.year, 1, 1)), today):
        determine(criteria=criteria, as_of=day, by=None)
        enroll_eligible(plan=plan, plan_year=today.year, on=day, by=None)
    run = sweep.start(plan=plan, as_of=today, by=None)
    for shard in SweepShard.objects.filter(run=run):
        sweep.run_shard(shard.pk)


def this_year(plan: Plan, today: date, admin: User) -> Criteria:
    """Three of ten core diseases, eight maintenance drugs, and the cost of the CMS notice for the year."""
    draft = criteria_actions.draft_from_preset(plan=plan, preset="bcbsm-2023", plan_year=today.year, by=admin)
    coded = {condition.code: condition for condition in Condition.objects.all()}
    conditions = {label: [coded[code] for code in codes] for label, codes in CORE_TEN.items()}
    fields = {"cost_threshold": "1276.00", "list_is_illustrative": False}
    criteria_actions.change(draft=draft, fields=fields, conditions=conditions, by=admin)
    draft.refresh_from_db()
    return criteria_actions.publish(draft=draft, on=date(today.year, 1, 1), by=admin)


# The ten core chronic diseases of 2025 and later (42 CFR 423.153(d)(2)(iii)).
CORE_TEN = {
    "Alzheimer's disease": ("ALZ",),
    "Bone disease or arthritis": ("OSTEOPOROSIS", "OSTEOARTHRITIS", "RA"),
    "Chronic heart failure": ("CHF",),
    "Diabetes": ("DIABETES",),
    "High cholesterol": ("DYSLIPIDEMIA",),
    "End-stage renal disease": ("ESRD",),
    "HIV/AIDS": ("HIV",),
    "High blood pressure": ("HTN",),
    "Mental health": ("DEPRESSION", "BIPOLAR", "SCHIZOPHRENIA"),
    "Lung disease": ("ASTHMA", "COPD", "CHRONIC_LUNG"),
}
