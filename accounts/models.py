"""Plans, the people who work for them, and the record of what they saw and did."""

import hashlib
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils import timezone

from accounts.permissions import PERMISSIONS, Permission, Role


def public_id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    """How a row is named in URLs: random, so that it neither counts nor tells anything."""
    return models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)


class Plan(models.Model):
    """A Part D contract: the owner of every member, claim and review."""

    code = models.CharField(max_length=5, unique=True, help_text="CMS contract number, such as H0001")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    tty = models.CharField(max_length=20, default="711")
    hours = models.CharField(max_length=120, blank=True)
    pharmacist_time_zone = models.CharField(max_length=40, default="America/New_York")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[A-Z][0-9]{4}$"), name="plan_code_is_a_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A named person (45 CFR 164.312(a)(2)(i)); signs in by e-mail."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    credential = models.CharField(max_length=20, blank=True, help_text="Such as PharmD")
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    # Changing the stamp ends every session of this person.
    session_stamp = models.UUIDField(default=uuid.uuid4)

    objects = UserManager()

    def __str__(self) -> str:
        return f"{self.full_name}, {self.credential}" if self.credential else self.full_name

    def get_session_auth_hash(self) -> str:
        return hashlib.sha256(f"{super().get_session_auth_hash()}{self.session_stamp}".encode()).hexdigest()

    def get_session_auth_fallback_hash(self):
        for value in super().get_session_auth_fallback_hash():
            yield hashlib.sha256(f"{value}{self.session_stamp}".encode()).hexdigest()


class Assignment(models.Model):
    """The role a person has in a plan."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "plan"], name="one_role_per_person_and_plan"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} for {self.plan.code}"

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[Role(self.role)]


class AuditEvent(models.Model):
    """Who saw or did what, when, and to which row. No foreign keys: the record outlives what it speaks of."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=40)
    actor = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=140)
    plan_code = models.CharField(max_length=5, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["plan_code", "-at"], name="audit_plan"),
            models.Index(fields=["plan_code", "member_id", "-at"], name="audit_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_label}"


class Transition(models.Model):
    """One step of one row from state to state; never changed. Each machine has a table of its own."""

    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"
