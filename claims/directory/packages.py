"""Package descriptions of the FDA: 1 BOTTLE in 1 CARTON (0003-0857-22) > 30 TABLET in 1 BOTTLE, from the outside in."""

import re
from decimal import Decimal

# Packages in packages follow a > or, in newer files, a slash; what lies beside each other in a kit, an asterisk.
INSIDE = re.compile(r"\s+[>/]\s+")
LEVEL = re.compile(r"^(?P<number>\d*\.?\d+)\s+(?P<what>\S.*?)\s+in\s+")
# Amounts that are no dose form.
MEASURES = {"mL", "g", "mg", "L", "kg", "ug", "[iU]", "mCi", "oz"}
LARGEST = Decimal("999999999.999")


def units_in(package: str) -> str | None:
    """How many tablets, millilitres or whatever stands innermost the whole package holds; None for kits."""
    levels = [LEVEL.match(level) for level in INSIDE.split(package)]
    if "*" in package or not all(levels):
        return None
    size = Decimal(1)
    for level in levels:
        size *= Decimal(level["number"]) if level else 1
    return str(size) if 0 < size <= LARGEST else None


def form_in(package: str) -> str:
    """The dose form that stands innermost, in small letters; empty where only an amount does."""
    level = LEVEL.match(INSIDE.split(package)[-1])
    return level["what"].lower() if level and level["what"] not in MEASURES else ""
