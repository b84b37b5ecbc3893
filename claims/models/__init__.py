"""What was dispensed and diagnosed, as the claim files tell it, and the drug and condition tables that give it meaning."""

from claims.models.claims import Diagnosis, Fill
from claims.models.conditions import Condition, ConditionCode
from claims.models.drugs import (
    DrugProduct,
    Ingredient,
    Interaction,
    ProductIngredient,
    ReferenceTable,
    ValueSet,
    ValueSetMember,
)
from claims.models.loads import LoadFile, RejectedRow

__all__ = [
    "Condition",
    "ConditionCode",
    "Diagnosis",
    "DrugProduct",
    "Fill",
    "Ingredient",
    "Interaction",
    "LoadFile",
    "ProductIngredient",
    "ReferenceTable",
    "RejectedRow",
    "ValueSet",
    "ValueSetMember",
]
