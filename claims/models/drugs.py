"""Drug reference: products by NDC, their ingredients, classes and sets, interactions."""

from django.db import models
from django.db.models.functions import Left

NDC = r"^[0-9]{11}$"


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


class IngredientName(models.Model):
    """Another name under which labels list an ingredient, such as one of its salts (RxNorm PIN)."""

    name = models.CharField(max_length=120, unique=True)
    ingredient = models.ForeignKey(Ingredient, on_delete=models.CASCADE, related_name="other_names")
    source = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class DrugProduct(models.Model):
    """A package by its 11-digit National Drug Code; the first nine digits are the labeler's product.

    Obsolete codes are kept: old fills still need them.
    """

    ndc = models.CharField(max_length=11, unique=True)
    label = models.CharField(max_length=200)
    is_brand = models.BooleanField(default=False, db_default=False)
    # Gels, drops and creams act where they are put: rules about what the whole body takes must not see them.
    systemic = models.BooleanField(default=True, db_default=True)
    oral = models.BooleanField("the form is swallowed", default=False, db_default=False)
    strength = models.CharField(max_length=200, default="", db_default="", blank=True)
    form = models.CharField(max_length=120, default="", db_default="", blank=True)
    route = models.CharField(max_length=120, default="", db_default="", blank=True)
    package = models.CharField(max_length=300, default="", db_default="", blank=True)
    package_size = models.DecimalField("units in the package", max_digits=12, decimal_places=3, null=True)
    epc = models.CharField("established pharmacologic classes", max_length=300, default="", db_default="", blank=True)
    marketed_until = models.DateField(null=True)
    generic_unit_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    ingredients = models.ManyToManyField(Ingredient, through="ProductIngredient", related_name="products")
    source = models.CharField("who says which ingredients it holds", max_length=120)

    class Meta:
        indexes = [models.Index(Left("ndc", 9), name="product_by_labeler_and_code")]
        constraints = [models.CheckConstraint(condition=models.Q(ndc__regex=NDC), name="product_of_an_11_digit_ndc")]

    def __str__(self) -> str:
        return self.label


class DrugListing(models.Model):
    """When a source first and last named the NDC. A source that drops it leaves its last day standing."""

    product = models.ForeignKey(DrugProduct, on_delete=models.CASCADE, related_name="listings")
    source = models.CharField(max_length=120)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "source"], name="listing_once_per_product_and_source"),
            models.CheckConstraint(
                condition=models.Q(last_seen_on__gte=models.F("first_seen_on")), name="listing_seen_first_then_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.first_seen_on} to {self.last_seen_on}"


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
