"""What a draft would do, counted on the claims of a day and kept as evidence for publishing it."""

from django.db import models

from accounts.models import Plan, User, public_id
from eligibility.models.criteria import Criteria
from eligibility.models.determination import Determination
from members.models import Member


class Simulation(models.Model):
    """A dry run of one edition of a draft, beside the criteria in force on the same day."""

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    criteria = models.ForeignKey(Criteria, on_delete=models.CASCADE, related_name="simulations")
    beside = models.ForeignKey(Criteria, null=True, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=16, help_text="hash of the draft as it was tried")
    as_of = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    accepting = models.PositiveSmallIntegerField("percent of members who take up a review")
    minutes = models.PositiveSmallIntegerField("minutes of work for a review")
    outcomes = models.JSONField(help_text="members by outcome")
    paths = models.JSONField(help_text="eligible members by path")
    misses = models.JSONField(help_text="[what is lacking, members who lack only that], the nearest first")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(accepting__lte=100), name="accepting_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.criteria} as of {self.as_of}"

    @property
    def ends_with_year(self) -> bool:
        """Whether who is leaving stays until December 31: a change within the year ends no enrollment."""
        return bool(self.criteria.plan_year == self.as_of.year)

    @property
    def taking_part(self) -> int:
        """Members who would take part after publishing."""
        change = SimulatedMember.Change
        kept = [change.LEAVING] if self.ends_with_year else []
        return int(self.members.filter(change__in=[change.ENTERING, change.STAYING, *kept]).count())

    @property
    def reviews(self) -> int:
        """Expected comprehensive reviews."""
        return round(self.taking_part * self.accepting / 100)

    @property
    def hours(self) -> int:
        return round(self.reviews * self.minutes / 60)


class SimulatedMember(models.Model):
    """A member who is eligible by the draft, takes part on the day, or both."""

    class Change(models.TextChoices):
        ENTERING = "entering", "Entering"
        LEAVING = "leaving", "Leaving"
        STAYING = "staying", "Staying"
        OUT = "out", "Eligible, but opted out or not covered"

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="members")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    change = models.CharField(max_length=8, choices=Change.choices)
    path = models.CharField(max_length=24, choices=Determination.Path.choices, help_text="by the draft")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["simulation", "member"], name="member_once_per_simulation")]
        indexes = [models.Index(fields=["simulation", "change", "member"], name="simulated_by_change")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.change}"
