"""Criteria over the API, from a preset to in force, as the pages do it."""

from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent
from accounts.permissions import Role
from eligibility import criteria as actions
from eligibility.edition import edition_of
from eligibility.models import Criteria, Program
from members.models import AtRiskSpell
from tests import making
from tests.eligibility.criteria_pages import at, posted

API = "/api/v1/plans/H0001/"
CHANGEABLE = (*Criteria.SETTINGS, "starts_on", "reason", "conditions", "edition")


pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def client(administrator: Any, signed_in: Any) -> Any:
    return signed_in(administrator)


@pytest.fixture
def draft(plan: Any, administrator: Any) -> Criteria:
    in_force = making.criteria_in_force(plan, administrator)
    return actions.draft_next(criteria=in_force, plan_year=2026, by=administrator)


def post(client: Any, path: str, sent: Any = None) -> Any:
    return client.post(f"{API}{path}", sent or {}, content_type="application/json")


def sent(client: Any, draft: Criteria, **changed: Any) -> dict[str, Any]:
    """What was read, with something changed."""
    read = client.get(f"{API}criteria/{draft.public_id}/").json()
    return {name: read[name] for name in CHANGEABLE} | changed


def test_a_year_goes_from_a_preset_to_published(client: Any, plan: Any, signed_in: Any, person: Any) -> None:
    begun = post(client, "criteria/", {"start_from": "preset:bcbsm-2023", "plan_year": 2023})
    assert begun.status_code == 201, begun.content
    one = f"criteria/{begun.json()['id']}/"
    assert begun.json()["rule"][0].startswith("You have 3 or more long-term health problems")
    saved = post(client, one, sent(client, Criteria.objects.get(), minimum_drugs=7, beyond_list="nothing"))
    assert (saved.status_code, saved.json()["minimum_drugs"]) == (200, 7)
    assert post(client, f"{one}send/").status_code == 409  # it has not been simulated
    simulated = post(client, f"{one}simulations/", {"accepting": 50, "minutes": 30})
    assert (simulated.status_code, simulated.json()["reviews"]) == (201, 0)
    reviewed = post(client, f"{one}send/").json()
    assert reviewed["status"] == "in_review"
    edition = {"edition": reviewed["whole_edition"]}
    assert "second person" in post(client, f"{one}publish/", edition).json()["detail"]
    second = signed_in(person(Role.ADMINISTRATOR))
    assert post(second, f"{one}publish/", {"edition": "another"}).status_code == 409
    published = post(second, f"{one}publish/", edition).json()
    assert (published["status"], published["first_on"], published["ends_before"]) == (
        *("published", "2023-01-01", "2024-01-01"),
    )
    assert client.get(f"{API}criteria/").json()["results"][0]["id"] == begun.json()["id"]


def test_page_and_api_save_the_same(client: Any, draft: Criteria, administrator: Any) -> None:
    other = actions.draft_next(criteria=draft, plan_year=2026, by=administrator)
    changed = {"cost_operator": "gt", "reason": "fewer alerts"}
    by_api = post(client, f"criteria/{draft.public_id}/", sent(client, draft, **changed))
    by_page = client.post(at(other, "save/"), posted(client, other, **changed))
    assert (by_api.status_code, by_page.status_code) == (200, 302)
    saved = [Criteria.objects.get(pk=one.pk) for one in (draft, other)]
    assert [one.warnings for one in saved] == [saved[0].warnings] * 2
    assert "“More than”" in saved[0].warnings[0]
    assert edition_of(saved[0]) == edition_of(saved[1])
    first, second = AuditEvent.objects.filter(kind=Kind.CRITERIA_CHANGED).order_by("pk")
    assert first.detail == second.detail
    assert first.detail["fields"]["cost_operator"] == ["ge", "gt"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"minimum_drugs": 9}, "minimum_drugs"),
        ({"cost_threshold": "-1.00"}, "cost_threshold"),
        ({"drugs": "listed", "drug_list": []}, "drug_list"),
        ({"list_is_illustrative": False, "beyond_list": "core"}, "beyond_list"),
        ({"drug_days": 30, "drug_supply": 60}, "drug_supply"),
        ({"conditions": [{"label": "Asthma", "coded_as": ["no such"]}]}, "conditions"),
        ({"conditions": [{"label": "Asthma", "coded_as": ["ASTHMA"]}]}, "minimum_conditions"),
        ({"conditions": 2 * [{"label": "Asthma", "coded_as": ["ASTHMA"]}]}, "conditions"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client: Any, draft: Criteria, changed: Any, field: str) -> None:
    before = client.get(f"{API}criteria/{draft.public_id}/").json()
    answer = post(client, f"criteria/{draft.public_id}/", sent(client, draft, **changed))
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert client.get(f"{API}criteria/{draft.public_id}/").json() == before


def test_the_second_person_publishes_the_page_they_saw(
    client: Any, draft: Criteria, signed_in: Any, person: Any
) -> None:
    Criteria.objects.filter(pk=draft.pk).update(reason="A reason")
    post(client, f"criteria/{draft.public_id}/simulations/")
    read = post(client, f"criteria/{draft.public_id}/send/").json()
    post(client, f"criteria/{draft.public_id}/give-back/")
    Program.objects.filter(criteria=draft).update(vendor="Another vendor")
    post(client, f"criteria/{draft.public_id}/send/")
    second = signed_in(person(Role.ADMINISTRATOR))
    edition = {"edition": read["whole_edition"]}
    assert post(second, f"criteria/{draft.public_id}/publish/", edition).status_code == 409
    now = second.get(f"{API}criteria/{draft.public_id}/").json()["whole_edition"]
    assert post(second, f"criteria/{draft.public_id}/publish/", {"edition": now}).status_code == 200


def test_a_stale_save_is_refused_with_the_difference(client: Any, draft: Criteria) -> None:
    mine, theirs = sent(client, draft, minimum_drugs=4), sent(client, draft, minimum_drugs=6)
    assert post(client, f"criteria/{draft.public_id}/", theirs).status_code == 200
    answer = post(client, f"criteria/{draft.public_id}/", mine)
    assert answer.status_code == 409
    assert "Minimum drugs: 6 → 4" in answer.json()["detail"]


def test_trying_decides_nothing_and_saves_nothing(client: Any, draft: Criteria, member: Any) -> None:
    answer = post(client, f"criteria/{draft.public_id}/try/", sent(client, draft, minimum_drugs=2))
    assert (answer.status_code, answer.json()["members"]) == (200, 1)
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == draft.minimum_drugs


def test_members_of_a_simulation_are_listed_by_change(client: Any, draft: Criteria, member: Any) -> None:
    AtRiskSpell.objects.create(plan=member.plan, member=member, period=("2026-01-01", "2027-01-01"))
    made = post(client, f"criteria/{draft.public_id}/simulations/").json()
    path = f"{API}simulations/{made['id']}/members/"
    assert [row["member"] for row in client.get(f"{path}?change=entering").json()["results"]] == [str(member.public_id)]
    assert client.get(f"{path}?change=leaving").json()["results"] == []
    assert client.get(f"{API}simulations/{made['id']}/").json() == made


def test_the_roster_is_filtered_as_on_its_page(
    client: Any, plan: Any, member: Any, administrator: Any, signed_in: Any, scheduler: Any, pharmacist: Any
) -> None:
    making.enrolled(member, administrator)
    every = f"{API}enrollments/"
    for asked, number in [("year=2026", 1), ("status=opted_out", 0), (f"language={member.language}", 1)]:
        assert len(client.get(f"{every}?{asked}").json()["results"]) == number, asked
    chart = signed_in(pharmacist)
    assert chart.get(f"{every}?at_risk=1").json()["results"] == []
    assert signed_in(scheduler).get(f"{every}?at_risk=1").status_code == 403
    found = post(client, "enrollments/search/?year=2026", {"words": member.last_name}).json()["results"]
    assert [row["member"] for row in found] == [str(member.public_id)]
    assert post(client, "enrollments/search/", {"words": "nobody"}).json()["results"] == []
