"""Drug reference: products by NDC, their ingredients, classes and sets, interactions."""

from django.db import models


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
