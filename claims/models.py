"""What was dispensed and diagnosed, as the claim files tell it, and the drug and condition tables that give it meaning."""

from django.db import models

from accounts.models import Plan, public_id
from members.models import Member


class ReferenceTable(models.Model):
    """Which version of a shipped table is loaded. The version is the hash of the file."""

    name = models.CharField(max_length=40, unique=True)
    version = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} {self.version[:8]}"


class Ingredient(models.Model):
    """An active substance, salts collapsed (RxNorm IN)."""

    name = models.CharField(max_length=120, unique=True)
    rxcui = models.CharField(max_length=12, blank=True, db_index=True)
    drug_class = models.CharField(max_length=40, blank=True)
    # Y counts as maintenance, S only when taken chronically, N never (clinical.md section 5).
    maintenance = models.CharField(max_length=1, blank=True)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class DrugProduct(models.Model):
    """A package by its 11-digit National Drug Code. Obsolete codes are kept: old fills still need them."""

    ndc = models.CharField(max_length=11, unique=True)
    label = models.CharField(max_length=200)
    is_brand = models.BooleanField(default=False, db_default=False)
    # Gels, drops and creams act where they are put: rules about what the whole body takes must not see them.
    systemic = models.BooleanField(default=True, db_default=True)
    generic_unit_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    ingredients = models.ManyToManyField(Ingredient, through="ProductIngredient", related_name="products")
    source = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.label


class ProductIngredient(models.Model):
    product = models.ForeignKey(DrugProduct, on_delete=models.CASCADE)
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "ingredient"], name="ingredient_once_per_product")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.ingredient_id}"


class ValueSet(models.Model):
    """A named set of ingredients that rules speak of, such as S_OPIOID."""

    code = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=200)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.code


class ValueSetMember(models.Model):
    value_set = models.ForeignKey(ValueSet, on_delete=models.CASCADE, related_name="members")
    ingredient = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value_set", "ingredient"], name="ingredient_once_per_set")]

    def __str__(self) -> str:
        return self.ingredient


class Interaction(models.Model):
    """A pair of ingredients or sets that should not be taken together, and what to do."""

    code = models.CharField(max_length=10, unique=True)
    first = models.CharField(max_length=120)
    second = models.CharField(max_length=120)
    severity = models.CharField(max_length=20)
    effect = models.TextField()
    management = models.TextField()
    detection = models.TextField()
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.first} with {self.second}"


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


class LoadFile(models.Model):
    """One file of a feed and what became of its records. A file that is refused leaves no row."""

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    feed = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    rejected_by_reason = models.JSONField(default=dict)
    unmapped_ndc = models.PositiveIntegerField(null=True, help_text="accepted fills whose NDC has no ingredient")
    claims_through = models.DateField(null=True)
    notes = models.JSONField(default=list, help_text="what the file cannot give")
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received=models.F("accepted") + models.F("duplicate") + models.F("rejected")),
                name="every_received_record_is_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RejectedRow(models.Model):
    """A record that was refused, by line and reason; its content stays in the file."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(LoadFile, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Fill(models.Model):
    """One dispensing of a Part D drug (a final-action prescription drug event)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="fills")
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField(max_length=40)
    filled_on = models.DateField()
    ndc = models.CharField(max_length=11)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    days_supply = models.PositiveSmallIntegerField()
    cost = models.DecimalField("gross drug cost in dollars", max_digits=12, decimal_places=2)
    covered = models.BooleanField("covered Part D drug", default=True, db_default=True)
    prescriber = models.CharField(max_length=20, blank=True)
    pharmacy = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "claim_id"], name="fill_once_per_plan")]
        indexes = [
            models.Index(fields=["member", "filled_on"], name="fill_by_member"),
            models.Index(fields=["plan", "filled_on"], name="fill_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.ndc} on {self.filled_on}"


class Diagnosis(models.Model):
    """A diagnosis code on a medical claim. `inpatient` also covers skilled nursing and home health stays."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="diagnoses")
    file = models.ForeignKey(LoadFile, on_delete=models.PROTECT, related_name="+", null=True)
    claim_id = models.CharField(max_length=40)
    diagnosed_on = models.DateField()
    system = models.CharField(max_length=2, choices=ConditionCode.SYSTEMS)
    code = models.CharField(max_length=8)
    inpatient = models.BooleanField()

    class Meta:
        verbose_name_plural = "diagnoses"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "claim_id", "diagnosed_on", "system", "code"], name="diagnosis_once_per_claim"
            )
        ]
        indexes = [models.Index(fields=["member", "diagnosed_on"], name="diagnosis_by_member")]

    def __str__(self) -> str:
        return f"{self.code} on {self.diagnosed_on}"
