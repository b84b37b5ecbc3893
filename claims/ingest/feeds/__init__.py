"""Feeds, each in a module of its own: drop a module with a FEED in and it can be loaded."""

import pkgutil
from functools import cache
from importlib import import_module

from claims.ingest.feeds import csv
from claims.ingest.layout import Feed


def names() -> list[str]:
    return sorted(found())


def named(name: str, mapping: str = "") -> Feed:
    """The feed of that name, for files laid out as the mapping says where there is one. KeyError if there is no feed.

    Raises FileProblem where the mapping is not right.
    """
    return csv.mapped(mapping) if mapping and name == csv.FEED.name else found()[name]


@cache
def found() -> dict[str, Feed]:
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {module.FEED.name: module.FEED for module in modules if hasattr(module, "FEED")}
