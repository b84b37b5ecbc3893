"""Chronic conditions and the diagnosis codes that mean them."""

from django.db import models


class Condition(models.Model):
    """A chronic condition that criteria and rules name."""

    code = models.CharField(max_length=24, unique=True)
    label = models.CharField(max_length=120)
    core_group = models.CharField(max_length=60, blank=True, help_text="CMS core chronic disease it belongs to")
    # Exclusions and single events count with one claim of any kind; chronic conditions by the CCW rule.
    one_claim_counts = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class ConditionCode(models.Model):
    """A diagnosis code prefix that means the condition, without dots."""

    SYSTEMS = [("9", "ICD-9-CM"), ("10", "ICD-10-CM")]

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="codes")
    system = models.CharField(max_length=2, choices=SYSTEMS)
    prefix = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["condition", "system", "prefix"], name="prefix_once_per_condition")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} ({self.get_system_display()})"


class ConditionProxy(models.Model):
    """An ingredient so often given for one condition that fills of it may stand for the diagnosis."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="proxies")
    ingredient = models.CharField(max_length=120)
    fills = models.PositiveSmallIntegerField(help_text="fills needed of this ingredient and its peers")
    days = models.PositiveSmallIntegerField(help_text="within so many days")
    note = models.CharField(max_length=200, blank=True)
    source = models.TextField()

    class Meta:
        verbose_name_plural = "condition proxies"
        constraints = [models.UniqueConstraint(fields=["condition", "ingredient"], name="proxy_once_per_condition")]

    def __str__(self) -> str:
        return f"{self.ingredient} for {self.condition.label}"
