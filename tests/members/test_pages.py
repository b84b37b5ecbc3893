"""The list of members: who may open it, what it shows, and that names stay out of addresses and logs."""

from typing import Any

import pytest

from accounts.audit import Kind
from accounts.models import AuditEvent
from members.models import Member
from tests import making
from tests.conftest import make_member

PAGE = "/H0001/members/"
WAYS_TO_PEARL = [
    *("Maple, Pearl", "maple,pearl", "Pearl Maple", "Map, P", "M1"),
    *("1-800-555-0111", "18005550111", "8005550111", "(800) 555-0111", "+1 800.555.0111"),
]


@pytest.mark.parametrize("role", ["pharmacist", "intern", "scheduler", "administrator", "auditor"])
def test_everyone_who_works_for_the_plan_finds_members(role: str, person: Any, signed_in: Any, member: Any) -> None:
    assert b"Pearl Maple" in signed_in(person(role)).get(PAGE).content


def test_people_of_another_plan_are_told_there_is_no_such_page(stranger: Any, signed_in: Any, member: Any) -> None:
    assert signed_in(stranger).get(PAGE).status_code == 404


def test_members_of_another_plan_are_not_listed(scheduler: Any, signed_in: Any, member: Any, other_plan: Any) -> None:
    make_member(other_plan, "X1", first_name="Foreign", last_name="Person")
    assert b"Foreign" not in signed_in(scheduler).get(PAGE).content


def test_a_search_is_posted_and_never_stands_in_an_address(
    scheduler: Any, signed_in: Any, member: Any, plan: Any
) -> None:
    make_member(plan, "M2", first_name="Cedar", last_name="Birch")
    client = signed_in(scheduler)
    answer = client.post(PAGE, {"q": "maple"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    shown = client.get(PAGE).content.decode()
    assert "Pearl Maple" in shown
    assert "Cedar Birch" not in shown
    assert "?q" not in shown
    assert not AuditEvent.objects.filter(detail__icontains="maple").exists()
    assert AuditEvent.objects.filter(kind=Kind.MEMBERS_SEARCHED).exists()


@pytest.mark.parametrize("words", WAYS_TO_PEARL)
def test_a_member_is_found_as_people_write_names_and_numbers(words: str, member: Any, plan: Any) -> None:
    make_member(plan, "M2", first_name="Cedar", last_name="Birch", phone="1-800-555-0112")
    assert [*Member.objects.of_plan(plan).matching(words)] == [member]


@pytest.mark.parametrize("words", ["555-0111", "1-800-555-0119", "x 800 555 0111", "Maple, Cedar", "01"])
def test_part_of_a_number_or_another_name_finds_nobody(words: str, member: Any, plan: Any) -> None:
    assert not Member.objects.of_plan(plan).matching(words).exists()


def test_no_words_find_everybody_with_or_without_a_phone(member: Any, plan: Any) -> None:
    make_member(plan, "M2", phone="")
    assert Member.objects.of_plan(plan).matching(" , ").count() == 2


def test_a_search_that_finds_nobody_says_what_to_do(scheduler: Any, signed_in: Any, member: Any) -> None:
    client = signed_in(scheduler)
    client.post(PAGE, {"q": "nobody"})
    assert b"No member found" in client.get(PAGE).content


def test_a_plan_without_members_says_where_they_come_from(scheduler: Any, signed_in: Any) -> None:
    assert b"manage.py load" in signed_in(scheduler).get(PAGE).content


def test_looking_at_the_list_is_written_down_with_the_members_shown(
    scheduler: Any, signed_in: Any, member: Any
) -> None:
    signed_in(scheduler).get(PAGE)
    event = AuditEvent.objects.get(kind=Kind.MEMBER_LISTED)
    assert (event.detail["members"], event.actor) == ([member.pk], scheduler.pk)


def test_pages_follow_one_another_by_last_name_without_gap_or_repeat(scheduler: Any, signed_in: Any, plan: Any) -> None:
    for number in range(52):
        make_member(plan, f"P{number}", first_name="Twin", last_name=f"Name{number // 2:02}")
    client = signed_in(scheduler)
    first = client.get(PAGE)
    second = client.get(PAGE, {"after": first.context["page"].after})
    seen = [row.pk for row in first.context["page"].rows + second.context["page"].rows]
    assert len(seen) == len(set(seen)) == 52
    assert b"Start of the list" in second.content


def test_the_filter_shows_those_who_take_part(
    scheduler: Any, administrator: Any, signed_in: Any, member: Any, plan: Any
) -> None:
    making.enrolled(member, administrator)
    make_member(plan, "M2", first_name="Cedar", last_name="Birch")
    shown = signed_in(scheduler).get(PAGE, {"status": "enrolled"}).content
    assert b"Pearl Maple" in shown
    assert b"Cedar Birch" not in shown
    assert b"No member here" in signed_in(scheduler).get(PAGE, {"status": "opted_out"}).content


def test_the_number_of_queries_does_not_grow_with_the_list(
    scheduler: Any, signed_in: Any, plan: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        make_member(plan, f"P{number}", last_name=f"Name{number}")
    client = signed_in(scheduler)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
