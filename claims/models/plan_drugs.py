"""What a plan itself says about drugs: its maintenance flags, and what its unknown NDCs hold."""

from django.db import models
from django.utils import timezone

from accounts.models import Plan, User, public_id
from claims.models.drugs import NDC, Ingredient


class PlanDrugFlag(models.Model):
    """Whether the plan counts the NDC as a maintenance drug; it wins over the flag of our ingredients."""

    class Maintenance(models.TextChoices):
        YES = "Y", "Yes"
        NO = "N", "No"
        SITUATIONAL = "S", "Only when taken for 60 days"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    ndc = models.CharField(max_length=11)
    maintenance = models.CharField(max_length=1, choices=Maintenance.choices)
    source = models.CharField(max_length=200)
    set_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "ndc"], name="flag_once_per_plan_and_ndc"),
            models.CheckConstraint(condition=models.Q(maintenance__in=["Y", "N", "S"]), name="flag_is_known"),
            models.CheckConstraint(condition=models.Q(ndc__regex=NDC), name="flag_of_an_11_digit_ndc"),
        ]

    def __str__(self) -> str:
        return f"{self.ndc} {self.maintenance}"


class PlanDrugMapping(models.Model):
    """Which ingredients an NDC holds that no directory names, as one plan says; it is withdrawn, never removed."""

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    ndc = models.CharField(max_length=11)
    ingredients = models.ManyToManyField(Ingredient, through="PlanDrugMappingIngredient", related_name="+")
    strength = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200)
    mapped_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    mapped_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "ndc"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_mapping_in_force_per_plan_and_ndc",
            ),
            models.CheckConstraint(condition=models.Q(ndc__regex=NDC), name="mapping_of_an_11_digit_ndc"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="mapping_is_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ndc} in {self.plan_id}"


class PlanDrugMappingIngredient(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    mapping = models.ForeignKey(PlanDrugMapping, on_delete=models.CASCADE, related_name="parts")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mapping", "ingredient"], name="ingredient_once_per_mapping")]

    def __str__(self) -> str:
        return f"{self.mapping_id} {self.ingredient_id}"
