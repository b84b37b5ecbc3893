"""An edition is the hash of what a draft holds: it tells whether the draft is still the one that was opened or tried."""

import hashlib
import json

from eligibility.models import Criteria
from eligibility.reasons import values_of


class StaleEdition(Exception):
    """Somebody saved the draft after it was opened."""


def edition_of(draft: Criteria) -> str:
    listed = draft.conditions.prefetch_related("coded_as")
    conditions = [
        [item.label, sorted(condition.code for condition in item.coded_as.all()), item.visits] for item in listed
    ]
    parts = [draft.status, values_of(draft), draft.reason, draft.starts_on, conditions]
    held = json.dumps(parts, default=str, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]
