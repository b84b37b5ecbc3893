"""A scheduler sees whom to call and when; no drug, condition or note (T16, 45 CFR 164.502(b))."""

from tests.trust.conftest import Stage
from tests.trust.test_access import OF_A_PLAN, ask, path_of
from tests.trust.world import CONDITION, DRUG, NOTE

# What an answer of the API may say to a scheduler, whatever row it is about.
SAID = {
    *("id", "member", "source_id", "first_name", "last_name", "birth_date", "phone", "language", "plan_year"),
    *("status", "enrolled_on", "cmr_offer_due_on", "opted_out_on", "pharmacist", "starts", "ends", "detail", "fields"),
    *("results", "next", "pharmacist_name"),
    # How far the data goes: of the plan, not of a member.
    *("kind", "feed", "files", "accepted", "rejected", "fills", "unmapped_ndc", "loaded_at", "claims_through"),
    # How and why a member left the program: who calls must know.
    *("opt_out_channel", "opt_out_lasts", "end_reason", "ended_on"),
    # How a member may be reached, and who may be spoken to instead; the last four are null for a scheduler.
    *("death_date", "format", "preferences", "channel", "wish", "starts_on", "ends_on", "source"),
    *("representatives", "name", "relationship", "scope", "coverage", "periods", "at_risk", "numbers"),
}


def clinical(text: str) -> list[str]:
    return [word for word in (DRUG, CONDITION, NOTE, "opioid", "benzodiazepine") if word in text.lower()]


def test_a_scheduler_is_shown_nothing_clinical(stage: Stage, db: None) -> None:
    client, shown = stage.client("scheduler"), []
    for method, _, who, route in OF_A_PLAN:
        if "S" in who and (found := clinical(ask(client, method, path_of(stage.ours, route)).content.decode())):
            shown.append((method, route, found))
    assert shown == []


def test_the_words_are_there_for_a_pharmacist(stage: Stage, db: None) -> None:
    client, seen = stage.client("pharmacist"), set()
    for method, _, who, route in OF_A_PLAN:
        if "P" in who and method == "GET" and "pdf" not in route:
            seen |= set(clinical(ask(client, method, path_of(stage.ours, route)).content.decode()))
    assert {DRUG, CONDITION, NOTE} <= seen


def test_the_api_says_only_listed_fields_to_a_scheduler(stage: Stage, db: None) -> None:
    client = stage.client("scheduler")
    for method, status, who, route in OF_A_PLAN:
        if "S" in who and route.startswith("api/") and status == "200":
            answer = ask(client, method, path_of(stage.ours, route)).json()
            assert names(answer) <= SAID, route


def names(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def test_an_administrator_sees_the_numbers_of_a_decision_not_its_conditions_and_drugs(stage: Stage, db: None) -> None:
    """The API gives what the page gives: only who may open the chart sees what is wrong with whom."""
    address = "/api/v1/plans/H0001/determinations/"
    seen = {role: stage.client(role).get(address).json()["results"] for role in ("administrator", "pharmacist")}
    assert seen["administrator"]
    assert all(row["conditions"] is None and row["drugs"] is None for row in seen["administrator"])
    assert all(row["conditions"] is not None and row["drugs"] is not None for row in seen["pharmacist"])
