"""The alert queue and one alert, page by page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, Plan, User
from members.models import Member, Pharmacy, Prescriber
from mtm.lib import paging
from reviews import alerts
from reviews.models import Alert
from tests import making
from tests.conftest import make_member

SignIn = Callable[[User], Client]
QUEUE = "/H0001/queue/"


@pytest.fixture
def alert(member: Member, pharmacist: User) -> Alert:
    making.enrolled(member, pharmacist)
    return making.alert(member)


def address(alert: Alert, step: str = "") -> str:
    return f"/H0001/alerts/{alert.public_id}/{step}"


def test_the_queue_shows_who_and_what_and_writes_down_that_it_did(
    alert: Alert, pharmacist: User, signed_in: SignIn
) -> None:
    page = signed_in(pharmacist).get(QUEUE).content.decode()
    assert "Pearl Maple" in page
    assert "overlap on 12 days" in page
    assert AuditEvent.objects.filter(actor=pharmacist.pk, plan_code="H0001").exists()


def test_an_empty_queue_says_what_to_do(plan: Plan, pharmacist: User, signed_in: SignIn) -> None:
    assert b"No alerts are waiting" in signed_in(pharmacist).get(QUEUE).content


@pytest.mark.parametrize(
    ("query", "found"), [("severity=2", 1), ("severity=1", 0), ("category=safety", 1), ("mine=1", 0)]
)
def test_filters_leave_what_they_name(
    alert: Alert, pharmacist: User, signed_in: SignIn, query: str, found: int
) -> None:
    page = signed_in(pharmacist).get(f"{QUEUE}?{query}").content
    assert page.count(b'data-testid="alert-row"') == found


def test_a_filter_that_does_not_exist_is_no_filter(alert: Alert, pharmacist: User, signed_in: SignIn) -> None:
    page = signed_in(pharmacist).get(f"{QUEUE}?severity=9&category=x&after=nonsense").content
    assert page.count(b'data-testid="alert-row"') == 1


def test_a_search_is_kept_out_of_the_address(alert: Alert, pharmacist: User, signed_in: SignIn) -> None:
    client = signed_in(pharmacist)
    assert client.post(QUEUE, {"q": "nobody"}).headers["Location"] == QUEUE
    assert b"No alert fits" in client.get(QUEUE).content
    client.post(QUEUE, {"q": ""})
    assert b"Pearl Maple" in client.get(QUEUE).content


def test_pages_follow_each_other_without_a_gap(
    plan: Plan, pharmacist: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging.keyset, "__kwdefaults__", {"size": 2})
    for number in range(3):
        other = make_member(plan, f"P{number}", last_name=f"Birch{number}")
        making.enrolled(other, pharmacist)
        making.alert(other)
    client = signed_in(pharmacist)
    first = client.get(QUEUE)
    second = client.get(f"{QUEUE}?after={first.context['page'].after}")
    shown = [row.pk for row in [*first.context["page"].rows, *second.context["page"].rows]]
    assert shown == sorted(Alert.objects.values_list("pk", flat=True))
    assert b'data-testid="first-page"' in second.content


def test_claiming_opens_the_alert(alert: Alert, pharmacist: User, signed_in: SignIn) -> None:
    client = signed_in(pharmacist)
    assert client.post(address(alert, "claim/")).headers["Location"] == address(alert)
    assert b'data-testid="resolve-form"' in client.get(address(alert)).content


def test_only_who_claimed_an_alert_is_offered_to_settle_it(
    alert: Alert, pharmacist: User, intern: User, signed_in: SignIn
) -> None:
    alerts.claim(alert=alert, by=intern)
    page = signed_in(pharmacist).get(address(alert)).content
    assert b'data-testid="claimed-by-other"' in page
    assert b'data-testid="resolve-form"' not in page


def test_an_outcome_that_says_too_little_needs_a_note(alert: Alert, pharmacist: User, signed_in: SignIn) -> None:
    alerts.claim(alert=alert, by=pharmacist)
    answer = signed_in(pharmacist).post(address(alert, "resolve/"), {"outcome": "not_relevant", "note": ""})
    assert answer.status_code == 422
    assert b"Say why" in answer.content


def test_an_auditor_reads_an_alert_and_cannot_work_it(alert: Alert, auditor: User, signed_in: SignIn) -> None:
    client = signed_in(auditor)
    assert b'data-testid="claim-alert"' not in client.get(address(alert)).content
    assert client.post(address(alert, "claim/")).status_code == 403


def test_an_alert_of_another_plan_is_not_found(alert: Alert, stranger: User, signed_in: SignIn) -> None:
    assert signed_in(stranger).get(address(alert).replace("H0001", "H0002")).status_code == 404


def test_an_earlier_decision_is_shown_beside_the_new_alert(
    alert: Alert, pharmacist: User, signed_in: SignIn, member: Member
) -> None:
    alerts.claim(alert=alert, by=pharmacist)
    alerts.resolve(alert=alert, outcome="already_tried", note="Tapered in spring.", by=pharmacist)
    newer = making.alert(member, quarter="2027-Q1")
    page = signed_in(pharmacist).get(address(newer)).content
    assert b"already tried" in page
    assert b"Tapered in spring." in page


def test_the_evidence_names_who_prescribed_and_dispensed_where_that_is_known(
    member: Member, pharmacist: User, signed_in: SignIn
) -> None:
    Prescriber.objects.create(npi="1999999001", name="Dr. Willow")
    Pharmacy.objects.create(npi="1999999101", name="Example Pharmacy")
    fill = {
        "filled_on": "2026-10-01",
        "days_supply": 30,
        "drug": "oxycodone",
        "role": "opioid",
        "flag": "",
        "claim_id": "C1",
    }
    known = fill | {"prescriber": "1999999001", "pharmacy": "1999999101"}
    unknown = fill | {"prescriber": "1999999002", "pharmacy": "1999999102"}
    found = making.alert(member, evidence={"fills": [known, unknown], "covered": {}, "measured": []})
    shown = signed_in(pharmacist).get(address(found)).content.decode()
    for words in ("Dr. Willow", "Example Pharmacy", "NPI 1999999002", "1999999102"):
        assert words in shown
    assert "1999999101" not in shown


def test_every_rule_is_told_in_words(plan: Plan, pharmacist: User, signed_in: SignIn) -> None:
    page = signed_in(pharmacist).get("/H0001/rules/").content.decode()
    assert page.count('data-testid="rule"') == 5
    assert "Alerts when" in page
