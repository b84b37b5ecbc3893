"""Who may use an API view. Kept apart from the views because REST framework imports it while it is itself imported."""

import json
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.access import enter_plan


class SessionOr401(SessionAuthentication):
    """Staff sessions, with their CSRF token on unsafe methods."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionInSchema(OpenApiAuthenticationExtension):
    target_class = "accounts.api_access.SessionOr401"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class DeclaredPermission(BasePermission):
    """Each view names the permission of each method it has; request.plan is set from the address on the way."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.user is None or not request.user.is_authenticated:
            return False
        if request.method not in view.permissions:
            raise exceptions.MethodNotAllowed(request.method or "")
        enter_plan(request, view.kwargs["plan_code"], view.permissions[request.method])
        return True


class BoundedJsonParser(JSONParser):
    """JSON nested deeper than the interpreter's stack, or with half a character, is malformed, not a failure of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
            # PostgreSQL and every answer are UTF-8, which has no way to write half of a surrogate pair.
            json.dumps(parsed, ensure_ascii=False).encode()
        except RecursionError:
            raise exceptions.ParseError("JSON parse error - nested too deep") from None
        except UnicodeEncodeError:
            raise exceptions.ParseError("JSON parse error - half a character") from None
        return parsed


class KeysetPagination:
    """Tells the schema what a page looks like; ListOfPlan makes it."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": "string", "format": "uuid", "nullable": True}
        properties = {"results": schema, "next": following}
        return {"type": "object", "required": ["results", "next"], "properties": properties}
