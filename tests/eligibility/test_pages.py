"""The pages of criteria: reading, drafting, trying out. Publishing is in test_publishing_pages.py."""

from typing import Any

import pytest

from claims.models import Condition
from eligibility import criteria as actions
from eligibility.models import Criteria
from tests import making
from tests.eligibility.criteria_pages import LIST, at, posted
from tests.making import DAY

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def published(plan: Any, administrator: Any) -> Criteria:
    return making.criteria_in_force(plan, administrator)


@pytest.fixture
def draft(published: Criteria, administrator: Any) -> Criteria:
    made = actions.draft_next(criteria=published, plan_year=2027, by=administrator)
    return Criteria.objects.get(pk=made.pk)


# Reading criteria


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("auditor", 200), ("pharmacist", 403), ("scheduler", 403)]
)
def test_criteria_are_read_by_administrators_and_auditors(
    role: str, status: int, person: Any, signed_in: Any, published: Criteria
) -> None:
    client = signed_in(person(role))
    assert client.get(LIST).status_code == client.get(at(published)).status_code == status


def test_criteria_of_another_plan_are_not_found(
    stranger: Any, person: Any, signed_in: Any, published: Criteria, other_plan: Any
) -> None:
    elsewhere = signed_in(person("administrator", other_plan))
    assert elsewhere.get(at(published)).status_code == 404
    assert elsewhere.get(at(published).replace("H0001", "H0002")).status_code == 404


def test_an_auditor_reads_and_is_offered_no_step(auditor: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(auditor)
    shown = client.get(LIST).content.decode() + client.get(at(draft)).content.decode()
    assert "Diabetes" in shown
    for step in ("criteria-form", "new-criteria-form", "try-criteria", "simulate-form", 'data-testid="publish"'):
        assert step not in shown


def test_a_plan_without_criteria_is_told_what_to_do(administrator: Any, signed_in: Any) -> None:
    assert b"nobody is found eligible" in signed_in(administrator).get(LIST).content


def test_the_list_filters_by_status(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    assert len(client.get(LIST).context["rows"]) == 2
    assert [row for row, _ in client.get(LIST, {"status": "draft"}).context["rows"]] == [draft]
    assert b"No criteria in this state" in client.get(LIST, {"status": "closed"}).content


def test_published_criteria_show_their_words_their_days_and_no_form(
    administrator: Any, signed_in: Any, published: Criteria
) -> None:
    shown = signed_in(administrator).get(at(published)).content.decode()
    assert "Jan 1, 2026 to Dec 31, 2026" in shown
    assert "Your Part D drugs cost at least $1,276.00 a year." in shown
    assert "criteria-form" not in shown.replace("copy-criteria-form", "")


# Drafting


@pytest.mark.parametrize("kind", ["preset:esi-2024", "copy"])
def test_a_draft_starts_from_a_preset_or_a_copy(
    kind: str, administrator: Any, signed_in: Any, published: Criteria
) -> None:
    start = f"copy:{published.public_id}" if kind == "copy" else kind
    answer = signed_in(administrator).post(f"{LIST}new/", {"start_from": start, "plan_year": 2027})
    made = Criteria.objects.get(plan_year=2027)
    assert answer["Location"] == at(made)
    assert made.preset == ("bcbsm-2023" if kind == "copy" else "esi-2024")


def test_a_draft_from_nowhere_is_refused(administrator: Any, signed_in: Any, draft: Criteria, person: Any) -> None:
    answer = signed_in(administrator).post(f"{LIST}new/", {"start_from": "copy:no", "plan_year": 1900})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 2


def test_the_figure_of_cms_and_that_nobody_verified_it_stand_beside_the_cost(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    shown = signed_in(administrator).get(at(draft)).content.decode()
    assert "$1,340.00" in shown
    assert "Not verified" in shown
    Criteria.objects.filter(pk=draft.pk).update(cost_threshold="1340.01")
    assert "above the CMS figure of $1,340.00 for 2027" in signed_in(administrator).get(at(draft)).content.decode()


def test_saving_changes_the_numbers_and_the_list(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    sent = posted(client, draft, minimum_drugs=5, cost_threshold="1340.00")
    sent |= {"conditions-0-label": "Sugar illness", "conditions-1-DELETE": "on"}
    assert client.post(at(draft, "save/"), sent)["Location"] == at(draft)
    draft.refresh_from_db()
    assert (draft.minimum_drugs, str(draft.cost_threshold)) == (5, "1340.00")
    labels = [condition.label for condition in draft.conditions.all()]
    assert labels == ["Sugar illness", "Rheumatoid arthritis", "Alzheimer's disease", "Heart failure"]


def test_another_row_keeps_what_was_typed_and_saves_nothing(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    answer = client.post(at(draft, "save/"), posted(client, draft, minimum_drugs=4, another="1"))
    assert (len(answer.context["rows"].forms), answer.context["form"]["minimum_drugs"].value()) == (6, "4")
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 8


def test_a_new_row_is_added_and_an_empty_one_is_not(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    sent = posted(client, draft) | {"conditions-TOTAL_FORMS": 7, "conditions-6-label": ""}
    sent |= {"conditions-5-label": "Gout", "conditions-5-coded_as": ["GOUT"]}
    client.post(at(draft, "save/"), sent)
    added = draft.conditions.get(label="Gout")
    assert list(added.coded_as.all()) == [Condition.objects.get(code="GOUT")]
    assert draft.conditions.count() == 6


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"minimum_conditions": 4}, "CMS allows 2 to 3."),
        ({"minimum_drugs": 9}, "CMS allows 2 to 8."),
        ({"cost_threshold": "0"}, "Give an amount above zero."),
        ({"cost_threshold": "much"}, "Enter a number."),
        ({"conditions-1-label": "diabetes"}, "Each condition may stand on the list once."),
        ({"conditions-0-label": ""}, "This field is required."),
        ({"conditions-0-coded_as": ["NO_SUCH"]}, "NO_SUCH is not one of the available choices"),
        ({"conditions-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
def test_numbers_and_lists_that_are_not_right_come_back_with_words(
    changed: dict[str, Any], said: str, administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    answer = client.post(at(draft, "save/"), posted(client, draft, **changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_stale_save_is_refused_and_what_was_typed_comes_back(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    mine = posted(client, draft, minimum_drugs=4)
    client.post(at(draft, "save/"), posted(client, draft, minimum_drugs=6))
    answer = client.post(at(draft, "save/"), mine)
    assert answer.status_code == 409
    assert answer.context["form"]["minimum_drugs"].value() == "4"
    assert "Minimum drugs: 6 → 4" in answer.content.decode()
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 6
    again = mine | {"edition": answer.context["form"]["edition"].value()}
    assert client.post(at(draft, "save/"), again).status_code == 302
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 4


def test_a_condition_without_codes_is_refused_at_its_field(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    answer = client.post(at(draft, "save/"), posted(client, draft, **{"conditions-1-coded_as": []}))
    assert answer.status_code == 422
    assert "coded_as" in answer.context["rows"].forms[1].errors
    assert all(item.coded_as.exists() for item in draft.conditions.all())


def test_more_conditions_than_are_listed_are_refused_at_the_field(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    gone = {f"conditions-{number}-DELETE": "on" for number in range(draft.conditions.count() - 2)}
    answer = client.post(at(draft, "save/"), posted(client, draft, **gone))
    assert answer.status_code == 422
    assert "minimum_conditions" in answer.context["form"].errors


def test_what_was_published_meanwhile_is_not_saved(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    sent = posted(client, draft, minimum_drugs=4)
    making.published(draft, administrator, on=DAY)
    assert client.post(at(draft, "save/"), sent).status_code == 409
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 8


def test_the_words_follow_the_form_without_saving(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    shown = client.post(at(draft, "words/"), posted(client, draft, cost_operator="gt")).content.decode()
    assert "cost more than $1,276.00 a year" in shown
    assert "greater than or equal to" in shown
    unfinished = client.post(at(draft, "words/"), posted(client, draft, minimum_drugs="")).content.decode()
    assert "cannot be written yet" in unfinished
    assert Criteria.objects.get(pk=draft.pk).cost_operator == "ge"


def test_trying_a_draft_counts_members_and_decides_nothing(
    administrator: Any, signed_in: Any, draft: Criteria, member: Any
) -> None:
    answer = signed_in(administrator).post(at(draft, "try/"))
    trial = answer.context["trial"]
    assert (trial["members"], trial["in_force"].plan_year, trial["day"]) == (1, 2026, DAY)
    assert ("Not enough data", 1, 1) in trial["lines"]
    assert not member.determinations.exists()


def test_what_is_typed_is_tried_before_it_is_saved_and_stays_in_the_form(
    administrator: Any, signed_in: Any, draft: Criteria, member: Any
) -> None:
    client = signed_in(administrator)
    answer = client.post(at(draft, "try/"), posted(client, draft, minimum_drugs=3))
    assert answer.context["form"]["minimum_drugs"].value() == "3"
    assert answer.context["trial"]["members"] == 1
    assert "You take 3 or more" in answer.content.decode()
    assert client.post(at(draft, "try/"), posted(client, draft, minimum_drugs=1)).status_code == 422
    assert Criteria.objects.get(pk=draft.pk).minimum_drugs == 8


def test_a_draft_of_a_past_year_is_tried_on_its_last_day(
    administrator: Any, signed_in: Any, published: Criteria, member: Any
) -> None:
    old = actions.draft_next(criteria=published, plan_year=2024, by=administrator)
    trial = signed_in(administrator).post(at(old, "try/")).context["trial"]
    assert (trial["day"].isoformat(), trial["in_force"]) == ("2024-12-31", None)


@pytest.mark.parametrize("step", ["save/", "words/", "try/", "simulate/", "send/", "give-back/", "publish/"])
def test_an_auditor_takes_no_step(step: str, auditor: Any, signed_in: Any, draft: Criteria) -> None:
    assert signed_in(auditor).post(at(draft, step)).status_code == 403
