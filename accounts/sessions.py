"""Ending sessions: a new stamp makes every session of the person invalid at its next request."""

import uuid

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts import audit
from accounts.models import User


def end_all(*, user: User, by: User | None) -> None:
    user.session_stamp = uuid.uuid4()
    user.save(update_fields=["session_stamp"])
    audit.record(audit.Kind.SESSIONS_ENDED, by=by, plan=None, subject=user)


def end_others(*, request: HttpRequest, user: User) -> None:
    """End every session but the one of `request`, which gets a new id."""
    end_all(user=user, by=user)
    update_session_auth_hash(request, user)
