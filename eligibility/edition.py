"""Saving a draft only if it is still the one that was opened: an edition is the hash of what the draft holds."""

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts.models import User
from claims.models import Condition
from eligibility import criteria
from eligibility.models import Criteria
from eligibility.reasons import values_of


class StaleEdition(Exception):
    """Somebody saved the draft after it was opened."""


def edition_of(draft: Criteria) -> str:
    listed = draft.conditions.prefetch_related("coded_as")
    conditions = [
        [item.label, sorted(condition.code for condition in item.coded_as.all()), item.visits] for item in listed
    ]
    held = json.dumps([draft.status, values_of(draft), draft.reason, conditions], default=str, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


@transaction.atomic
def change(
    *,
    draft: Criteria,
    edition: str,
    fields: dict[str, Any],
    conditions: Mapping[str, list[Condition]],
    visits: Mapping[str, int] = MappingProxyType({}),
    by: User,
) -> Criteria:
    """criteria.change, unless somebody was faster; the row is locked so that two savers take turns."""
    current = Criteria.objects.select_for_update().get(pk=draft.pk)
    if edition_of(current) != edition:
        raise StaleEdition
    return criteria.change(draft=current, fields=fields, conditions=conditions, visits=visits, by=by)
