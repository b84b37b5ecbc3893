"""The TMR rules: one module each, its name the rule's slug with `_` for `-`. docs/rules.md says how to add one."""

from importlib import import_module
from pkgutil import iter_modules

from reviews.rules._rule import Category, Channel, Contact, Example, Feed, Rule, Severity, Source, State

__all__ = [
    "RULES",
    "Category",
    "Channel",
    "Contact",
    "Example",
    "Feed",
    "Rule",
    "Severity",
    "Source",
    "State",
    "rule_named",
]


def _discover() -> tuple[Rule, ...]:
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}").RULE for name in names)


RULES = _discover()


def rule_named(slug: str) -> Rule:
    """The rule with a slug; KeyError when there is none."""
    return {rule.slug: rule for rule in RULES}[slug]
