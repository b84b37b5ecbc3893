"""The audit trail as auditors read it."""

from typing import Any

import pytest

from accounts import audit
from accounts.audit import Kind
from accounts.models import AuditEvent

PAGE = "/H0001/audit/"


@pytest.mark.parametrize("role", ["pharmacist", "intern", "scheduler", "administrator"])
def test_only_auditors_read_the_trail(role: str, person: Any, signed_in: Any) -> None:
    assert signed_in(person(role)).get(PAGE).status_code == 403


def test_people_of_another_plan_are_told_there_is_no_such_page(stranger: Any, signed_in: Any, plan: Any) -> None:
    assert signed_in(stranger).get(PAGE).status_code == 404


def test_events_come_newest_first_and_reading_them_is_one(
    auditor: Any, scheduler: Any, signed_in: Any, member: Any, plan: Any
) -> None:
    audit.record(Kind.MEMBERS_SEARCHED, by=scheduler, plan=plan)
    audit.record(Kind.MEMBER_READ, by=scheduler, plan=plan, subject=member, member_id=member.pk)
    client = signed_in(auditor)
    assert [event.kind for event, _, _ in client.get(PAGE).context["rows"]] == ["member read", "members searched"]
    assert AuditEvent.objects.latest("pk").kind == Kind.AUDIT_READ
    assert f"members.member {member.pk}" in client.get(PAGE).content.decode()


def test_the_trail_filters_by_what_happened(auditor: Any, signed_in: Any, plan: Any) -> None:
    audit.record(Kind.ENROLLED, by=None, plan=plan, detail={"members": 3, "plan_year": 2026})
    audit.record(Kind.DETERMINED, by=None, plan=plan)
    shown = signed_in(auditor).get(PAGE, {"kind": "enrolled"})
    ((event, _, detail),) = shown.context["rows"]
    assert (event.kind, detail) == ("enrolled", "members: 3, plan year: 2026")
    assert b"Nothing of this kind" in signed_in(auditor).get(PAGE, {"kind": "letter voided"}).content


def test_long_lists_are_told_by_their_number_and_changes_by_both_values(
    auditor: Any, signed_in: Any, plan: Any
) -> None:
    audit.record_listed([5, 6, 5], by=auditor, plan=plan, where="call list")
    audit.record(
        Kind.CRITERIA_CHANGED,
        by=auditor,
        plan=plan,
        detail={"fields": {"minimum_drugs": ["8", "5"]}, "other": {"a": 1}},
    )
    told = [detail for _, _, detail in signed_in(auditor).get(PAGE).context["rows"]]
    assert told == ["a: 1, minimum drugs: 8 → 5", "where: call list, 2 members"]


def test_events_of_other_plans_are_not_shown(auditor: Any, signed_in: Any, other_plan: Any) -> None:
    audit.record(Kind.ENROLLED, by=None, plan=other_plan)
    assert signed_in(auditor).get(PAGE).context["rows"] == []


def test_the_next_page_goes_on_where_the_first_ended(auditor: Any, signed_in: Any, plan: Any) -> None:
    for _ in range(51):
        audit.record(Kind.ENROLLED, by=None, plan=plan)
    client = signed_in(auditor)
    first = client.get(PAGE, {"kind": "enrolled"}).context["page"]
    second = client.get(PAGE, {"kind": "enrolled", "before": first.after})
    assert [len(first.rows), len(second.context["page"].rows)] == [50, 1]
    assert b"kind=enrolled" in second.content
