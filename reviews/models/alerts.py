"""Alerts: what a sweep found about a member, and what was decided."""

from django.db import models

from accounts.models import Plan, Transition, User, public_id
from eligibility.models import Enrollment
from members.models import Member
from reviews.models.sweeps import SweepRun


class AlertQuerySet(models.QuerySet["Alert"]):
    def of_plan(self, plan: Plan) -> "AlertQuerySet":
        return self.filter(plan=plan)

    def in_queue(self, plan: Plan) -> "AlertQuerySet":
        """Alerts not settled of members who take part now: opting out empties them, opting back in restores."""
        enrolled = Enrollment.objects.active(plan).filter(member=models.OuterRef("member"))
        return self.of_plan(plan).filter(models.Exists(enrolled), status__in=Alert.TO_WORK)

    def most_urgent_first(self) -> "AlertQuerySet":
        return self.order_by("severity", "due_on", "pk")


class Alert(models.Model):
    """One rule's finding about one member in one quarter."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLAIMED = "claimed", "Claimed"
        RESOLVED = "resolved", "Resolved"
        SUPPRESSED = "suppressed", "Suppressed"

    class Outcome(models.TextChoices):
        RECOMMENDED = "recommended", "Accepted: recommendation made"
        ALREADY_HANDLED = "already_handled", "Already handled"
        ALREADY_TAKING = "already_taking", "Dismissed: already taking it"
        ALREADY_TRIED = "already_tried", "Dismissed: already tried"
        CONTRAINDICATED = "contraindicated", "Dismissed: contraindicated"
        PRESCRIBER_DECLINED = "prescriber_declined", "Dismissed: prescriber declined"
        MEMBER_DECLINED = "member_declined", "Dismissed: member declined"
        DUPLICATE = "duplicate", "Dismissed: duplicate"
        CLAIM_WRONG = "claim_wrong", "Dismissed: claim wrong or late"
        NOT_RELEVANT = "not_relevant", "Dismissed: not clinically relevant"

    class Category(models.TextChoices):
        COST = "cost", "Cost savings"
        GUIDELINE = "guideline", "Adherence to national consensus treatment guidelines"
        ADHERENCE = "adherence", "Adherence to prescribed medication regimens"
        SAFETY = "safety", "Safety concerns"

    class Severity(models.IntegerChoices):
        URGENT = 1, "Urgent"
        HIGH = 2, "High"
        MEDIUM = 3, "Medium"
        LOW = 4, "Low"

    TO_WORK = (Status.OPEN, Status.CLAIMED)
    TRANSITIONS = {
        Status.OPEN: frozenset({Status.CLAIMED, Status.SUPPRESSED}),
        Status.CLAIMED: frozenset({Status.OPEN, Status.RESOLVED, Status.SUPPRESSED}),
    }

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="alerts")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="alerts")
    run = models.ForeignKey(SweepRun, on_delete=models.PROTECT, related_name="alerts")
    rule = models.SlugField(max_length=60)
    rule_version = models.PositiveSmallIntegerField()
    quarter = models.CharField(max_length=7)
    category = models.CharField(max_length=12, choices=Category.choices)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    headline = models.TextField()
    why_now = models.TextField()
    prescriber_text = models.TextField()
    member_text = models.TextField()
    evidence = models.JSONField()
    fact_hash = models.CharField(max_length=64)
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, db_default="open")
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="claimed_alerts")
    claimed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, db_default="")
    note = models.TextField(blank=True, db_default="")
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "rule", "quarter"], name="alert_once_per_member_rule_quarter"),
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="severity_is_1_to_4"),
            models.CheckConstraint(
                condition=models.Q(claimed_by=None, claimed_at=None)
                | models.Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="claimed_alert_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="claimed") | models.Q(claimed_by__isnull=False),
                name="claimed_alert_has_a_claimer",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="resolved")
                | (~models.Q(outcome="") & models.Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                name="resolved_alert_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plan", "severity", "due_on", "id"],
                condition=models.Q(status__in=["open", "claimed"]),
                name="alert_queue",
            ),
            models.Index(fields=["member", "rule"], name="alert_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for member {self.member_id}"


class AlertTransition(Transition):
    subject = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="transitions")
