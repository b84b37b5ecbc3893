"""What an NDC means: itself, else its labeler's product, else what the plan mapped it to, else nobody knows."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.models import Plan, User
from claims.models import (
    DrugProduct,
    Ingredient,
    PlanDrugFlag,
    PlanDrugMapping,
    PlanDrugMappingIngredient,
    ProductIngredient,
)

NDC, OTHER_PACKAGE, ELSEWHERE = "12345678901", "12345678905", "12345000101"


def product(ndc: str, *ingredients: str, label: str = "a label", **fields: Any) -> DrugProduct:
    made = DrugProduct.objects.create(ndc=ndc, label=label, source="test", **fields)
    for name in ingredients:
        part, _ = Ingredient.objects.get_or_create(name=name)
        ProductIngredient.objects.create(product=made, ingredient=part)
    return made


def mapped(plan: Plan, by: User, ndc: str, *ingredients: str, **fields: str) -> PlanDrugMapping:
    made = PlanDrugMapping.objects.create(plan=plan, ndc=ndc, reason="label on file", mapped_by=by, **fields)
    for name in ingredients:
        part, _ = Ingredient.objects.get_or_create(name=name)
        PlanDrugMappingIngredient.objects.create(plan=plan, mapping=made, ingredient=part)
    return made


def meaning(plan: Plan, ndc: str = NDC) -> dict[str, Any]:
    """The one row about a code, however often it is asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM claims_drugs_of_ndcs(%s, %s)", [plan.pk, [ndc, ndc]])
        [row] = cursor.fetchall()
        return dict(zip((column.name for column in cursor.description), row, strict=True))


def test_a_code_that_is_named_means_what_it_holds(plan: Plan) -> None:
    product(NDC, "metformin", "glipizide", is_brand=True)
    found = meaning(plan)
    assert (found["how"], found["ingredients"], found["is_brand"]) == ("exact", ["glipizide", "metformin"], True)


def test_another_package_of_the_product_means_the_same(plan: Plan) -> None:
    known = product(OTHER_PACKAGE, "metformin", oral=True, strength="500 MG")
    product(ELSEWHERE, "glipizide")
    found = meaning(plan)
    assert (found["how"], found["ingredients"], found["product_id"]) == ("product", ["metformin"], known.pk)
    assert (found["oral"], found["strength"]) == (True, "500 MG")


def test_packages_that_contradict_each_other_mean_nothing(plan: Plan) -> None:
    product(OTHER_PACKAGE, "metformin")
    product("12345678906", "metformin", "glipizide")
    found = meaning(plan)
    assert (found["how"], found["ingredients"], found["maintenance"]) == ("unmapped", [], "")
    assert found["label"] == f"NDC {NDC}"


def test_a_label_without_ingredients_is_shown_and_not_taken_for_knowledge(plan: Plan) -> None:
    product(NDC, label="Mouth rinse")
    found = meaning(plan)
    assert (found["how"], found["label"], found["product_id"]) == ("unmapped", "Mouth rinse", None)
    product(OTHER_PACKAGE, "fluoride", label="Mouth rinse, large")
    assert meaning(plan)["how"] == "product"


def test_a_mapping_by_hand_is_for_the_plan_that_made_it(plan: Plan, other_plan: Plan, pharmacist: User) -> None:
    mapped(plan, pharmacist, NDC, "ketorolac", strength="0.5 %", form="Ophthalmic Solution")
    found = meaning(plan)
    assert (found["how"], found["ingredients"]) == ("by hand", ["ketorolac"])
    assert (found["label"], found["systemic"]) == ("ketorolac 0.5 % Ophthalmic Solution", False)
    assert meaning(other_plan)["how"] == "unmapped"


def test_a_directory_that_names_the_code_later_wins_over_a_mapping(plan: Plan, pharmacist: User) -> None:
    mapped(plan, pharmacist, NDC, "metformin")
    product(OTHER_PACKAGE, "glipizide")
    assert (meaning(plan)["how"], meaning(plan)["ingredients"]) == ("product", ["glipizide"])


def test_a_withdrawn_mapping_means_nothing(plan: Plan, pharmacist: User) -> None:
    made = mapped(plan, pharmacist, NDC, "metformin")
    made.withdrawn_by, made.withdrawn_at = pharmacist, timezone.now()
    made.save()
    assert meaning(plan)["how"] == "unmapped"


@pytest.mark.parametrize(
    ("maintenance", "counts"), [(("Y", "N"), "Y"), (("S", "N"), "S"), (("N", ""), "N"), (("", ""), "")]
)
def test_a_combination_counts_as_its_part_that_counts_most(
    plan: Plan, maintenance: tuple[str, str], counts: str
) -> None:
    product(NDC, "first", "second")
    for name, kind in zip(("first", "second"), maintenance, strict=True):
        Ingredient.objects.filter(name=name).update(maintenance=kind)
    assert meaning(plan)["maintenance"] == counts


def test_the_flag_of_the_plan_wins_for_that_plan_alone(plan: Plan, other_plan: Plan) -> None:
    product(NDC, "metformin")
    PlanDrugFlag.objects.create(plan=plan, ndc=NDC, maintenance="N", source="plan file", set_on=date(2026, 1, 1))
    assert (meaning(plan)["maintenance"], meaning(other_plan)["maintenance"]) == ("N", "Y")


@pytest.mark.parametrize("change", ["UPDATE", "DELETE"])
def test_a_mapping_is_withdrawn_once_and_otherwise_never_changed(plan: Plan, pharmacist: User, change: str) -> None:
    made = mapped(plan, pharmacist, NDC, "metformin")
    rows = PlanDrugMapping.objects.filter(pk=made.pk)
    with pytest.raises(Error, match="never changed or removed"), transaction.atomic():
        rows.update(ndc=ELSEWHERE) if change == "UPDATE" else made.delete()
    rows.update(withdrawn_by=pharmacist, withdrawn_at=timezone.now())
    with pytest.raises(Error, match="withdrawn once"), transaction.atomic():
        rows.update(withdrawn_by=None, withdrawn_at=None)
    with pytest.raises(Error, match="never changed or removed"), transaction.atomic():
        made.parts.all().update(ingredient=Ingredient.objects.get(name="glipizide"))
