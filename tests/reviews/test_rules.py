"""Every TMR rule, present and future, keeps these promises."""

import json
import re
from datetime import date, timedelta
from pkgutil import iter_modules

import pytest

from mtm.lib.reading import grade
from reviews import rules
from reviews.answers import Answers
from reviews.explain import evaluate, evaluate_all, in_words, is_closed, missing_facts, not_computable
from reviews.expressions import THE_DRUG, Diagnosed
from reviews.grammar import Comparison, Drugs, Operator, Unit, terms
from reviews.rules import RULES, Category, Feed, rule_named
from reviews.rules._rule import GENERAL_KNOWLEDGE, Example, filled
from reviews.timeline import MemberFacts, Timeline
from tests.reviews.reference import CONDITION_IDS, SETS

EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
ALERTING = [(rule, example) for rule, example in EXAMPLES if example.alerts]
per_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
per_example = pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda part: getattr(part, "words", ""))
per_alert = pytest.mark.parametrize(("rule", "example"), ALERTING, ids=lambda part: getattr(part, "words", ""))


def timeline(example: Example) -> Timeline:
    return Timeline(example.facts(), example.as_of, SETS)


def inside(rule) -> set:
    return {term for expression in (rule.applies, rule.fires, rule.closes) for term in terms(expression)}


# Declarations


def test_a_rule_is_the_module_named_for_its_slug():
    modules = {module.name for module in iter_modules(rules.__path__) if not module.name.startswith("_")}
    assert modules == {rule.slug.replace("-", "_") for rule in RULES}
    assert all(rule_named(rule.slug) is rule for rule in RULES)


def test_no_two_rules_share_a_row_of_the_catalogue():
    assert len({rule.catalogue_id for rule in RULES}) == len(RULES)


def test_every_category_of_alert_has_a_rule():
    assert {rule.category for rule in RULES} == set(Category)


def test_categories_carry_the_programs_own_names():
    assert [category.value for category in Category] == [
        "cost savings",
        "adherence to national consensus treatment guidelines",
        "adherence to prescribed medication regimens",
        "safety concerns",
    ]


@per_rule
def test_clinical_content_is_reviewed_every_year(rule):
    assert timedelta(0) < rule.review_due - rule.reviewed_on <= timedelta(days=366)
    assert not rule.is_overdue(rule.review_due)
    assert rule.is_overdue(rule.review_due + timedelta(days=1))


@per_rule
def test_value_sets_exist_and_are_not_empty(rule):
    drugs = {getattr(term, name) for term in inside(rule) for name in term.__slots__ if name in ("drugs", "others")}
    named = {one.value_set for one in drugs if isinstance(one, Drugs) and one is not THE_DRUG}
    assert named
    assert all(SETS[value_set] - {""} for value_set in named)


@per_rule
def test_conditions_exist(rule):
    assert {name for term in inside(rule) if isinstance(term, Diagnosed) for name in term.conditions} <= CONDITION_IDS


@per_rule
def test_rules_that_ask_for_diagnoses_say_they_need_them(rule):
    asks = any(isinstance(term, Diagnosed) for term in inside(rule))
    assert (Feed.DIAGNOSES in rule.needs) is asks


@per_rule
def test_sources_are_published_or_marked_general_knowledge(rule):
    assert rule.sources
    assert all(source.url.startswith("https://") or source == GENERAL_KNOWLEDGE for source in rule.sources)
    assert rule.general_knowledge_only is (rule.catalogue_id == "C01")


# Examples


@per_example
def test_examples_alert_or_stay_silent(rule, example):
    finding = evaluate(rule, timeline(example))
    assert (finding is not None) is example.alerts
    if finding is not None:
        assert tuple(name for name, state in finding.evidence["states"].items() if state["holds"]) == example.states
        assert finding.severity == (example.severity or rule.severity)


def values(comparison: Comparison, example: Example) -> set:
    """What a comparison measures in an example: one value, or one for each drug when it speaks of THE_DRUG."""
    member = Answers(timeline(example))
    drugs = member.timeline.drugs if "THE_DRUG" in repr(comparison) or "value_set=''" in repr(comparison) else (None,)
    return {Answers(member.timeline, drug).number(comparison.number) for drug in drugs} - {None}


def beside(comparison: Comparison, *, met: bool) -> range:
    """The whole numbers next to a threshold on the side where the comparison is met, or is not."""
    below = comparison.operator in (Operator.LESS_THAN, Operator.AT_MOST)
    first = comparison.threshold + (comparison.operator in (Operator.AT_MOST, Operator.MORE_THAN))
    return range(first - 1, first) if met is below else range(first, first + 1)


@per_rule
def test_examples_stand_on_each_side_of_each_threshold(rule):
    asked = [term for part in (rule.applies, rule.fires) for term in terms(part) if isinstance(term, Comparison)]
    for comparison in asked:
        seen = {
            (met, example.alerts)
            for example in rule.examples
            for value in values(comparison, example)
            for met in (True, False)
            if value in beside(comparison, met=met)
        }
        assert {outcome for _, outcome in seen} == {True, False}, f"{comparison.words()}: {seen}"
        assert {met for met, _ in seen} == {True, False}, f"{comparison.words()}: {seen}"


@per_rule
def test_every_state_is_shown_both_ways(rule):
    alerting = [example for example in rule.examples if example.alerts]
    for state in rule.states:
        assert {state.name in example.states for example in alerting} == {True, False}


# Findings


@per_alert
def test_evidence_is_json_and_names_what_was_used(rule, example):
    finding = evaluate(rule, timeline(example))
    assert json.loads(json.dumps(finding.evidence)) == finding.evidence
    claims = {fill.claim_id for fill in example.fills}
    assert finding.evidence["fills"]
    assert {fill["claim_id"] for fill in finding.evidence["fills"]} <= claims
    assert all(measured["value"] is not None or not measured["met"] for measured in finding.evidence["measured"])


@per_alert
def test_texts_are_filled_in_with_this_members_facts(rule, example):
    finding = evaluate(rule, timeline(example))
    for text in (finding.headline, finding.why_now, finding.prescriber_text, finding.member_text):
        assert text
        assert not re.search(r"[{}]|  |None", text)
    assert any(fill["drug"] in finding.headline for fill in finding.evidence["fills"])


@per_alert
def test_identical_facts_have_an_identical_hash(rule, example):
    first = evaluate(rule, timeline(example))
    shuffled = MemberFacts(example.born, "M", example.fills[::-1], example.diagnoses, example.hospice)
    assert evaluate(rule, Timeline(shuffled, example.as_of, SETS)).fact_hash == first.fact_hash
    assert re.fullmatch("[0-9a-f]{64}", first.fact_hash)


def test_the_hash_does_not_change_with_the_review_date():
    rule = rule_named("statin-adherence")
    fills = (filled("atorvastatin", 1, 1), filled("atorvastatin", 3, 1))
    facts = MemberFacts(date(1956, 6, 15), "F", fills, ())
    hashes = {evaluate(rule, Timeline(facts, date(2026, month, 28), SETS)).fact_hash for month in (5, 6, 9)}
    assert len(hashes) == 1


def test_the_hash_changes_with_a_new_claim():
    rule = rule_named("statin-adherence")
    fills = (filled("atorvastatin", 1, 1), filled("atorvastatin", 3, 1))
    findings = [
        evaluate(rule, Timeline(MemberFacts(None, "F", some, ()), date(2026, 9, 30), SETS))
        for some in (fills, (*fills, filled("atorvastatin", 6, 1)))
    ]
    assert findings[0].fact_hash != findings[1].fact_hash


def test_overlap_evidence_holds_the_fills_that_overlap_and_the_day_the_limit_was_reached():
    rule = rule_named("opioid-benzodiazepine")
    fills = (filled("oxycodone", 2, 1, 5), filled("oxycodone", 3, 1, 10), filled("lorazepam", 3, 3, 30))
    finding = evaluate(rule, Timeline(MemberFacts(None, "F", fills, ()), date(2026, 9, 30), SETS))
    assert [(fill["role"], fill["filled_on"]) for fill in finding.evidence["fills"]] == [
        ("opioid", "2026-03-01"),
        ("benzodiazepine", "2026-03-03"),
    ]
    overlap = finding.evidence["measured"][0]
    assert overlap["value"] == 8
    assert overlap["periods"] == [["2026-03-03", "2026-03-10"]]
    assert overlap["reached_on"] == "2026-03-09"
    assert finding.ingredients == ("lorazepam", "oxycodone")


def test_fills_that_cannot_be_counted_stay_in_the_evidence_flagged():
    rule = rule_named("opioid-benzodiazepine")
    fills = (filled("oxycodone", 3, 1, 10), filled("lorazepam", 3, 3, 30), filled("lorazepam", 4, 3, 300))
    finding = evaluate(rule, Timeline(MemberFacts(None, "F", fills, ()), date(2026, 9, 30), SETS))
    assert [fill["flag"] for fill in finding.evidence["fills"]] == [
        "",
        "",
        "days supply outside 1-100: not counted as coverage",
    ]


def test_two_brands_are_one_finding_that_names_both():
    brands = {"Crestor": ("rosuvastatin", "40.00"), "Norvasc": ("amlodipine", "90.00")}
    fills = tuple(
        filled(brand, month, 1, ingredients=(name,), cost=cost, generic_price="0.10", brand=True)
        for brand, (name, cost) in brands.items()
        for month in (8, 9)
    )
    facts = MemberFacts(None, "F", fills, ())
    finding = evaluate(rule_named("brand-with-generic"), Timeline(facts, date(2026, 9, 30), SETS))
    assert finding.headline == (
        "A generic of Norvasc and Crestor, last filled as a brand, would save $87.00 and $37.00 per 30 days."
    )


def test_findings_come_with_the_most_severe_first():
    by_slug = {rule.slug: next(example for example in rule.examples if example.alerts) for rule in RULES}
    fills = tuple(fill for example in by_slug.values() for fill in example.fills)
    facts = MemberFacts(date(1956, 6, 15), "F", fills, ())
    found = evaluate_all(Timeline(facts, date(2026, 9, 30), SETS))
    assert found[0].rule == "nsaid-anticoagulant"
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)
    assert evaluate_all(Timeline(facts, date(2026, 9, 30), SETS), rules=()) == []


# Closing


def test_an_alert_closes_only_after_its_closing_test_had_time_to_show():
    rule = rule_named("opioid-benzodiazepine")
    fills = (filled("oxycodone", 3, 1, 7), filled("lorazepam", 3, 1, 30))
    member = Timeline(MemberFacts(None, "F", fills, ()), date(2026, 4, 30), SETS)
    assert is_closed(rule, member, raised_on=date(2026, 3, 31))
    assert not is_closed(rule, member, raised_on=date(2026, 4, 1))


@pytest.mark.parametrize(("last_day", "closed"), [(date(2026, 4, 30), False), (date(2026, 4, 29), True)])
def test_one_day_of_overlap_in_the_last_30_keeps_an_alert_open(last_day, closed):
    rule = rule_named("opioid-benzodiazepine")
    overlap = (last_day - date(2026, 4, 1)).days + 1
    fills = (filled("oxycodone", 4, 1, overlap), filled("lorazepam", 4, 1, 60))
    member = Timeline(MemberFacts(None, "F", fills, ()), date(2026, 5, 29), SETS)
    assert is_closed(rule, member, raised_on=date(2026, 4, 10)) is closed


def test_an_alert_stays_open_while_the_overlap_goes_on():
    rule = rule_named("opioid-benzodiazepine")
    fills = (filled("oxycodone", 3, 1, 90), filled("lorazepam", 3, 1, 90))
    member = Timeline(MemberFacts(None, "F", fills, ()), date(2026, 6, 25), SETS)
    assert not is_closed(rule, member, raised_on=date(2026, 4, 1))


@pytest.mark.parametrize("slug", ["statin-in-diabetes", "brand-with-generic"])
def test_gaps_and_prices_close_as_soon_as_claims_show_it(slug):
    rule = rule_named(slug)
    example = next(example for example in rule.examples if example.alerts)
    fills = (*example.fills, filled("atorvastatin", 9, 29))
    facts = MemberFacts(example.born, "F", fills, ())
    assert not is_closed(rule, timeline(example), raised_on=example.as_of)
    assert is_closed(rule, Timeline(facts, example.as_of, SETS), raised_on=example.as_of)


# Never silence


def test_a_rule_without_its_feeds_says_so():
    missing = not_computable(RULES, {Feed.FILLS, Feed.HOSPICE})
    assert missing["opioid-benzodiazepine"] == (Feed.DIAGNOSES,)
    assert missing["brand-with-generic"] == (Feed.PRICES,)
    assert "nsaid-anticoagulant" not in missing
    assert not_computable(RULES, set(Feed)) == {}


def test_a_member_without_a_birth_date_says_which_rules_cannot_judge_them():
    member = Timeline(MemberFacts(None, "F", (), ()), date(2026, 9, 30), SETS)
    assert [rule.slug for rule in RULES if missing_facts(rule, member)] == ["statin-in-diabetes"]
    known = Timeline(MemberFacts(date(1956, 6, 15), "F", (), ()), date(2026, 9, 30), SETS)
    assert not any(missing_facts(rule, known) for rule in RULES)


# Words


@per_rule
def test_a_rule_says_itself_in_words_with_its_thresholds(rule):
    said = in_words(rule)
    amounts = {
        term.number.unit.amount(term.threshold)
        for term in inside(rule)
        if isinstance(term, Comparison) and (term.operator, term.threshold) != (Operator.LESS_THAN, 1)
    }
    assert all(amount in said for amount in amounts)
    assert said.startswith("Alerts when ")
    assert not re.search(r"\(\)|[{}<>]|None|S_[A-Z]", said)


@per_rule
def test_members_can_read_their_text(rule):
    assert grade(rule.member_text) <= 6


@per_rule
def test_members_are_never_told_to_stop_or_taper(rule):
    advice = re.sub(r"(?i)do not stop", "", rule.member_text)
    assert not re.search(r"(?i)\b(stop|taper|quit|skip)", advice)


def test_amounts_are_said_in_their_unit():
    assert [unit.amount(1) for unit in (Unit.DAYS, Unit.DATES, Unit.YEARS)] == ["1 day", "1 date", "1 year"]
    assert Unit.CENTS.amount(2505) == "$25.05"
    assert Unit.PERCENT.amount(80) == "80 %"
