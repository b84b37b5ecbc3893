"""Feeds, each in a module of its own name: drop a module in and it can be loaded."""

import pkgutil
from importlib import import_module

from claims.ingest.layout import Feed


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def named(name: str) -> Feed:
    """The feed of that name; KeyError if there is none."""
    if name not in names():
        raise KeyError(name)
    feed: Feed = import_module(f"{__name__}.{name}").FEED
    return feed
