"""Saying by hand which ingredients an unknown NDC holds, for one plan, and taking it back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Plan, User
from claims.drugs import BY_HAND, UNMAPPED, drugs_of
from claims.models import Ingredient, IngredientName, PlanDrugMapping, PlanDrugMappingIngredient
from mtm.lib.transitions import TransitionNotAllowed

MOST_FOUND = 20


class MappingProblem(Exception):
    """The code cannot be mapped now; the text says why."""


@transaction.atomic
def map_ndc(
    *,
    plan: Plan,
    ndc: str,
    ingredients: Iterable[str],
    reason: str,
    at: datetime,
    by: User,
    strength: str = "",
    form: str = "",
) -> PlanDrugMapping:
    """From the next determination and sweep on, the plan's fills of the code count as these ingredients."""
    how = drugs_of(plan, [ndc])[ndc].how
    if how not in (UNMAPPED, BY_HAND):
        raise MappingProblem("A directory says what this code holds; a mapping would change nothing.")
    made = in_force(plan, ndc, strength=strength, form=form, reason=reason, mapped_by=by, mapped_at=at)
    parts = Ingredient.objects.filter(name__in=list(ingredients))
    PlanDrugMappingIngredient.objects.bulk_create(
        PlanDrugMappingIngredient(plan=plan, mapping=made, ingredient=part) for part in parts
    )
    detail = {"ndc": ndc, "ingredients": sorted(part.pk for part in parts)}
    audit.record(audit.Kind.DRUG_MAPPED, by=by, plan=plan, subject=made, detail=detail)
    return made


def in_force(plan: Plan, ndc: str, **fields: object) -> PlanDrugMapping:
    """The new mapping, unless one is in force: also if somebody was faster."""
    try:
        with transaction.atomic():
            return PlanDrugMapping.objects.create(plan=plan, ndc=ndc, **fields)
    except IntegrityError:
        raise MappingProblem("This code is mapped already. Withdraw that mapping first.") from None


@transaction.atomic
def withdraw(*, mapping: PlanDrugMapping, at: datetime, by: User) -> PlanDrugMapping:
    """The code is unknown again; that it was mapped stays on record."""
    standing = PlanDrugMapping.objects.filter(pk=mapping.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=at, withdrawn_by=by):
        raise TransitionNotAllowed(mapping, to="withdrawn", found="withdrawn")
    audit.record(
        audit.Kind.DRUG_MAPPING_WITHDRAWN, by=by, plan=mapping.plan, subject=mapping, detail={"ndc": mapping.ndc}
    )
    mapping.refresh_from_db()
    return mapping


def ingredients_named(words: str) -> list[str]:
    """Names of ingredients with the words in them, or in another name of theirs; those that begin with them first."""
    words = words.replace("\0", "").strip().lower()
    if not words:
        return []
    own = Ingredient.objects.filter(name__contains=words).values_list("name", flat=True)
    other = IngredientName.objects.filter(name__contains=words).values_list("ingredient__name", flat=True)
    found = {*own, *other}
    return sorted(found, key=lambda name: (not name.startswith(words), len(name), name))[:MOST_FOUND]


def unknown_names(names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return sorted(wanted - set(Ingredient.objects.filter(name__in=wanted).values_list("name", flat=True)))
