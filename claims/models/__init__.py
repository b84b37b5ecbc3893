"""What was dispensed and diagnosed, as the claim files tell it, and the drug and condition tables that give it meaning."""

from claims.models.claims import Diagnosis, Fill, FillVersion
from claims.models.conditions import Condition, ConditionCode, ConditionProxy
from claims.models.drugs import (
    DrugListing,
    DrugProduct,
    Ingredient,
    IngredientName,
    Interaction,
    ProductIngredient,
    ReferenceTable,
    ValueSet,
    ValueSetMember,
)
from claims.models.loads import Load, LoadFile, LoadProgress, RejectedRow
from claims.models.plan_drugs import PlanDrugFlag, PlanDrugMapping, PlanDrugMappingIngredient

__all__ = [
    "Condition",
    "ConditionCode",
    "ConditionProxy",
    "Diagnosis",
    "DrugListing",
    "DrugProduct",
    "Fill",
    "FillVersion",
    "Ingredient",
    "IngredientName",
    "Interaction",
    "Load",
    "LoadFile",
    "LoadProgress",
    "PlanDrugFlag",
    "PlanDrugMapping",
    "PlanDrugMappingIngredient",
    "ProductIngredient",
    "ReferenceTable",
    "RejectedRow",
    "ValueSet",
    "ValueSetMember",
]
