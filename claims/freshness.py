"""How fresh and how complete a plan's data is, by what its files hold."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Sum

from accounts.models import Plan
from claims.models import Load, LoadFile


@dataclass(frozen=True)
class Held:
    """Files of one kind and feed: how many were loaded, when last, and how far their claims go.

    Of `fills`, as they were loaded, `unmapped_ndc` have an NDC that no directory knew then.
    """

    kind: str
    feed: str
    files: int
    accepted: int
    rejected: int
    fills: int
    unmapped_ndc: int
    loaded_at: datetime
    claims_through: date | None

    @property
    def mapped_share(self) -> float | None:
        return 1 - self.unmapped_ndc / self.fills if self.fills else None


def of_plan(plan: Plan) -> list[Held]:
    done = LoadFile.objects.filter(plan=plan, load__status=Load.Status.DONE)
    by_feed = done.values_list("kind", "feed").annotate(
        Count("pk"),
        Sum("accepted"),
        Sum("rejected"),
        Sum("fills", default=0),
        Sum("unmapped_ndc", default=0),
        Max("loaded_at"),
        Max("claims_through"),
    )
    return [Held(*row) for row in by_feed.order_by("kind", "feed")]
