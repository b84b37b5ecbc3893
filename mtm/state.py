"""A hash of what the program decided for a plan, to compare two runs from outside. It holds no member data."""

import hashlib

from accounts.models import Plan
from mtm.lib import sql

PARTS = ("determinations", "enrollments", "alerts", "letters")


def state_hash(plan: Plan) -> dict[str, str]:
    """One SHA-256 for each part and one over all; equal for equal decisions, whatever the row numbers and times."""
    parts = {part: digest(sql.rows("mtm", f"state_of_{part}", plan=plan.pk)) for part in PARTS}
    return parts | {"all": hashlib.sha256("".join(parts.values()).encode()).hexdigest()}


def digest(rows: list[dict[str, object]]) -> str:
    lines = sorted("|".join(str(value) for value in row.values()) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
