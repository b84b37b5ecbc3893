"""The editor of a program's page: what is saved, what is refused with words, and that nobody overwrites another."""

from typing import Any

import pytest
from django.test import Client

from accounts.audit import Kind
from accounts.models import AuditEvent
from eligibility import criteria, program
from eligibility.models import Criteria, Program
from eligibility.program_change import months_of, warnings_of
from tests import making
from tests.making import DAY


@pytest.fixture
def draft(plan: Any, administrator: Any) -> Criteria:
    return criteria.draft_from_preset(plan=plan, preset="bcbsma-2023", plan_year=2027, by=administrator)


def at(found: Criteria, step: str = "") -> str:
    return f"/H0001/criteria/{found.public_id}/program/{step}"


def posted(client: Client, found: Criteria, **changed: Any) -> dict[str, Any]:
    """What the form would send, with some fields changed."""
    forms = client.get(at(found)).context["forms"]
    sent: dict[str, Any] = {name: forms.form[name].value() for name in forms.form.fields}
    for rows in forms.formsets:
        sent |= {
            f"{rows.prefix}-TOTAL_FORMS": len(rows.forms),
            f"{rows.prefix}-INITIAL_FORMS": rows.initial_form_count(),
        }
        for row in rows.forms:
            sent |= {row[name].html_name: sent_by_browser(row[name]) for name in row.fields}
    return {name: value for name, value in (sent | changed).items() if value is not None and value is not False}


def sent_by_browser(field: Any) -> Any:
    """A list of choices sends its first one where none is chosen."""
    value, choices = field.value(), getattr(field.field, "choices", None)
    return next(iter(choices))[0] if value is None and choices else value


def facts(found: Criteria) -> dict[str, Any]:
    return program.facts_of(Program.objects.get(criteria=found))


def test_saving_what_was_opened_changes_nothing(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client, before = signed_in(administrator), facts(draft)
    assert client.post(at(draft, "save/"), posted(client, draft))["Location"] == at(draft)
    assert facts(draft) == before
    assert AuditEvent.objects.get(kind=Kind.PROGRAM_CHANGED).detail == {"fields": {}}


def test_facts_lines_hours_and_accreditations_are_saved(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    sent = posted(client, draft, vendor="Another Vendor", by_video="on", channels=["mail"])
    sent |= {"lines-0-number": "1-800-555-0100", "hours-0-closes": "19:00", "hours-3-DELETE": "on"}
    sent |= {"accreditations-0-body": "URAC", "accreditations-0-name": "Something"}
    assert client.post(at(draft, "save/"), sent).status_code == 302
    after = facts(draft)
    assert (after["vendor"], after["by_video"], after["channels"]) == ("Another Vendor", True, ["mail"])
    assert [line["number"] for line in after["lines"]] == ["1-800-555-0100", "1-800-200-4255"]
    assert [len(line["hours"]) for line in after["lines"]] == [2, 1]
    assert after["lines"][0]["hours"][0]["closes"].hour == 19
    assert [row["name"] for row in after["accreditations"]] == ["Something"]
    event = AuditEvent.objects.get(kind=Kind.PROGRAM_CHANGED)
    assert event.detail["fields"]["vendor"] == ["Outcomes Inc.", "Another Vendor"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"by_phone": False}, "choose at least one"),
        ({"slot_minutes": 5}, "Give 10 to 120."),
        ({"delivery_days": 15}, "Give 1 to 14."),
        ({"channels": []}, "This field is required."),
        ({"channels": ["pigeon"]}, "Select a valid choice"),
        ({"joint_product": ""}, "needs both the name of the plan and its companies"),
        ({"contracts": "S28"}, "S28 is no contract number."),
        ({"sponsor": ""}, "This field is required."),
        ({"lines-0-number": "call us"}, "digits and hyphens"),
        ({"lines-0-on_card": "on"}, "not both"),
        ({"lines-1-purpose": "questions"}, "Each may be given once."),
        ({"hours-0-closes": "07:00"}, "opens before it closes"),
        ({"hours-0-to_month": 11}, "Two seasons of a line share a month."),
        ({"hours-0-opens": "early"}, "Enter a valid time."),
        ({"lines-1-DELETE": "on"}, "Some hours are of a line that is not given."),
        ({"lines-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
def test_what_cannot_be_comes_back_with_words_and_saves_nothing(
    changed: dict[str, Any], said: str, administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client, before = signed_in(administrator), facts(draft)
    answer = client.post(at(draft, "save/"), posted(client, draft, **changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert facts(draft) == before


def test_a_stale_save_is_refused_with_the_difference(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    mine = posted(client, draft, vendor="Mine")
    client.post(at(draft, "save/"), posted(client, draft, vendor="Theirs"))
    answer = client.post(at(draft, "save/"), mine)
    assert answer.status_code == 409
    assert "MTM vendor: saved “Theirs”, yours “Mine”" in answer.content.decode()
    assert facts(draft)["vendor"] == "Theirs"
    again = mine | {"edition": answer.context["forms"].form["edition"].value()}
    assert client.post(at(draft, "save/"), again).status_code == 302
    assert facts(draft)["vendor"] == "Mine"


def test_a_published_page_is_read_and_not_saved(administrator: Any, signed_in: Any, plan: Any) -> None:
    published = making.criteria_in_force(plan, administrator)
    client = signed_in(administrator)
    assert b"save-program" not in client.get(at(published)).content
    assert client.post(at(published, "save/"), posted(client, published)).status_code == 409


def test_an_auditor_reads_and_does_not_save(auditor: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(auditor)
    assert b"save-program" not in client.get(at(draft)).content
    assert client.post(at(draft, "save/")).status_code == 403


def test_a_draft_is_seen_as_members_would_in_both_languages(
    administrator: Any, signed_in: Any, draft: Criteria
) -> None:
    client = signed_in(administrator)
    preview = f"/H0001/criteria/{draft.public_id}/preview/"
    assert "This is a preview." in client.get(preview).content.decode()
    assert "Esta es una vista previa." in client.get(preview, {"lang": "es"}).content.decode()


def test_what_a_copied_page_may_have_kept_is_warned_of(draft: Criteria, plan: Any) -> None:
    own = Program.objects.get(criteria=draft)
    said = " ".join(warnings_of(own, DAY))
    assert "another sponsor" in said
    assert "Recommended To-Do List" in said
    assert "compared the wording" in said
    own.lines.all().delete()
    told = {"sponsor": plan.name, "action_plan_label": "Recommended To-Do List", "template_verified": True}
    Program.objects.filter(pk=own.pk).update(**told)
    (left,) = warnings_of(Program.objects.get(pk=own.pk), DAY)
    assert "No line for questions" in left


def test_a_season_may_run_over_the_new_year() -> None:
    assert months_of(4, 9) == [4, 5, 6, 7, 8, 9]
    assert months_of(10, 3) == [10, 11, 12, 1, 2, 3]


# Over the API


def api(found: Criteria) -> str:
    return f"/api/v1/plans/H0001/criteria/{found.public_id}/program/"


def send(client: Client, found: Criteria, body: dict[str, Any]) -> Any:
    return client.post(api(found), body, content_type="application/json")


def test_the_api_gives_and_takes_the_whole_page(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client, before = signed_in(administrator), facts(draft)
    read = client.get(api(draft)).json()
    assert read["lines"][0]["hours"][0]["opens"] == "08:00:00"
    answer = send(client, draft, read | {"vendor": "Another Vendor"})
    assert (answer.status_code, answer.json()["vendor"]) == (200, "Another Vendor")
    assert facts(draft) == before | {"vendor": "Another Vendor"}
    assert send(client, draft, read).status_code == 409


def test_the_api_refuses_what_the_page_refuses(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    answer = send(client, draft, client.get(api(draft)).json() | {"slot_minutes": 5})
    assert (answer.status_code, answer.json()["fields"]["slot_minutes"]) == (422, ["Give 10 to 120."])


def test_page_and_api_leave_the_same(administrator: Any, signed_in: Any, draft: Criteria) -> None:
    client = signed_in(administrator)
    client.post(at(draft, "save/"), posted(client, draft, vendor="Another Vendor"))
    by_page, event = facts(draft), AuditEvent.objects.latest("pk")
    back = client.get(api(draft)).json() | {"vendor": "Outcomes Inc."}
    send(client, draft, back)
    send(client, draft, client.get(api(draft)).json() | {"vendor": "Another Vendor"})
    assert facts(draft) == by_page
    again = AuditEvent.objects.latest("pk")
    assert (again.kind, again.subject_id, again.detail) == (event.kind, event.subject_id, event.detail)
