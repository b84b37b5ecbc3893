"""What differs between two versions of criteria, in words for administrators."""

from typing import Any

from eligibility.models import Criteria
from eligibility.reasons import dollars


def difference(criteria: Criteria, before: Criteria) -> list[str]:
    """One sentence a setting that differs, then the conditions that came and went."""
    changed = [
        f"{label_of(name)}: {shown(before, name)} → {shown(criteria, name)}"
        for name in Criteria.SETTINGS
        if name != "cost_operator" and shown(before, name) != shown(criteria, name)
    ]
    old, new = labels(before), labels(criteria)
    return [
        *changed,
        *(f"Condition added: {label}" for label in new if label not in old),
        *(f"Condition taken off: {label}" for label in old if label not in new),
    ]


def year_before(criteria: Criteria) -> Criteria | None:
    """What to compare with: the version it replaces or would replace, else the last of the year before."""
    earlier = Criteria.objects.filter(plan=criteria.plan, published_at__isnull=False).exclude(pk=criteria.pk)
    same_year = earlier.filter(plan_year=criteria.plan_year, version__lt=criteria.version)
    return same_year.order_by("-version").first() or (
        earlier.filter(plan_year=criteria.plan_year - 1).order_by("-version").first()
    )


def label_of(name: str) -> str:
    field = Criteria._meta.get_field(name)
    label = str(getattr(field, "verbose_name", name))
    return label[:1].upper() + label[1:]


def shown(criteria: Criteria, name: str) -> str:
    value: Any = getattr(criteria, name)
    if name == "cost_threshold":
        return f"{criteria.get_cost_operator_display()} {dollars(value)}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    display = getattr(criteria, f"get_{name}_display", None)
    return str(display() if display else value)


def labels(criteria: Criteria) -> list[str]:
    return list(criteria.conditions.values_list("label", flat=True))
