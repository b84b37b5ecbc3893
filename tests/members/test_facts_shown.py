"""What is known of a member beside the row, on the chart and over the API: each part for those whose work needs it."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.merging import merge
from members.models import AtRiskSpell, ContactPreference, CoverageSpan, Identifier, Member, MemberSpan, Representative
from reviews import cmr
from tests import making
from tests.conftest import make_member
from tests.making import DAY

FOR_CALLERS = ["Phone:", "Do not contact", "told by the member", "Fern Maple, daughter", "be told about the review"]
COVERED = ["H0001 002", "Jan 1, 2026 to no known end"]
CLINICAL = [
    *(
        "Hospice",
        "Low-income subsidy",
        "level 3",
        "At risk",
        "pharmacy, notice from H0009",
        "Jan 15, 2026 to Jan 14, 2027",
    ),
    *("Former number ••OLD1", "Medicare number •••••••0188", "large print"),
]


pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def known(plan: Any) -> Member:
    member = make_member(plan, "M7", first_name="Pearl", last_name="Maple", mbi="1S00ZZ00177", format="large_print")
    of = {"plan": plan, "member": member}
    CoverageSpan.objects.create(**of, contract="H0001", pbp="002", period=DateRange(date(2026, 1, 1)))
    MemberSpan.objects.create(**of, kind="hospice", period=DateRange(date(2026, 5, 1), date(2026, 6, 1)))
    MemberSpan.objects.create(**of, kind="low_income", level="3", period=DateRange(date(2026, 1, 1)))
    spell = DateRange(date(2026, 1, 15), date(2027, 1, 15))
    AtRiskSpell.objects.create(**of, limitation="pharmacy", source_plan="H0009", period=spell)
    ContactPreference.objects.create(
        **of, channel="phone", wish="never", starts_on=date(2026, 2, 1), source="told by the member", as_of=DAY
    )
    Representative.objects.create(
        **of,
        name="Fern Maple",
        relationship="daughter",
        may_be_told=True,
        may_be_sent=False,
        may_decide=False,
        starts_on=date(2026, 1, 1),
        as_of=DAY,
    )
    Identifier.objects.create(**of, kind="former", value="XXOLD1")
    for number in ("1S00ZZ00188", "1S00ZZ00177"):  # a former one and the present one
        Identifier.objects.create(**of, kind="mbi", value=number)
    return member


def page(member: Member) -> str:
    return f"/H0001/members/{member.public_id}/"


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("pharmacist", FOR_CALLERS + COVERED + CLINICAL, []),
        ("auditor", FOR_CALLERS + COVERED + CLINICAL, []),
        ("administrator", FOR_CALLERS + COVERED, CLINICAL),
        ("scheduler", FOR_CALLERS, COVERED + CLINICAL),
    ],
)
def test_the_chart_shows_each_what_they_need(
    role: str, shown: list[str], hidden: list[str], person: Any, signed_in: Any, known: Member
) -> None:
    text = " ".join(signed_in(person(role)).get(page(known)).content.decode().split())
    assert [words for words in shown if words not in text] == []
    assert [words for words in hidden if words in text] == []


def test_no_chart_shows_a_whole_medicare_number(pharmacist: Any, signed_in: Any, known: Member) -> None:
    text = signed_in(pharmacist).get(page(known)).content.decode()
    assert "•••••••0177" in text
    assert "1S00ZZ00177" not in text


@pytest.mark.parametrize(
    ("role", "known_to"),
    [("pharmacist", (True, True)), ("administrator", (True, False)), ("scheduler", (False, False))],
)
def test_the_api_gives_what_the_chart_gives(
    role: str, known_to: tuple[bool, bool], person: Any, signed_in: Any, known: Member
) -> None:
    found = signed_in(person(role)).get(f"/api/v1/plans/H0001/members/{known.public_id}/").json()
    assert [wish["wish"] for wish in found["preferences"]] == ["never"]
    assert [who["scope"] for who in found["representatives"]] == ["may be told about the review"]
    clinical = [found[name] is not None for name in ("periods", "at_risk", "numbers")]
    assert (found["coverage"] is not None, clinical) == (known_to[0], [known_to[1]] * 3)
    if all(known_to):
        whole = {"what": "H0001 002", "first_on": "2026-01-01", "last_on": None, "note": ""}
        assert found["coverage"] == [whole]
        assert [number["what"] for number in found["numbers"]] == [
            "Former number ••OLD1",
            "Medicare number •••••••0188",
        ]


def test_a_former_number_finds_the_member(scheduler: Any, signed_in: Any, known: Member) -> None:
    client = signed_in(scheduler)
    client.post("/H0001/members/", {"q": "xxold1"})
    assert "Pearl Maple" in client.get("/H0001/members/").content.decode()


def test_the_chart_of_a_merged_row_leads_to_the_member_and_its_reviews_are_there(
    plan: Any, pharmacist: Any, signed_in: Any, known: Member
) -> None:
    gone = make_member(plan, "M8")
    making.enrolled(gone, pharmacist)
    cmr.start(member=gone, on=DAY, by=pharmacist)
    assert merge(current=known, former=gone, by=pharmacist) == known
    client = signed_in(pharmacist)
    answer = client.get(page(gone))
    assert (answer.status_code, answer["Location"]) == (302, page(known))
    assert [review.member_id for review in client.get(page(known)).context["reviews"]] == [gone.pk]
