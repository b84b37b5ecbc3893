"""Prescribers and pharmacies by National Provider Identifier: public reference data, not of one plan."""

from django.db import models


class Provider(models.Model):
    npi = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    # Of each fact the day on which it held, as with members.
    told_on = models.JSONField(default=dict, db_default={})

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or f"NPI {self.npi}"


class Prescriber(Provider):
    fax = models.CharField(max_length=20, blank=True)
    specialty = models.CharField(max_length=80, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(npi__regex=r"^[0-9]{10}$"), name="prescriber_npi_has_ten_digits")
        ]


class Pharmacy(Provider):
    class Meta:
        verbose_name_plural = "pharmacies"
        constraints = [
            models.CheckConstraint(condition=models.Q(npi__regex=r"^[0-9]{10}$"), name="pharmacy_npi_has_ten_digits")
        ]
