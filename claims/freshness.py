"""How fresh and how complete a plan's data is, by what its files hold."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Sum

from accounts.models import Plan
from claims.models import Load, LoadFile


@dataclass(frozen=True)
class Held:
    """Files of one kind and feed: how many were loaded, when last, and how far their claims go."""

    kind: str
    feed: str
    files: int
    accepted: int
    rejected: int
    loaded_at: datetime
    claims_through: date | None


def of_plan(plan: Plan) -> list[Held]:
    done = LoadFile.objects.filter(plan=plan, load__status=Load.Status.DONE)
    by_feed = done.values("kind", "feed").annotate(
        files=Count("pk"),
        accepted_rows=Sum("accepted"),
        rejected_rows=Sum("rejected"),
        last=Max("loaded_at"),
        through=Max("claims_through"),
    )
    return [
        Held(
            row["kind"],
            row["feed"],
            row["files"],
            row["accepted_rows"],
            row["rejected_rows"],
            row["last"],
            row["through"],
        )
        for row in by_feed.order_by("kind", "feed")
    ]
