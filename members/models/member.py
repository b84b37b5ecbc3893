"""The people a plan covers, and every number each is or was known by."""

from django.db import models

from accounts.models import Plan, public_id


class MemberQuerySet(models.QuerySet["Member"]):
    def of_plan(self, plan: Plan) -> "MemberQuerySet":
        """The plan's members; a row that was merged into another is none."""
        return self.filter(plan=plan, merged_into=None)

    def matching(self, words: str) -> "MemberQuerySet":
        """Members whose name starts with each of the words (or who are or were known by it as a number), or whose
        phone number it is."""
        found = models.Q()
        for word in words.replace(",", " ").split():
            known = Identifier.objects.filter(member=models.OuterRef("pk"), leads=True, value__iexact=word)
            found &= (
                models.Q(first_name__istartswith=word)
                | models.Q(last_name__istartswith=word)
                | models.Q(source_id__iexact=word)
                | models.Q(models.Exists(known))
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


def masked(number: str) -> str:
    """Enough to recognize a number that one knows."""
    return "•" * max(len(number) - 4, 0) + number[-4:]


class Member(models.Model):
    """One person in one plan, with the newest of each fact that the enrollment files told."""

    SEXES = [("F", "female"), ("M", "male"), ("", "not given")]
    FORMATS = [
        ("", "not given"),
        ("standard", "standard print"),
        ("large_print", "large print"),
        ("braille", "braille"),
        ("audio", "audio"),
        ("electronic", "electronic"),
    ]

    public_id = public_id()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="members", db_index=False)
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
    email = models.CharField(max_length=200, default="", db_default="", blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="en", db_default="en")
    format = models.CharField(max_length=12, choices=FORMATS, default="", db_default="", blank=True)
    facts_as_of = models.DateField(null=True, help_text="last day the enrollment file spoke of")
    # Of each fact the day on which it held, so that what arrives late never replaces what is newer.
    told_on = models.JSONField(default=dict, db_default={}, help_text="day of each fact, by its column")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "source_id"], name="member_once_per_plan"),
            # What belongs to a member is held to the member's plan by foreign keys to this pair.
            models.UniqueConstraint(fields=["plan", "id"], name="member_of_plan"),
            models.CheckConstraint(condition=~models.Q(source_id=""), name="member_has_a_number"),
            models.CheckConstraint(condition=models.Q(sex__in=["F", "M", ""]), name="member_sex_is_known_or_not_given"),
            models.CheckConstraint(
                condition=models.Q(format__in=["", "standard", "large_print", "braille", "audio", "electronic"]),
                name="member_format_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(death_date=None)
                | models.Q(birth_date=None)
                | models.Q(death_date__gte=models.F("birth_date")),
                name="member_is_born_before_they_die",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="member_is_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "last_name", "first_name"], name="member_by_name"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="member_by_what_it_became"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or f"Member {self.source_id}"

    @property
    def masked_mbi(self) -> str:
        return masked(self.mbi)


def of_member(related_name: str, *, indexed: bool = False) -> "models.ForeignKey[Member, Member]":
    """The member a row belongs to. The database holds it, together with the row's plan, to the pair in the table of
    members (migration 0003); a unique constraint that begins with the member is the index."""
    return models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name=related_name, db_constraint=False, db_index=indexed
    )


class Identifier(models.Model):
    """A number a member is or was known by. Where several members claim one, it leads to one of them.

    The plan's number of every member is among them: the table of members sees to it by a trigger.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", "Member number"
        MBI = "mbi", "Medicare number"
        FORMER = "former", "Former number"
        MERGED = "merged", "Number of a merged member"
        OTHER = "other", "Other number"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("identifiers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=40)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    as_of = models.DateField(null=True, help_text="last day on which a file told it")
    leads = models.BooleanField("leads to this member", default=True, db_default=True)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["member", "value"], name="identifier_once_per_member"),
            models.UniqueConstraint(
                fields=["plan", "value"], condition=models.Q(leads=True), name="identifier_leads_to_one_member"
            ),
            models.CheckConstraint(condition=~models.Q(value=""), name="identifier_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["number", "mbi", "former", "merged", "other"]),
                name="identifier_kind_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="identifier_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="mbi") | models.Q(value__regex=r"^[A-Z0-9]{1,11}$"),
                name="medicare_number_is_in_capitals",
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def masked(self) -> str:
        return masked(self.value)


class MemberMerge(models.Model):
    """Two rows that turned out to be one person: which numbers the member that stays was given, and when."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("merges", indexed=True)
    number = models.CharField("member number that is no longer used", max_length=40)
    identifiers = models.JSONField(help_text="every number that came along")
    merged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["merged_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="number_is_merged_once")]

    def __str__(self) -> str:
        return self.number
