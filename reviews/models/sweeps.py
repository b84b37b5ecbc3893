"""A targeted medication review (TMR) sweep: a run over all enrollees, in shards claimed and finished as rows."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from accounts.models import Plan, User, public_id


class RuleActivation(models.Model):
    """That a plan runs a rule in a period. Rules without an activation row run as they ship."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rule_activations")
    rule = models.SlugField(max_length=60)
    is_on = models.BooleanField()
    effective = DateRangeField()

    def __str__(self) -> str:
        return f"{self.plan.code} {self.rule} {'on' if self.is_on else 'off'}"


class SweepRun(models.Model):
    """What a run looks at is fixed when it is made: the day, the rules and their versions, the claims loaded so far."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Some shards failed"

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sweeps")
    quarter = models.CharField(max_length=7)
    as_of = models.DateField()
    claims_through = models.DateField(null=True)
    rules = models.JSONField(help_text="slug and version of each rule that runs")
    not_computable = models.JSONField(default=dict, help_text="rule and the feed it lacks")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"sweep {self.pk} of {self.plan.code} as of {self.as_of}"


class SweepShard(models.Model):
    """A contiguous range of member numbers of a run, done in one transaction."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(SweepRun, on_delete=models.CASCADE, related_name="shards")
    first_member = models.BigIntegerField()
    last_member = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True, help_text="when a worker was last told of it")
    members = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    new_alerts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first_member"]
        constraints = [models.UniqueConstraint(fields=["run", "first_member"], name="shard_once_per_run")]

    def __str__(self) -> str:
        return f"shard {self.pk} of sweep {self.run_id}"
