"""Working alerts: one winner of a race, only the holder goes on, every step kept (T56, T62)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from eligibility import enrollment
from members.models import Member
from mtm.lib import transitions
from mtm.lib.transitions import TransitionNotAllowed
from reviews import alerts
from reviews.models import Alert, AlertTransition
from tests import making, races

RACES = 1_000
SPOILED = 200  # races with the guard spoiled: enough to find two winners


@pytest.fixture
def member(member: Member, person: Callable[..., User]) -> Member:
    """Only alerts of members who take part can be worked."""
    making.enrolled(member, person("administrator"))
    return member


def claimer(user: User) -> Callable[[int], bool]:
    def claim(alert_id: int) -> bool:
        try:
            alerts.claim(alert=Alert.objects.select_related("plan").get(pk=alert_id), by=user)
        except TransitionNotAllowed:
            return False
        return True

    return claim


def open_alerts(member: Member, number: int) -> list[int]:
    first = making.alert(member, rule="rule-0")
    others = [copy_of(first, f"rule-{n}") for n in range(1, number)]
    return [first.pk, *(alert.pk for alert in Alert.objects.bulk_create(others))]


def copy_of(alert: Alert, rule: str) -> Alert:
    fields = {f.attname: getattr(alert, f.attname) for f in Alert._meta.concrete_fields}
    return Alert(**{k: v for k, v in fields.items() if k not in ("id", "public_id")} | {"rule": rule})


def test_of_two_who_claim_at_once_one_gets_it(committed: None, member: Member, person: Callable[..., User]) -> None:
    people = [person("pharmacist"), person("pharmacist")]
    contested = open_alerts(member, RACES)
    assert races.run(contested, [claimer(user) for user in people]) == [1] * RACES
    assert AlertTransition.objects.count() == AuditEvent.objects.filter(kind="alert claimed").count() == RACES
    both = {alert.claimed_by_id for alert in Alert.objects.all()}
    assert both == {user.pk for user in people}, "the races were no races: one side won them all"


def read_then_write(row: Any, before: str, **changes: Any) -> bool:
    if type(row).objects.get(pk=row.pk).status != before:
        return False
    return bool(type(row).objects.filter(pk=row.pk).update(**changes))


def joined_filter(row: Any, before: str, **changes: Any) -> bool:
    guarded = type(row).objects.filter(pk=row.pk, status=before, member__plan=row.plan_id)
    return bool(guarded.update(**changes))


@pytest.mark.parametrize("guard", [read_then_write, joined_filter])
def test_the_race_finds_two_winners_when_the_guard_is_spoiled(
    guard: Any, committed: None, member: Member, person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transitions, "compare_and_set", guard)
    people = [person("pharmacist"), person("pharmacist")]
    assert 2 in races.run(open_alerts(member, SPOILED), [claimer(user) for user in people])


def test_the_loser_is_told_who_was_faster(member: Member, person: Callable[..., User], signed_in: Any) -> None:
    first, second = person("pharmacist"), person("pharmacist")
    alert = making.alert(member)
    page = f"/H0001/alerts/{alert.public_id}/claim/"
    assert signed_in(first).post(page).status_code == 302
    late = signed_in(second).post(page)
    assert late.status_code == 409
    assert first.full_name in late.content.decode()
    api = signed_in(second).post(f"/api/v1/plans/H0001/alerts/{alert.public_id}/claim/")
    assert api.status_code == 409
    assert first.full_name in api.json()["detail"]


def test_only_who_claimed_it_can_settle_or_release_it(member: Member, person: Callable[..., User]) -> None:
    holder, other = person("pharmacist"), person("pharmacist")
    alert = alerts.claim(alert=making.alert(member), by=holder)
    with pytest.raises(TransitionNotAllowed):
        alerts.resolve(alert=alert, outcome="recommended", by=other)
    with pytest.raises(TransitionNotAllowed):
        alerts.release(alert=alert, by=other)
    assert Alert.objects.get().status == "claimed"


def test_a_released_alert_is_open_for_anybody(member: Member, person: Callable[..., User]) -> None:
    holder, other = person("pharmacist"), person("pharmacist")
    alert = alerts.release(alert=alerts.claim(alert=making.alert(member), by=holder), by=holder)
    alerts.claim(alert=alert, by=other)
    assert Alert.objects.get().claimed_by == other
    steps = [(step.from_status, step.to_status, step.by) for step in alert.transitions.all()]
    assert steps == [("open", "claimed", holder), ("claimed", "open", holder), ("open", "claimed", other)]


def test_a_settled_alert_keeps_its_outcome(member: Member, pharmacist: User) -> None:
    alert = alerts.claim(alert=making.alert(member), by=pharmacist)
    alerts.resolve(alert=alert, outcome="recommended", note="called the office", by=pharmacist)
    with pytest.raises(TransitionNotAllowed):
        alerts.resolve(alert=alert, outcome="duplicate", by=pharmacist)
    kept = Alert.objects.get()
    assert (kept.outcome, kept.note, kept.resolved_by) == ("recommended", "called the office", pharmacist)


def test_opted_out_members_leave_the_queue_and_come_back_to_it(member: Member, pharmacist: User) -> None:
    alert = making.alert(member)
    assert alert in Alert.objects.in_queue(member.plan)
    taking_part = enrollment.opt_out(enrollment=member.enrollments.get(), reason="asked", on=making.DAY, by=pharmacist)
    assert alert not in Alert.objects.in_queue(member.plan)
    enrollment.opt_back_in(enrollment=taking_part, by=pharmacist)
    assert alert in Alert.objects.in_queue(member.plan)
