"""Middleware of the whole site: the request's id, headers on pages with member data, plain answers to known problems."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from mtm.lib.logging import request_id
from mtm.lib.transitions import TransitionNotAllowed
from mtm.lib.uploads import TOO_LARGE, too_large

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Give each request a number that its log lines and audit events carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(str(uuid.uuid4()))
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class PlainRequests:
    """Refuse what the code behind would trip over: NUL, text that is not UTF-8, and more than may be sent at once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
        if charset.lower().strip('"') not in ("utf-8", "utf8"):
            return HttpResponse("Send text as UTF-8.", status=415, content_type="text/plain")
        cookies = "".join(request.COOKIES.values())
        if too_large(request):
            return HttpResponse(TOO_LARGE, status=413, content_type="text/plain")
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path + cookies:
            return HttpResponse("This request cannot be read.", status=400, content_type="text/plain")
        return self.get_response(request)


class SecurityHeaders:
    """Nothing that a signed-in person saw stays in a cache; no page may use the device's sensors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response


class Problems:
    """Turn problems that have one right answer into that answer: a lost race is 409."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, TransitionNotAllowed):
            context = {"who": problem.who, "found": problem.found.replace("_", " ")}
            return render(request, "409.html", context, status=409)
        return None
