"""Drugs that nobody knows: counted so that it adds up, found by their digits, mapped by hand for one plan, withdrawn."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent, Plan, User
from claims import unmapped
from claims.drug_mapping import MappingProblem, ingredients_named, map_ndc, withdraw
from claims.drugs import drugs_of
from claims.models import DrugProduct, Ingredient, PlanDrugMapping, ProductIngredient
from members.models import Member
from mtm.lib.transitions import TransitionNotAllowed
from tests import making, races
from tests.conftest import make_member

PAGE, API = "/H0001/drugs/unmapped/", "/api/v1/plans/H0001"
NDC, OTHER = "12345678901", "54321000101"
DAY, NOW = date(2026, 11, 20), datetime(2026, 11, 20, 12, tzinfo=UTC)
SENT = {
    "ingredients": ["metformin", "glipizide"],
    "reason": "package label",
    "strength": "500 mg",
    "form": "oral tablet",
}


@pytest.fixture
def filled(member: Member) -> Plan:
    """Five fills: two known, two of an unknown code by two members, one of another unknown code."""
    making.fill(member, "metformin", DAY, cost="10.00")
    making.fill(member, "lisinopril", DAY, cost="1.00")
    making.unknown_fill(member, DAY)
    making.unknown_fill(make_member(member.plan, "M2"), date(2026, 11, 1), cost="7.25")
    making.unknown_fill(member, DAY, ndc=OTHER)
    return member.plan


def map_it(plan: Plan, by: User, ndc: str = NDC) -> PlanDrugMapping:
    return map_ndc(plan=plan, ndc=ndc, at=NOW, by=by, **SENT)


def test_unknown_codes_come_by_fills_with_members_and_cost(filled: Plan) -> None:
    first, second = unmapped.of_plan(filled).rows
    assert (first.printed, first.fills, first.members, first.cost) == ("12345-6789-01", 2, 2, Decimal("12.25"))
    assert (first.last_filled_on, first.label, second.ndc) == (DAY, f"NDC {NDC}", OTHER)


def test_the_ways_of_knowing_add_up_to_all_fills(filled: Plan, administrator: User) -> None:
    map_it(filled, administrator, OTHER)
    product = DrugProduct.objects.create(ndc="77777000101", label="x", source="test")
    ProductIngredient.objects.create(product=product, ingredient=Ingredient.objects.get(name="metformin"))
    making.unknown_fill(Member.objects.get(source_id="M2"), DAY, ndc="77777000102")
    listing = unmapped.of_plan(filled)
    assert [(t.how, t.ndcs, t.fills, t.cost) for t in listing.totals] == [
        ("exact", 2, 2, Decimal("11.00")),
        ("product", 1, 1, Decimal("5.00")),
        ("by hand", 1, 1, Decimal("5.00")),
        ("unmapped", 1, 2, Decimal("12.25")),
    ]
    assert (listing.fills, listing.ndcs, listing.cost, listing.share) == (6, 5, Decimal("33.25"), 2 / 6)


def known_ndc(ingredient: str) -> str:
    return DrugProduct.objects.get(ingredients__name=ingredient).ndc


def test_a_plan_without_fills_has_no_share(plan: Plan) -> None:
    listing = unmapped.of_plan(plan)
    assert (listing.share, listing.rows, listing.after) == (None, [], None)


def test_pages_go_on_after_the_last_code_without_losing_one(member: Member) -> None:
    for number in range(7):
        for fill in range(number // 3 + 1):
            making.unknown_fill(member, DAY, ndc=f"2222200{number:02}01", number=fill)
    whole = [row.ndc for row in unmapped.of_plan(member.plan).rows]
    seen, last = [], None
    while True:
        page = unmapped.of_plan(member.plan, after=last, size=2)
        seen += [row.ndc for row in page.rows]
        last = page.after
        if last is None:
            break
    assert seen == whole
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("6789", [NDC]),
        ("12345-6789-01", [NDC]),
        ("54321-001-01", [OTHER]),
        ("999", []),
        ("abc", [NDC, OTHER]),
        ("", [NDC, OTHER]),
    ],
)
def test_codes_are_found_by_their_digits(
    administrator: User, signed_in: Any, filled: Plan, typed: str, found: list[str]
) -> None:
    page = signed_in(administrator).get(PAGE, {"ndc": typed})
    assert [row.ndc for row in page.context["listing"].rows] == found


def test_the_page_says_the_share_and_leads_to_the_form(administrator: User, signed_in: Any, filled: Plan) -> None:
    shown = signed_in(administrator).get(PAGE).content.decode()
    for words in ("60.0%", "of 5 fills", "12345-6789-01", "$12.25", f"{PAGE}{NDC}/"):
        assert words in shown


def test_an_auditor_reads_the_list_and_cannot_map(
    auditor: User, signed_in: Any, filled: Plan, administrator: User
) -> None:
    map_it(filled, administrator)
    shown = signed_in(auditor).get(PAGE).content.decode()
    assert "glipizide / metformin" in shown
    for gone in ("map-ndc", "withdraw-mapping"):
        assert gone not in shown


def test_the_loads_page_leads_here(administrator: User, signed_in: Any) -> None:
    assert PAGE in signed_in(administrator).get("/H0001/loads/").content.decode()


def test_what_is_chosen_stays_while_the_next_ingredient_is_looked_for(
    administrator: User, signed_in: Any, filled: Plan
) -> None:
    client = signed_in(administrator)
    page = client.post(f"{PAGE}{NDC}/", {"q": "glipi", "ingredients": ["metformin"], "search": "1", "reason": "label"})
    shown = page.content.decode()
    assert page.status_code == 200
    assert [value for value, _ in page.context["form"].fields["ingredients"].choices][:2] == ["metformin", "glipizide"]
    assert 'value="metformin"' in shown
    assert "Choose at least one." not in shown
    assert not PlanDrugMapping.objects.exists()


def test_an_administrator_maps_a_code_and_it_counts_from_then_on(
    administrator: User, signed_in: Any, filled: Plan
) -> None:
    client = signed_in(administrator)
    answer = client.post(f"{PAGE}{NDC}/", SENT)
    assert (answer.status_code, answer.url) == (302, PAGE)
    known = drugs_of(filled, [NDC])[NDC]
    assert (known.how, known.ingredients) == ("by hand", ["glipizide", "metformin"])
    assert known.label == "glipizide / metformin 500 mg oral tablet"
    event = AuditEvent.objects.get(kind="drug mapped")
    assert (event.actor, event.plan_code, event.detail["ndc"]) == (administrator.pk, "H0001", NDC)
    assert "package label" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ingredients": []}, "Choose at least one."),
        ({"reason": ""}, "This field is required."),
        ({"ingredients": ["unheardofstat"]}, "Select a valid choice"),
        ({"ingredients": ["met\0formin"]}, "Select a valid choice"),
        ({"q": "met\0"}, ""),
    ],
)
def test_an_incomplete_mapping_is_refused(
    administrator: User, signed_in: Any, filled: Plan, change: dict[str, Any], words: str
) -> None:
    answer = signed_in(administrator).post(f"{PAGE}{NDC}/", SENT | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PlanDrugMapping.objects.exists()


def test_a_code_that_is_known_or_mapped_is_not_mapped_again(administrator: User, signed_in: Any, filled: Plan) -> None:
    map_it(filled, administrator)
    with pytest.raises(MappingProblem, match="mapped already"):
        map_it(filled, administrator)
    with pytest.raises(MappingProblem, match="A directory says"):
        map_it(filled, administrator, known_ndc("metformin"))
    answer = signed_in(administrator).post(f"{PAGE}{NDC}/", SENT)
    assert answer.status_code == 409
    assert "Withdraw that mapping first." in answer.content.decode()


def test_two_who_map_one_code_at_once_map_it_once(committed: None, plan: Plan, administrator: User) -> None:
    def maps(_: int) -> bool:
        try:
            return bool(map_it(plan, administrator))
        except MappingProblem:
            return False

    assert races.run([1], [maps, maps]) == [1]
    assert PlanDrugMapping.objects.count() == 1


@pytest.mark.parametrize("ndc", ["99999999999", OTHER])
def test_a_code_that_the_plan_has_no_fill_of_is_not_found(
    administrator: User, signed_in: Any, plan: Plan, other_plan: Plan, ndc: str
) -> None:
    making.unknown_fill(make_member(other_plan, "X1"), DAY, ndc=OTHER)
    assert signed_in(administrator).get(f"{PAGE}{ndc}/").status_code == 404


def test_a_mapping_is_withdrawn_once_and_stays_on_record(administrator: User, signed_in: Any, filled: Plan) -> None:
    mapping, client = map_it(filled, administrator), signed_in(administrator)
    path = f"/H0001/drugs/mappings/{mapping.public_id}/withdraw/"
    assert client.post(path).url == PAGE
    assert client.post(path).status_code == 409
    assert drugs_of(filled, [NDC])[NDC].how == "unmapped"
    assert AuditEvent.objects.filter(kind="drug mapping withdrawn").count() == 1
    assert "Withdrawn" in client.get(PAGE).content.decode()
    with pytest.raises(TransitionNotAllowed):
        withdraw(mapping=mapping, at=NOW, by=administrator)
    assert map_it(filled, administrator).ndc == NDC


def test_a_mapping_says_when_a_directory_has_come_to_know_the_code(
    administrator: User, signed_in: Any, filled: Plan
) -> None:
    map_it(filled, administrator)
    product = DrugProduct.objects.create(ndc=NDC, label="x", source="test")
    ProductIngredient.objects.create(product=product, ingredient=Ingredient.objects.get(name="lisinopril"))
    assert "A directory names it" in signed_in(administrator).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("metf", "metformin"),
        ("INSULIN, REGULAR", "insulin regular"),
        ("ursodeoxy", "ursodiol"),
        ("zzz", None),
        ("  ", None),
    ],
)
def test_ingredients_are_found_by_their_own_and_by_other_names(db: None, words: str, first: str | None) -> None:
    assert next(iter(ingredients_named(words)), None) == first


def test_the_api_lists_maps_and_withdraws(administrator: User, signed_in: Any, filled: Plan) -> None:
    client = signed_in(administrator)
    listed = client.get(f"{API}/unmapped-ndcs/").json()
    assert [(row["ndc"], row["fills"], row["cost"]) for row in listed["results"]] == [
        (NDC, 2, "12.25"),
        (OTHER, 1, "5.00"),
    ]
    assert (listed["matching"], listed["next"], sum(total["fills"] for total in listed["totals"])) == (2, None, 5)
    made = client.post(f"{API}/drug-mappings/", SENT | {"ndc": NDC}, content_type="application/json")
    assert (made.status_code, sorted(made.json()["ingredients"])) == (201, ["glipizide", "metformin"])
    again = client.post(f"{API}/drug-mappings/", SENT | {"ndc": NDC}, content_type="application/json")
    assert again.status_code == 409
    gone = client.post(f"{API}/drug-mappings/{made.json()['id']}/withdraw/", content_type="application/json")
    assert gone.json()["withdrawn_by"] == administrator.full_name
    assert client.get(f"{API}/drug-mappings/").json()["results"][0]["withdrawn_at"]


@pytest.mark.parametrize(
    "change",
    [{"ndc": "99999999999"}, {"ndc": "123"}, {"ingredients": ["unheardofstat"]}, {"ingredients": []}, {"reason": ""}],
)
def test_the_api_refuses_what_the_page_refuses(
    administrator: User, signed_in: Any, filled: Plan, change: dict[str, Any]
) -> None:
    sent = SENT | {"ndc": NDC} | change
    assert (
        signed_in(administrator).post(f"{API}/drug-mappings/", sent, content_type="application/json").status_code == 422
    )
