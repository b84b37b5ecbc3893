"""Every route of the site, found by walking the resolver."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver


def walk(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each route as written, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern, route)
        else:
            yield route, pattern.callback


def api_class(view: Any) -> Any:
    """The class of an API view, or nothing for a page."""
    return getattr(view, "cls", None)
