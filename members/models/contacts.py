"""How a member can be reached, may be reached, and who may be spoken to instead."""

from collections.abc import Iterable
from datetime import date

from django.db import models

from accounts.models import Plan
from members.models.member import of_member


class ContactPoint(models.Model):
    """A phone number, e-mail address or postal address that a source told, and when last. The newest of a kind holds."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"
        ADDRESS = "address", "Address"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("contact_points")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    value = models.CharField("number, e-mail address, or street", max_length=200)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=40)
    as_of = models.DateField(help_text="last day on which it was told")

    class Meta:
        ordering = ["kind", "-as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "value", "city", "state", "postal_code"], name="contact_point_once_per_member"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["phone", "email", "address"]), name="contact_point_kind_is_one_of_ours"
            ),
            models.CheckConstraint(
                condition=~models.Q(value="") | ~models.Q(postal_code="") | ~models.Q(city=""),
                name="contact_point_is_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class ContactPreferenceQuerySet(models.QuerySet["ContactPreference"]):
    def in_force(self, day: date) -> "ContactPreferenceQuerySet":
        """Of each member and channel the wish that was told for the latest start and has not ended."""
        ended = models.Q(ends_on__lt=day)
        return (
            self.filter(starts_on__lte=day)
            .exclude(ended)
            .order_by("member", "channel", "-starts_on", "wish")
            .distinct("member", "channel")
        )

    def refusing(self, channel: str, members: Iterable[int], day: date) -> set[int]:
        """Those of the members who do not want to be contacted that way on the day."""
        wishes = self.filter(member__in=list(members), channel=channel).in_force(day)
        return {wish.member_id for wish in wishes if wish.wish == ContactPreference.Wish.NEVER}


class ContactPreference(models.Model):
    """What a member wants of a way of contact from a day on.

    A later wish stands before an earlier one; where it ends the earlier one counts again, so that a do-not-contact
    without an end does not lapse by accident.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone"
        MAIL = "mail", "Mail"
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"
        FAX = "fax", "Fax"
        IN_PERSON = "in_person", "In person"
        EXCHANGE = "exchange", "Electronic data exchange"

    class Wish(models.TextChoices):
        NEVER = "never", "Do not contact"
        ALLOWED = "allowed", "May be used"
        PREFERRED = "preferred", "Preferred"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("contact_preferences")
    channel = models.CharField(max_length=9, choices=Channel.choices)
    wish = models.CharField(max_length=9, choices=Wish.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=40)
    as_of = models.DateField()

    objects = ContactPreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "channel", "starts_on"], name="contact_preference_once_per_channel_and_start"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=["phone", "mail", "email", "text", "fax", "in_person", "exchange"]),
                name="contact_preference_channel_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(wish__in=["never", "allowed", "preferred"]),
                name="contact_preference_wish_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contact_preference_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_wish_display()}"


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def authorised(self, day: date) -> "RepresentativeQuerySet":
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)


class Representative(models.Model):
    """Somebody a member has authorised to be told, sent or to decide things for them (45 CFR 164.508, 164.510(b))."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = of_member("representatives")
    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=60, blank=True)
    may_be_told = models.BooleanField()
    may_be_sent = models.BooleanField()
    may_decide = models.BooleanField()
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    as_of = models.DateField()
    # Of each fact the day on which it held: a newer file that is silent of it takes nothing away.
    told_on = models.JSONField(default=dict, db_default={}, help_text="day of each fact, by its column")

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["member", "name", "starts_on"], name="representative_once_per_start"),
            models.CheckConstraint(condition=~models.Q(name=""), name="representative_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(may_be_told=True) | models.Q(may_be_sent=True) | models.Q(may_decide=True),
                name="representative_may_something",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="representative_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """What they may, in words."""
        granted = [
            (self.may_be_told, "be told about the review"),
            (self.may_be_sent, "be sent the letters"),
            (self.may_decide, "decide for the member"),
        ]
        return "may " + ", ".join(words for granted_, words in granted if granted_)
