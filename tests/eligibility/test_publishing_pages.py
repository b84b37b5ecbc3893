"""From a draft to criteria in force: simulated, sent, read by a second person, published for good."""

from typing import Any

import pytest
from django.test import Client

from accounts.audit import Kind
from accounts.models import AuditEvent
from eligibility import criteria as actions
from eligibility.models import Criteria
from eligibility.simulation import simulate
from tests import making
from tests.eligibility.criteria_pages import at, posted
from tests.making import DAY

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def published(plan: Any, administrator: Any) -> Criteria:
    return making.criteria_in_force(plan, administrator)


@pytest.fixture
def draft(published: Criteria, administrator: Any) -> Criteria:
    made = actions.draft_next(criteria=published, plan_year=2027, by=administrator)
    return Criteria.objects.get(pk=made.pk)


@pytest.fixture
def second(person: Any) -> Any:
    return person("administrator")


def sent(client: Client, draft: Criteria) -> None:
    """Simulated and sent for review, by the buttons."""
    assert client.post(at(draft, "simulate/"), {"accepting": 60, "minutes": 45}).status_code == 302
    assert client.post(at(draft, "send/"))["Location"] == at(draft)


def test_publishing_takes_a_second_person_asks_first_and_is_for_good(
    administrator: Any, second: Any, signed_in: Any, draft: Criteria
) -> None:
    first, other = signed_in(administrator), signed_in(second)
    sent(first, draft)
    edition = first.get(at(draft, "publish/")).context["whole_edition"]
    refused = first.post(at(draft, "publish/"), {"edition": edition})
    assert (refused.status_code, "a second person publishes them" in refused.content.decode()) == (422, True)
    assert b'data-testid="publish"' not in first.get(at(draft)).content
    assert b'data-testid="publish"' in other.get(at(draft)).content
    assert other.post(at(draft, "publish/"), {"edition": edition})["Location"] == at(draft)
    assert Criteria.objects.get(pk=draft.pk).status == "published"
    kinds = list(AuditEvent.objects.filter(subject_id=draft.pk).order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == [Kind.CRITERIA_SIMULATED, Kind.CRITERIA_SENT, Kind.CRITERIA_PUBLISHED]


def test_without_a_simulation_of_this_edition_nothing_is_sent(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    client.post(at(draft, "simulate/"), {"accepting": 60, "minutes": 45})
    client.post(at(draft, "save/"), posted(client, draft, minimum_drugs=6))
    answer = client.post(at(draft, "send/"))
    assert (answer.status_code, b"Save a simulation of this draft first" in answer.content) == (422, True)
    assert Criteria.objects.get(pk=draft.pk).status == "draft"


def test_what_is_in_review_is_not_edited_until_it_is_given_back(
    administrator: Any, second: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    values = posted(client, draft, minimum_drugs=6)
    sent(client, draft)
    assert client.post(at(draft, "save/"), values).status_code == 409
    assert signed_in(second).post(at(draft, "give-back/"))["Location"] == at(draft)
    assert client.post(at(draft, "save/"), posted(client, draft, minimum_drugs=6)).status_code == 302


def test_a_draft_that_changed_since_it_was_read_is_not_published(
    administrator: Any, second: Any, signed_in: Any, draft: Criteria
) -> None:
    client, other = signed_in(administrator), signed_in(second)
    sent(client, draft)
    edition = other.get(at(draft, "publish/")).context["whole_edition"]
    client.post(at(draft, "give-back/"))
    client.post(at(draft, "save/"), posted(client, draft, minimum_drugs=6))
    sent(client, draft)
    assert other.post(at(draft, "publish/"), {"edition": edition}).status_code == 409
    assert Criteria.objects.get(pk=draft.pk).status == "in_review"


def test_what_stands_in_the_way_of_publishing_is_told_before_and_after(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    draft.conditions.all().delete()
    client = signed_in(administrator)
    page = client.get(at(draft, "publish/"))
    answer = client.post(at(draft, "publish/"), {"edition": page.context["whole_edition"]})
    assert answer.status_code == 422
    for shown in (page, answer):
        assert "List at least 3 conditions; there are 0." in shown.content.decode()
    assert b"List at least 3 conditions; there are 0." in client.post(at(draft, "send/")).content


def test_the_second_person_sees_days_settings_difference_and_simulation(
    administrator: Any, person: Any, signed_in: Any, published: Criteria
) -> None:
    draft = actions.draft_next(criteria=published, plan_year=2026, by=administrator)
    asked = {"reason": "Fewer drugs", "starts_on": "2026-03-01", "minimum_drugs": 7}
    Criteria.objects.filter(pk=draft.pk).update(**asked)
    draft = Criteria.objects.get(pk=draft.pk)
    simulate(draft=draft, as_of=DAY, accepting=60, minutes=60, by=administrator)
    actions.send_for_review(draft=draft, by=administrator)
    shown = signed_in(person("administrator")).get(at(draft, "publish/")).content.decode()
    for said in ("November 20, 2026</strong> to December 31, 2026", "March 1, 2026 was asked for", "8 → 7"):
        assert said in shown
    for said in ("Fewer drugs", "The simulation of", "A drug is", "CMS rule as a floor"):
        assert said in shown
