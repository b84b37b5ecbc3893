"""The CMR completion rate of a plan year, as CMS counts it for Star measure D11 (60 days, 18 or older, no hospice)."""

from dataclasses import dataclass

from accounts.models import Plan
from mtm.lib import sql

LEAST_COUNTED = 31  # CMS gives no rate of fewer


@dataclass(frozen=True)
class CompletionRate:
    """Members: who took part, who of them counts, who of these had a review, and whose review is of the day they left."""

    took_part: int
    counted: int
    reviewed: int
    to_inspect: int

    @property
    def percent(self) -> int | None:
        """Whole percent, halves up; None where too few count."""
        if self.counted < LEAST_COUNTED:
            return None
        return (200 * self.reviewed + self.counted) // (2 * self.counted)


def completion_rate(plan: Plan, plan_year: int) -> CompletionRate:
    people = sql.rows("reviews", "cmr_completion", plan=plan.pk, year=plan_year)
    counted = [person for person in people if person["counted"]]
    return CompletionRate(
        took_part=len(people),
        counted=len(counted),
        reviewed=sum(person["reviewed"] for person in counted),
        to_inspect=sum(person["to_inspect"] for person in people),
    )
