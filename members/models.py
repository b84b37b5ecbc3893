"""The people a plan covers, as its enrollment files tell it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from accounts.models import Plan, public_id


class MemberQuerySet(models.QuerySet["Member"]):
    def of_plan(self, plan: Plan) -> "MemberQuerySet":
        return self.filter(plan=plan)

    def matching(self, words: str) -> "MemberQuerySet":
        """Members whose name starts with each of the words (or whose plan number it is), or whose phone number it is."""
        found = models.Q()
        for word in words.replace(",", " ").split():
            found &= (
                models.Q(first_name__istartswith=word)
                | models.Q(last_name__istartswith=word)
                | models.Q(source_id__iexact=word)
            )
        return self.alias(phone_digits=digits_of("phone")).filter(found | having_phone(words))


def digits_of(column: str) -> models.Func:
    every = (models.Value("[^0-9]"), models.Value(""), models.Value("g"))
    return models.Func(models.F(column), *every, function="regexp_replace", output_field=models.CharField())


def having_phone(words: str) -> models.Q:
    """However the number is spaced; with or without the 1 of long distance."""
    digits = "".join(letter for letter in words if letter in "0123456789")
    if len(digits) < 7 or any(letter.isalpha() for letter in words):
        return models.Q()
    local = digits.removeprefix("1") if len(digits) == 11 else digits
    return models.Q(phone_digits__in=[digits, local, f"1{local}"])


class Member(models.Model):
    """One person in one plan."""

    SEXES = [("F", "female"), ("M", "male"), ("", "not given")]

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="members")
    source_id = models.CharField("plan's member number", max_length=40)
    mbi = models.CharField("Medicare number", max_length=11, blank=True)
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True)
    death_date = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=SEXES, blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="en", db_default="en")
    esrd = models.BooleanField("end-stage renal disease on the enrollment file", default=False, db_default=False)
    facts_as_of = models.DateField(null=True, help_text="last day the enrollment file spoke of")

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "source_id"], name="member_once_per_plan")]
        indexes = [models.Index(fields=["plan", "last_name", "first_name"], name="member_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or f"Member {self.source_id}"


class MemberPeriod(models.Model):
    """A span of days of a member; spans of one kind do not overlap."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    period = DateRangeField()

    class Meta:
        abstract = True
        constraints = [
            ExclusionConstraint(
                name="%(class)ss_of_a_member_do_not_overlap",
                expressions=[("member", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return str(self.period)


class CoverageSpan(MemberPeriod):
    """A period in which the member has Part D coverage of the plan."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="coverage")


class HospiceSpan(MemberPeriod):
    """A period in hospice care."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="hospice")


class AtRiskSpell(MemberPeriod):
    """A period as an at-risk beneficiary with an active coverage limitation (42 CFR 423.100, 423.153(f))."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="at_risk_spells")


class Prescriber(models.Model):
    """A prescriber by National Provider Identifier; public reference data, not of one plan."""

    npi = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name
