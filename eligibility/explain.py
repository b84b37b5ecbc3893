"""Why a member is or is not eligible on a day, recomputed from the claims that were loaded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Plan
from claims.drugs import drugs_of
from claims.models import ConditionCode, ConditionProxy, Diagnosis, Fill
from eligibility.criteria import in_force
from eligibility.determination import known_now, windows
from eligibility.history import all_ndcs, histories
from eligibility.models import Criteria, Determination
from eligibility.reasons import in_words, summary
from eligibility.rules import Rules, from_criteria
from eligibility.trace import Trace, trace
from eligibility.trace_drugs import Known, Reference
from eligibility.why import Node, misses, tree
from members.models import Member


class NothingToExplain(Exception):
    """Why there is no decision to explain, in words."""


@dataclass(frozen=True)
class Explanation:
    """Why, or why not, on a day; `stored` is the decision that was written down for that day, if there is one.

    `changed`: what is known otherwise since, and `stored_reasons` its own reasons; both only where it no longer holds.
    """

    criteria: Criteria
    as_of: date
    root: Node
    misses: list[str]
    trace: Trace
    stored: Determination | None

    @property
    def still_holds(self) -> bool:
        """False where what was learned since the stored decision leads to another answer."""
        return self.stored is None or (self.stored.outcome, self.stored.path) == (self.trace.outcome, self.trace.path)

    @property
    def changed(self) -> list[str]:
        return [] if self.stored is None or self.still_holds else changed_since(self.stored, self.trace)

    @property
    def stored_reasons(self) -> list[str]:
        return [] if self.stored is None or self.still_holds else told_by(self.stored)


def explain(*, member: Member, on: date) -> Explanation:
    """The decision of any day, by the criteria in force on it; NothingToExplain where there can be none."""
    stored = Determination.objects.filter(member=member, as_of=on).select_related("criteria").order_by("-pk").first()
    criteria = stored.criteria if stored else in_force(member.plan, on)
    if criteria is None:
        raise NothingToExplain(f"No criteria were in force on {on:%b} {on.day}, {on.year}.")
    rules = from_criteria(criteria)
    known = histories([member.pk], on)
    if member.pk not in known:
        before = ["Before this was known it was decided:", *told_by(stored)] if stored else []
        raise NothingToExplain(" ".join([gone(member, on), *before]))
    reference = reference_of(member.plan, rules, on, all_ndcs(known.values()))
    found = trace(known[member.pk], rules, on, reference)
    return Explanation(criteria, on, tree(found, rules, reference), misses(found, rules), found, stored)


def gone(member: Member, on: date) -> str:
    """Why the member is not decided on the day."""
    died = member.death_date
    if died and died <= on:
        return f"Nothing is decided after a death; the member died on {died:%b} {died.day}, {died.year}."
    return "The record of the member was merged into another, where the decisions are."


def told_by(stored: Determination) -> list[str]:
    """The decision as it was written down, with its own reasons."""
    return [summary(stored), *(reason.sentence for reason in in_words(stored.reasons))]


def changed_since(stored: Determination, found: Trace) -> list[str]:
    """What is known otherwise than when the decision was made."""
    known = known_now(stored.plan)
    learned = known.drugs_known_at and known.drugs_known_at > stored.determined_at
    causes = {
        "claims, coverage or other files of the plan that were loaded since": known.load
        and known.load.pk != stored.load_id,
        "what drug codes mean, by a mapping or a drug directory": learned,
        "the at-risk status": stored.at_risk != found.at_risk,
    }
    return [cause for cause, holds in causes.items() if holds] or ["what the plan's files tell of this member"]


def traces(*, plan: Plan, rules: Rules, as_of: date, members: Sequence[int]) -> dict[int, Trace]:
    """Of those of the members who live on the day; by primary key."""
    known = histories(members, as_of)
    reference = reference_of(plan, rules, as_of, all_ndcs(known.values()))
    return {member: trace(history, rules, as_of, reference) for member, history in known.items()}


def reference_of(plan: Plan, rules: Rules, as_of: date, ndcs: Iterable[str]) -> Reference:
    codes = {code for one in rules.conditions.values() for code in one.codes}
    days = windows(rules, as_of)
    diagnoses = Diagnosis.objects.filter(plan=plan, diagnosed_on__gt=days["diagnoses_after"], diagnosed_on__lte=as_of)
    fills = Fill.objects.filter(plan=plan, filled_on__gt=days["fills_after"], filled_on__lte=as_of)
    return Reference(
        prefixes=prefixes_of(codes),
        proxies=proxies_of(codes) if rules.drug_proxies else {},
        drugs={
            ndc: Known(tuple(drug.ingredients or ()), drug.maintenance or "", drug.label)
            for ndc, drug in drugs_of(plan, ndcs).items()
        },
        has_diagnoses=diagnoses.exists(),
        has_fills=fills.exists(),
    )


def prefixes_of(codes: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = ConditionCode.objects.filter(condition__code__in=codes)
    for code, system, prefix in rows.values_list("condition__code", "system", "prefix"):
        found[code].append((system, prefix))
    return found


def proxies_of(codes: Iterable[str]) -> dict[str, list[tuple[frozenset[str], int, int]]]:
    """By condition: the ingredients of which so many fills in so many days stand for it."""
    peers: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    rows = ConditionProxy.objects.filter(condition__code__in=codes)
    for code, fills, days, ingredient in rows.values_list("condition__code", "fills", "days", "ingredient"):
        peers[code, fills, days].add(ingredient)
    found: dict[str, list[tuple[frozenset[str], int, int]]] = defaultdict(list)
    for (code, fills, days), ingredients in peers.items():
        found[code].append((frozenset(ingredients), fills, days))
    return found
