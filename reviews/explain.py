"""The per-member reader of TMR rules: does a rule alert, on what evidence, and the rule itself in plain words."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reviews.answers import Answers
from reviews.evidence import gather, text_values
from reviews.expressions import Age
from reviews.grammar import Opposite, terms
from reviews.rules import RULES, Category, Feed, Rule, Severity
from reviews.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer for one member, with everything needed to check it by hand.

    `evidence` is JSON-able (docs/rules.md). `fact_hash` changes only with the rule, its version or the claims used, so
    an alert a pharmacist has closed stays closed until the facts change. `ingredients` name the regimen for cool-downs.
    """

    rule: str
    version: int
    severity: Severity
    category: Category
    headline: str
    why_now: str
    prescriber_text: str
    member_text: str
    ingredients: tuple[str, ...]
    evidence: dict[str, Any]
    fact_hash: str


def evaluate(rule: Rule, timeline: Timeline) -> Finding | None:
    """What a rule finds for a member, or None."""
    answers = Answers(timeline)
    if not (answers.holds(rule.fires) and answers.holds(rule.applies)):
        return None
    return _finding(rule, answers)


def evaluate_all(timeline: Timeline, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Every finding for a member, the most severe first."""
    findings = [finding for rule in rules if (finding := evaluate(rule, timeline)) is not None]
    return sorted(findings, key=lambda finding: (finding.severity, finding.rule))


def is_closed(rule: Rule, timeline: Timeline, *, raised_on: date) -> bool:
    """Whether claims show that an alert raised on a date is resolved; never before `closes_after` days."""
    waited = (timeline.as_of - raised_on).days
    return waited >= rule.closes_after and Answers(timeline).holds(rule.closes)


def not_computable(rules: Iterable[Rule], feeds: Collection[Feed]) -> dict[str, tuple[Feed, ...]]:
    """The rules that cannot be answered with these feeds, each with the feeds it misses."""
    missing = {rule.slug: tuple(feed for feed in rule.needs if feed not in feeds) for rule in rules}
    return {slug: feeds for slug, feeds in missing.items() if feeds}


def missing_facts(rule: Rule, timeline: Timeline) -> tuple[str, ...]:
    """Facts without which this member cannot be judged by a rule: shown, never taken as "no alert"."""
    asked = set(terms(rule.applies))
    tolerant = {inner for term in asked if isinstance(term, Opposite) for inner in terms(term)}  # ~(age < 18)
    asks_age = any(isinstance(term, Age) for term in asked - tolerant)
    return ("birth date",) if asks_age and timeline.facts.birth_date is None else ()


def in_words(rule: Rule) -> str:
    """The rule as a pharmacist would read it aloud."""
    sentences = [f"Alerts when {rule.fires.words()}", f"Applies when {rule.applies.words()}"]
    sentences += [f"Also says whether {state.words}: {state.condition.words()}" for state in rule.states]
    if rule.less_severe is not None:
        sentences.append(f"One step less severe when {rule.less_severe.words()}")
    wait = f", looked at {rule.closes_after} days after the alert or later" if rule.closes_after else ""
    sentences.append(f"Closes when {rule.closes.words()}{wait}")
    return f"{'. '.join(sentences)}."


def _finding(rule: Rule, answers: Answers) -> Finding:
    evidence = gather(rule, answers)
    values = text_values(evidence)
    less = rule.less_severe is not None and answers.holds(rule.less_severe)
    return Finding(
        rule=rule.slug,
        version=rule.version,
        severity=Severity(rule.severity + less),
        category=rule.category,
        headline=rule.headline.format_map(values),
        why_now=rule.why_now.format_map(values),
        prescriber_text=rule.prescriber_text.format_map(values),
        member_text=rule.member_text.format_map(values),
        ingredients=tuple(sorted({name for fill in evidence["fills"] for name in fill["ingredients"]})),
        evidence=evidence,
        fact_hash=_fact_hash(rule, evidence),
    )


def _fact_hash(rule: Rule, evidence: dict[str, Any]) -> str:
    """sha256 of the rule, its version and the claims used with their ingredients; not of the review date."""
    claims = sorted([fill["role"], fill["claim_id"], sorted(fill["ingredients"])] for fill in evidence["fills"])
    return hashlib.sha256(json.dumps([rule.slug, rule.version, claims]).encode()).hexdigest()
