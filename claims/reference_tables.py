"""Loading the drug, class, set, interaction and condition tables that ship with the product (claims/reference/*.csv).

Each table is loaded when its file's hash differs from the one last loaded; loading again changes nothing.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import transaction

from claims.models import (
    Condition,
    ConditionCode,
    ConditionProxy,
    Ingredient,
    IngredientName,
    Interaction,
    ReferenceTable,
    ValueSet,
    ValueSetMember,
)

FOLDER = Path(__file__).parent / "reference"
Record = dict[str, str]


def load_all(folder: Path = FOLDER) -> dict[str, int]:
    """Bring every shipped table up to date; gives the rows of those that changed."""
    changed = {name: load_table(name, folder / f"{name}.csv") for name in LOADERS}
    return {name: rows for name, rows in changed.items() if rows}


@transaction.atomic
def load_table(name: str, path: Path) -> int:
    version = hashlib.sha256(path.read_bytes()).hexdigest()
    if ReferenceTable.objects.filter(name=name, version=version).exists():
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    LOADERS[name](records)
    ReferenceTable.objects.update_or_create(name=name, defaults={"version": version, "rows": len(records)})
    return len(records)


def load_drugs(records: list[Record]) -> None:
    Ingredient.objects.bulk_create(
        [
            Ingredient(
                name=record["ingredient"].lower(),
                rxcui=record["rxcui_in"],
                drug_class=record["class_id"],
                maintenance=record["maintenance"][:1],
                source=record["source"],
            )
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["rxcui", "drug_class", "maintenance", "source"],
    )


def load_names(records: list[Record]) -> None:
    known = dict(Ingredient.objects.values_list("name", "pk"))
    IngredientName.objects.bulk_create(
        [
            IngredientName(name=record["name"], ingredient_id=known[record["ingredient"]], source=record["source"])
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["ingredient", "source"],
    )


def load_sets(records: list[Record]) -> None:
    for record in records:
        replace_set(record["set_id"], record["description"], record["source_ids"], parts(record["members"]))


def load_classes(records: list[Record]) -> None:
    for record in records:
        replace_set(record["class_id"], record["label"], record["source"], parts(record["members"]))


def replace_set(code: str, label: str, source: str, names: Iterable[str]) -> None:
    found, _ = ValueSet.objects.update_or_create(code=code, defaults={"label": label[:200], "source": source})
    found.members.all().delete()
    ValueSetMember.objects.bulk_create(ValueSetMember(value_set=found, ingredient=name.lower()) for name in names)


def load_interactions(records: list[Record]) -> None:
    Interaction.objects.exclude(code__in=[record["id"] for record in records]).delete()
    Interaction.objects.bulk_create(
        [
            Interaction(
                code=record["id"],
                first=record["object"],
                second=record["precipitant"],
                severity=record["severity"],
                effect=record["effect"],
                management=record["management"],
                detection=record["detection_rule"],
                source=record["source_ids"],
            )
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["first", "second", "severity", "effect", "management", "detection", "source"],
    )


def load_conditions(records: list[Record]) -> None:
    for record in records:
        condition, _ = Condition.objects.update_or_create(
            code=record["condition_id"],
            defaults={
                "label": record["label"],
                "core_group": record["core_group"].partition(" (")[0],
                "one_claim_counts": record["count_rule"].startswith(">=1 claim"),
                "source": record["source"],
            },
        )
        condition.codes.all().delete()
        prefixes = {("10", p) for p in parts(record["icd10cm_prefixes"])} | {
            ("9", p) for p in parts(record["icd9cm_prefixes"])
        }
        ConditionCode.objects.bulk_create(
            ConditionCode(condition=condition, system=system, prefix=prefix) for system, prefix in sorted(prefixes)
        )


def load_proxies(records: list[Record]) -> None:
    known = {condition.code: condition for condition in Condition.objects.all()}
    ConditionProxy.objects.all().delete()
    ConditionProxy.objects.bulk_create(
        ConditionProxy(
            condition=known[record["condition_id"]],
            ingredient=ingredient,
            fills=int(record["fills"]),
            days=int(record["days"]),
            note=record["note"],
            source=record["source"],
        )
        for record in records
        for ingredient in parts(record["ingredients"])
    )


def parts(text: str) -> list[str]:
    """A ;-separated list, each part once, in order."""
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


LOADERS: dict[str, Callable[[list[Record]], None]] = {
    "drugs": load_drugs,
    "names": load_names,
    "sets": load_sets,
    "classes": load_classes,
    "interactions": load_interactions,
    "conditions": load_conditions,
    "proxies": load_proxies,
}
