"""Pages by key, never by offset: the next page starts after the last row shown, however far down it is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    after: str | None
    is_first: bool


def newest_first(rows: QuerySet[Any], *, before: str | None, size: int = PAGE_SIZE) -> Page:
    """Rows by falling primary key; `before` is the key of the last row already shown."""
    if before and before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: size + 1])
    after = str(found[size - 1].pk) if len(found) > size else None
    return Page(found[:size], after, is_first=not before)


def keyset(rows: QuerySet[Any], *, by: tuple[str, ...], after: str | None, size: int = PAGE_SIZE) -> Page:
    """Rows in rising order of the columns `by`, the last of which is unique; `after` is the public id of a row."""
    last = row_named(rows, after)
    if last is not None:
        rows = rows.filter(beyond(last, by))
    found = list(rows.order_by(*by)[: size + 1])
    following = str(found[size - 1].public_id) if len(found) > size else None
    return Page(found[:size], following, is_first=last is None)


def row_named(rows: QuerySet[Any], public_id: str | None) -> Model | None:
    """The row of that name in the plan that `rows` are of. It may have left the list since; it must not be another's."""
    try:
        name = UUID(public_id or "")
    except ValueError:
        return None
    owner = rows.order_by().values("plan")[:1]
    found: Model | None = rows.model._default_manager.filter(public_id=name, plan__in=owner).first()
    return found


def beyond(last: Model, by: tuple[str, ...]) -> Q:
    """(a, b, c) > (x, y, z), with the redundant a >= x first so that the index is used."""
    greater = Q()
    for place, column in enumerate(by):
        same = {name: getattr(last, name) for name in by[:place]}
        greater |= Q(**same) & Q(**{f"{column}__gt": getattr(last, column)})
    return Q(**{f"{by[0]}__gte": getattr(last, by[0])}) & greater
