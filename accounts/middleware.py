"""Sessions end on the server after idle time (45 CFR 164.312(a)(2)(iii))."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

FIRST_SEEN, LAST_SEEN = "first_seen", "last_seen"
BACKGROUND = "X-Background"


class IdleSession:
    """Sign out a session unused for IDLE_SECONDS, and any after SESSION_COOKIE_AGE, however much it is used.

    A page that refreshes itself says so and does not count as use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.expire_or_renew(request)
        response = self.get_response(request)
        # REST framework leaves no user at all where it found nobody.
        if request.user and request.user.is_authenticated and FIRST_SEEN not in request.session:
            request.session[FIRST_SEEN] = request.session[LAST_SEEN] = time.time()  # just signed in
        return response

    def expire_or_renew(self, request: HttpRequest) -> None:
        now, session = time.time(), request.session
        idle, age = now - session.get(LAST_SEEN, now), now - session.get(FIRST_SEEN, now)
        if idle > settings.IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE:
            logout(request)
            return
        if not request.headers.get(BACKGROUND):
            session[LAST_SEEN] = now
