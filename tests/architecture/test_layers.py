"""Dependencies point down only: imports (import-linter runs beside the tests) and foreign keys."""

from pathlib import Path

from django.apps import apps

LAYERS = ["accounts", "members", "claims", "eligibility", "reviews", "letters"]


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in LAYERS
        if LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(model._meta.app_label)
    ]
    assert wrong == []


REFERENCE_DATA = {
    *("accounts.Plan", "accounts.User", "accounts.AuditEvent", "members.Prescriber"),
    "members.Pharmacy",
    *("claims.ReferenceTable", "claims.Ingredient", "claims.DrugProduct", "claims.ProductIngredient"),
    *("claims.DrugListing", "claims.IngredientName", "claims.ConditionProxy"),
    *("claims.ValueSet", "claims.ValueSetMember", "claims.Interaction", "claims.Condition", "claims.ConditionCode"),
    # The pairs of a criteria's condition and a coded condition belong to the row that has the plan.
    "eligibility.CriteriaCondition_coded_as",
}


def test_every_row_of_a_plan_carries_its_plan() -> None:
    without = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LAYERS and not any(f.name == "plan" for f in model._meta.get_fields())
    }
    assert without == REFERENCE_DATA


def test_no_signals() -> None:
    """Signals hide what happens when: upper apps derive or reconcile instead."""
    root = Path(__file__).parents[2]
    using = [
        str(path.relative_to(root))
        for app in [*LAYERS, "mtm"]
        for path in (root / app).rglob("*.py")
        if "django.dispatch" in (text := path.read_text()) or "models.signals" in text
    ]
    assert using == []
