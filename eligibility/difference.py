"""What differs between two versions of criteria, in words for administrators."""

from collections.abc import Iterator
from typing import Any

from eligibility.editor import Listed, listed_of
from eligibility.models import Criteria
from eligibility.reasons import dollars, plural


def difference(criteria: Criteria, before: Criteria) -> list[str]:
    """One sentence a setting that differs, then what differs in the list of conditions."""
    return [*settings(criteria, before, Criteria.SETTINGS), *conditions(listed_of(criteria), listed_of(before))]


def of_typed(typed: Criteria, listed: Listed, saved: Criteria) -> list[str]:
    """What saving the typed values, which are not in the database, would change in what somebody else has saved."""
    names = (*Criteria.SETTINGS, "starts_on", "reason")
    return [*settings(typed, saved, names), *conditions(listed, listed_of(saved))]


def settings(criteria: Criteria, before: Criteria, names: tuple[str, ...]) -> list[str]:
    return [
        f"{label_of(name)}: {shown(before, name)} → {shown(criteria, name)}"
        for name in names
        if name != "cost_operator" and shown(before, name) != shown(criteria, name)
    ]


def conditions(listed: Listed, before: Listed) -> Iterator[str]:
    new, old = rows_of(listed), rows_of(before)
    yield from (f"Condition added: {label}" for label in new if label not in old)
    yield from (f"Condition taken off: {label}" for label in old if label not in new)
    yield from (f"{label}: {old[label]} → {new[label]}" for label in new if old.get(label, new[label]) != new[label])


def rows_of(listed: Listed) -> dict[str, str]:
    return {
        label: f"{', '.join(sorted(codes)) or 'no codes'} ({plural(visits, 'claim')})"
        for label, codes, visits in listed
    }


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
    if value in (None, "") and not display:
        return "none"
    return str(display() if display else value)
