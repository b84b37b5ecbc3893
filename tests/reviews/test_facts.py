"""What the sweep reads from the database, and what it says it cannot know."""

from datetime import date

import pytest

from accounts.models import Plan, User
from claims.ingest.layout import HOSPICE, does_not_give
from claims.models import Diagnosis, LoadFile
from members.models import Member, MemberSpan, Prescriber
from reviews import sweep
from reviews.facts import available_feeds, facts_of, value_sets
from reviews.models import Alert
from reviews.rules import Feed
from tests.making import enrolled, fill

DAY = date(2026, 11, 20)


def members_file(plan: Plan, *notes: str) -> None:
    LoadFile.objects.create(
        plan=plan, feed="rif", kind="members", name="b", sha256="", received=0, accepted=0, duplicate=0, rejected=0,
        notes=list(notes),
    )  # fmt: skip


def test_facts_hold_fills_conditions_and_hospice_of_enrolled_members_only(member: Member, pharmacist: User) -> None:
    enrolled(member, pharmacist)
    fill(member, "oxycodone", date(2026, 11, 1))
    fill(member, "oxycodone", date(2024, 11, 1))  # too old
    fill(member, "oxycodone", date(2026, 11, 21))  # after the day
    for day in (date(2026, 2, 1), date(2026, 3, 1)):
        Diagnosis.objects.create(
            plan=member.plan, member=member, claim_id=f"c{day}", diagnosed_on=day, system="10", code="E119",
            inpatient=False,
        )  # fmt: skip
    MemberSpan.objects.create(
        plan=member.plan, member=member, kind="hospice", period=(date(2026, 5, 1), date(2026, 6, 1))
    )
    [(found, facts)] = facts_of(member.plan, 0, 2**62, DAY)
    assert found == member.pk
    assert [(f.filled_on, f.ingredients) for f in facts.fills] == [(date(2026, 11, 1), ("oxycodone",))]
    assert "DIABETES" in {d.condition for d in facts.diagnoses}
    assert facts.hospice == ((date(2026, 5, 1), date(2026, 5, 31)),)


def test_who_is_not_enrolled_is_not_read(member: Member) -> None:
    fill(member, "oxycodone", date(2026, 11, 1))
    assert list(facts_of(member.plan, 0, 2**62, DAY)) == []


@pytest.mark.parametrize(("notes", "known"), [([], True), ([does_not_give(HOSPICE)], False)])
def test_hospice_is_unknown_where_the_enrollment_files_do_not_give_it(
    plan: Plan, notes: list[str], known: bool
) -> None:
    members_file(plan, *notes)
    assert (Feed.HOSPICE in available_feeds(plan)) is known


def test_a_rule_whose_feed_is_missing_is_not_computable_and_the_run_says_so(member: Member, pharmacist: User) -> None:
    enrolled(member, pharmacist)
    fill(member, "oxycodone", date(2026, 11, 1))
    members_file(member.plan, does_not_give(HOSPICE))
    run = sweep.start(plan=member.plan, as_of=DAY, by=None)
    assert "opioid-benzodiazepine" not in run.rules
    assert Feed.HOSPICE.value in run.not_computable["opioid-benzodiazepine"]


def test_alerts_name_the_prescriber_and_keep_the_number_as_evidence(member: Member, pharmacist: User) -> None:
    enrolled(member, pharmacist)
    Prescriber.objects.create(npi="1999999001", name="Dr. Alder")
    Diagnosis.objects.create(
        plan=member.plan, member=member, claim_id="c", diagnosed_on=DAY, system="10", code="Z000", inpatient=False
    )
    for ingredient in ("oxycodone", "alprazolam"):
        for month in (9, 10, 11):
            fill(member, ingredient, date(2026, month, 1))
    run = sweep.start(plan=member.plan, as_of=DAY, by=None)
    sweep.run_shard(run.shards.get().pk)
    alert = Alert.objects.get(rule="opioid-benzodiazepine")
    assert "Dr. Alder" in alert.prescriber_text
    assert "1999999001" not in alert.prescriber_text
    assert {fill["prescriber"] for fill in alert.evidence["fills"]} == {"1999999001"}


def test_value_sets_are_those_of_the_shipped_tables(db: None) -> None:
    assert "oxycodone" in value_sets()["S_OPIOID"]
