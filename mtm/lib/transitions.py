"""Moving a row from one state to the next: checked against a table, safe when two people act at once."""

from collections.abc import Mapping, Set
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)
Transitions = Mapping[Any, Set[Any]]
STATE = attrgetter("status", "plan_id")  # which every row with states has
NOTHING: Mapping[str, Any] = MappingProxyType({})


class TransitionNotAllowed(Exception):
    """The row is not, or no longer, in a state from which this step may be taken."""

    def __init__(self, row: models.Model, *, to: str, found: str) -> None:
        self.row, self.to, self.found = row, to, found
        super().__init__(f"{row._meta.verbose_name} cannot go from {found} to {to}")

    @property
    def who(self) -> str:
        """Who took the row its last step, or nothing where no steps are kept."""
        steps = getattr(self.row, "transitions", None)
        last = steps.select_related("by").last() if steps is not None else None
        return str(last.by) if last and last.by else ""


@transaction.atomic
def move(
    row: Row,
    *,
    to: str,
    allowed: Transitions,
    log: type[models.Model],
    by: Any,
    noted: Mapping[str, Any] = NOTHING,
    **changes: Any,
) -> Row:
    """Take `row` to status `to`, write `changes` with it and one immutable row in `log`; raise TransitionNotAllowed.

    `noted` are further columns of the row in `log`.
    """
    before, plan_id = STATE(row)
    if to not in allowed.get(before, frozenset()) or not compare_and_set(row, before, status=to, **changes):
        raise TransitionNotAllowed(row, to=to, found=current_status(row))
    log._default_manager.create(subject=row, from_status=before, to_status=to, by=by, plan_id=plan_id, **noted)
    return row


def compare_and_set(row: models.Model, before: str, **changes: Any) -> bool:
    """Write `changes` only if the row is still in status `before`; tell whether it was.

    The filter names columns of this one row only. With a join in it PostgreSQL re-checks a lost race against the old
    joined row and lets both writers through.
    """
    written = type(row)._default_manager.filter(pk=row.pk, status=before).update(**changes)
    if written:
        for field, value in changes.items():
            setattr(row, field, value)
    return bool(written)


def current_status(row: models.Model) -> str:
    return str(type(row)._default_manager.values_list("status", flat=True).get(pk=row.pk))


def reachable(allowed: Transitions, start: str) -> set[str]:
    """Every state that can be reached from `start`."""
    found, waiting = {start}, [start]
    while waiting:
        for state in allowed.get(waiting.pop(), frozenset()) - found:
            found.add(state)
            waiting.append(state)
    return found
