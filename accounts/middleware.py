"""Sessions end on the server after idle time (45 CFR 164.312(a)(2)(iii))."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

LAST_SEEN = "last_seen"
BACKGROUND = "X-Background"


class IdleSession:
    """Sign out a session unused for IDLE_SECONDS. A page that refreshes itself says so and does not count as use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.expire_or_renew(request)
        return self.get_response(request)

    def expire_or_renew(self, request: HttpRequest) -> None:
        now = time.time()
        if now - request.session.get(LAST_SEEN, now) > settings.IDLE_SECONDS:
            logout(request)
        elif not request.headers.get(BACKGROUND):
            request.session[LAST_SEEN] = now
