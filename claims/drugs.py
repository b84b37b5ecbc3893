"""What an NDC means to a plan. Statements join claims_drugs_of_ndcs themselves; this asks it for a few codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Plan
from mtm.lib import sql

EXACT, PRODUCT, BY_HAND, UNMAPPED = "exact", "product", "by hand", "unmapped"


@dataclass(frozen=True)
class Drug:
    """`how` it is known: exact, by its product (the first nine digits), by hand (the plan's own mapping) or unmapped.

    `oral`: it is swallowed. `maintenance`: Y, S (situational), N, or empty where nobody knows.
    """

    ndc: str
    how: str
    label: str
    oral: bool
    ingredients: list[str]
    maintenance: str

    @property
    def name(self) -> str:
        """Its ingredients, by which strengths and brands of a drug come together; else what is known of the code."""
        return " / ".join(self.ingredients) or self.label


def drugs_of(plan: Plan, ndcs: Iterable[str]) -> dict[str, Drug]:
    rows = sql.rows("claims", "drugs_of_ndcs", plan=plan.pk, ndcs=list(ndcs))
    return {row["ndc"]: Drug(**row) for row in rows}
