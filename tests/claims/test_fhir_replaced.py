"""FHIR claims and patients that take the place of others, and deaths of which only is said that they were."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Plan
from claims.models import Fill
from members.models import Member
from tests.claims.test_feed_fhir import PATIENT, concept, load_all, pharmacy
from tests.conftest import make_member


def numbered(claim: str, **changed: Any) -> dict[str, Any]:
    return pharmacy(id=f"E-{claim}", identifier=[{"system": "https://plan.example/claim", "value": claim}], **changed)


def related(claim: str, relationship: str) -> list[dict[str, Any]]:
    return [{"relationship": concept(relationship), "reference": {"value": claim}}]


@pytest.mark.parametrize("relationship", ["prior", "replaces"])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_claim_takes_the_place_of_the_one_it_replaces_in_any_order(
    plan: Plan, tmp_path: Path, order: tuple[int, ...], relationship: str
) -> None:
    make_member(plan, "M1")
    claims = [
        numbered("C-5"),
        numbered("C-6", related=related("C-5", relationship), payment={"date": "2026-01-25"}),
        numbered("C-7", related=related("C-6", relationship), payment={"date": "2026-01-30"}),
    ]
    for place in order:
        file = load_all(plan, tmp_path / str(place), claims[place])
        assert (file.received, file.accepted) == ((1, 1) if place == 0 else (2, 2))
    assert [fill.claim_id for fill in Fill.objects.all()] == ["C-7"]


@pytest.mark.parametrize("paid", ["2026-01-20", "2026-01-25"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_version_that_names_its_own_number_adjusts_the_claim(
    plan: Plan, tmp_path: Path, order: tuple[int, ...], paid: str
) -> None:
    make_member(plan, "M1")
    total = [{"category": concept("drugcost"), "amount": {"value": 9.99}}]
    version = numbered("C-5", related=related("C-5", "prior"), payment={"date": paid}, total=total)
    claims = [numbered("C-5"), version]
    for place in order:
        file = load_all(plan, tmp_path / str(place), claims[place])
        assert (file.received, file.accepted) == (1, 1)
    assert [str(fill.cost) for fill in Fill.objects.all()] == ["9.99"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_middle_of_a_chain_takes_the_place_of_the_first_and_does_not_count(
    plan: Plan, tmp_path: Path, order: tuple[int, ...]
) -> None:
    make_member(plan, "M1")
    both = [*related("C-5", "prior"), *related("C-7", "replacedby")]
    claims = [numbered("C-5"), numbered("C-6", related=both), numbered("C-7")]
    for place in order:
        load_all(plan, tmp_path / str(place), claims[place])
    assert [fill.claim_id for fill in Fill.objects.all()] == ["C-7"]


def test_a_claim_that_says_it_was_replaced_does_not_count(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load_all(plan, tmp_path, numbered("C-5", related=related("C-6", "replacedby")), numbered("C-6"))
    assert [fill.claim_id for fill in Fill.objects.all()] == ["C-6"]


@pytest.mark.parametrize(("named", "counted"), [({"identifier": []}, ["C-6"]), ({}, ["C-1", "C-6"])])
def test_a_replaced_claim_that_is_named_by_its_resource_alone_is_told_of(
    plan: Plan, tmp_path: Path, named: dict[str, Any], counted: list[str]
) -> None:
    make_member(plan, "M1")
    by_id = [{"relationship": concept("prior"), "claim": {"reference": "Claim/E1"}}]
    file = load_all(plan, tmp_path, pharmacy(**named), numbered("C-6", related=by_id))
    assert told(file)["replaced claims without a number"] == 1
    assert sorted(fill.claim_id for fill in Fill.objects.all()) == counted


def told(file: Any) -> dict[str, int]:
    return {found["name"]: found["count"] for found in file.findings}


def test_a_cancelled_claim_need_not_say_what_was_dispensed(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load_all(plan, tmp_path / "a", pharmacy())
    file = load_all(plan, tmp_path / "b", pharmacy(status="cancelled", item=[]))
    assert (file.received, file.accepted, Fill.objects.count()) == (1, 1, 0)
    assert told(file)["claims taken back without their drugs"] == 1
    # A version that was paid later counts again.
    load_all(plan, tmp_path / "c", pharmacy(payment={"date": "2026-02-20"}))
    assert Fill.objects.count() == 1


@pytest.mark.parametrize(("said", "deaths"), [({"deceasedBoolean": True}, 1), ({"deceasedBoolean": False}, None)])
def test_a_death_without_a_day_is_told_of(plan: Plan, tmp_path: Path, said: dict[str, Any], deaths: int | None) -> None:
    file = load_all(plan, tmp_path, PATIENT | said)
    assert told(file).get("deaths without a day") == deaths
    assert Member.objects.get().death_date is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("one_file", [True, False])
def test_a_patient_that_replaces_another_is_one_member_with_them(
    plan: Plan, tmp_path: Path, order: tuple[int, ...], one_file: bool
) -> None:
    link = [{"type": "replaces", "other": {"reference": "Patient/Q1"}}]
    patients = [PATIENT | {"id": "Q1", "identifier": []}, PATIENT | {"id": "Q2", "identifier": [], "link": link}]
    files = [[patients[place] for place in order]] if one_file else [[patients[place]] for place in order]
    for place, resources in enumerate(files):
        load_all(plan, tmp_path / str(place), *resources)
    member = Member.objects.get(merged_into=None)
    assert set(member.identifiers.values_list("value", flat=True)) == {"Q1", "Q2"}
