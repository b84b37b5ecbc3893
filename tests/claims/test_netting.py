"""Versions of claims: whatever the order, the split and the repetition of files, the same fills count in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Plan
from claims.ingest.fills import judged
from claims.ingest.known_members import KnownMembers
from claims.ingest.layout import Kind, frame
from claims.ingest.load import carry_out, request, totals
from claims.models import Fill, FillVersion, Load
from members.models import Member
from tests.conftest import TODAY, make_member

COLUMNS = (
    *("DML_IND", "PDE_ID", "CLM_GRP_ID", "FINAL_ACTION", "BENE_ID", "SRVC_DT", "PD_DT", "SRVC_PRVDR_ID", "PRSCRBR_ID"),
    *("RX_SRVC_RFRNC_NUM", "PROD_SRVC_ID", "CMPND_CD", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM", "FILL_NUM"),
    *("DSPNSNG_STUS_CD", "DRUG_CVRG_STUS_CD", "ADJSTMT_DLTN_CD", "TOT_RX_CST_AMT"),
)
PDE = {
    **dict.fromkeys(COLUMNS, ""),
    **{"DML_IND": "INSERT", "PDE_ID": "1", "CLM_GRP_ID": "1", "FINAL_ACTION": "F", "BENE_ID": "M1"},
    **{"SRVC_DT": "05-Jan-2023", "PD_DT": "10-Jan-2023", "PROD_SRVC_ID": "00093005801", "QTY_DSPNSD_NUM": "30"},
    **{"DAYS_SUPLY_NUM": "30", "FILL_NUM": "0", "DRUG_CVRG_STUS_CD": "C", "TOT_RX_CST_AMT": "12.34"},
}
ORIGINAL: dict[str, str] = {}
ADJUSTED = {"ADJSTMT_DLTN_CD": "A", "PD_DT": "20-Jan-2023", "TOT_RX_CST_AMT": "10.00"}
DELETED = {"ADJSTMT_DLTN_CD": "D", "PD_DT": "25-Jan-2023"}
SENT_AGAIN = {"PD_DT": "30-Jan-2023", "TOT_RX_CST_AMT": "11.00"}
UPDATED = {"DML_IND": "UPDATE", "TOT_RX_CST_AMT": "5.00"}
NO_LONGER_FINAL = {"DML_IND": "update", "FINAL_ACTION": "N"}
TAKEN_BACK = NO_LONGER_FINAL | DELETED | {"PD_DT": "20-Jan-2023"}
NOT_FINAL = {"FINAL_ACTION": "N", "PD_DT": "31-Jan-2023", "TOT_RX_CST_AMT": "99.00"}


def load(plan: Plan, folder: Path, *files: list[dict[str, str]]) -> Load:
    """One load of as many PDE files."""
    paths = []
    for number, records in enumerate(files):
        path = folder / f"{number}-pde.csv"
        lines = ["|".join(COLUMNS), *("|".join((PDE | record).values()) for record in records)]
        path.write_text("\n".join(lines) + "\n")
        paths.append(path)
    return carry_out(request(plan=plan, feed="rif", as_of=TODAY, by=None), paths)


@contextmanager
def undone() -> Iterator[None]:
    """Hypothesis runs many examples in one test: each begins with nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counted(plan: Plan) -> list[tuple[Any, ...]]:
    return sorted(
        Fill.objects.filter(plan=plan).values_list("member__source_id", "claim_id", "filled_on", "cost", "ndc")
    )


def kept(plan: Plan) -> list[tuple[Any, ...]]:
    rows = FillVersion.objects.filter(plan=plan)
    return sorted(rows.values_list("member__source_id", "claim_id", "action", "final", "content"))


@pytest.mark.parametrize(
    ("versions", "cost"),
    [
        ([ORIGINAL, ADJUSTED], "10.00"),
        ([ORIGINAL, DELETED], None),
        ([ORIGINAL, ADJUSTED, DELETED], None),
        ([ORIGINAL, DELETED, SENT_AGAIN], "11.00"),
        ([ORIGINAL, NOT_FINAL], "12.34"),
        ([NOT_FINAL], None),
        # Processed on one day: a deletion is the later, then an adjustment.
        ([ORIGINAL, ADJUSTED | {"PD_DT": "10-Jan-2023"}], "10.00"),
        ([ORIGINAL, DELETED | {"PD_DT": "10-Jan-2023"}], None),
        # An update replaces what was inserted with its processing day, and nothing else.
        ([ORIGINAL, UPDATED], "5.00"),
        ([ORIGINAL, {"DML_IND": "UPDATE"}], "12.34"),
        ([ORIGINAL, UPDATED, ADJUSTED], "10.00"),
        ([ORIGINAL, UPDATED, ADJUSTED | {"PD_DT": "10-Jan-2023"}], "10.00"),
        ([ORIGINAL, UPDATED | {"PD_DT": ""}], "5.00"),
        ([ORIGINAL | {"PD_DT": ""}, UPDATED | {"PD_DT": ""}], "5.00"),
        ([ORIGINAL, ADJUSTED, ADJUSTED | UPDATED], "5.00"),
        ([ORIGINAL, NO_LONGER_FINAL], None),
        ([ORIGINAL, NO_LONGER_FINAL, ADJUSTED], "10.00"),
        ([ORIGINAL, ADJUSTED, ADJUSTED | NO_LONGER_FINAL], "12.34"),
        ([ORIGINAL | {"PD_DT": ""}, NO_LONGER_FINAL | {"PD_DT": ""}], None),
        # It takes back also a deletion, and an update that said otherwise.
        ([ORIGINAL, DELETED, DELETED | NO_LONGER_FINAL], "12.34"),
        ([ORIGINAL, DELETED | {"PD_DT": "20-Jan-2023"}, ADJUSTED, TAKEN_BACK], "10.00"),
        ([ORIGINAL, DELETED, DELETED | {"DML_IND": "UPDATE"}], None),
        ([ORIGINAL, UPDATED, NO_LONGER_FINAL], None),
        ([ORIGINAL, ADJUSTED, ADJUSTED | UPDATED, ADJUSTED | NO_LONGER_FINAL], "12.34"),
    ],
)
def test_the_final_action_counts_in_whatever_order_the_versions_come(
    member: Member, tmp_path: Path, versions: list[dict[str, str]], cost: str | None
) -> None:
    for order in permutations(versions):
        with undone():
            for version in order:
                load(member.plan, tmp_path, [version])
            assert [str(fill.cost) for fill in Fill.objects.all()] == ([cost] if cost else [])
            assert Fill.objects.count() + FillVersion.objects.count() == len(versions)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("correction", "cost"), [(DELETED, None), (ADJUSTED, "10.00")])
def test_a_correction_without_a_processing_day_is_the_last_and_said_to_be_unclear(
    member: Member, tmp_path: Path, correction: dict[str, str], cost: str | None, order: tuple[int, ...]
) -> None:
    versions = [ORIGINAL, correction | {"PD_DT": ""}]
    done = load(member.plan, tmp_path, [versions[number] for number in order])
    assert [str(fill.cost) for fill in Fill.objects.all()] == ([cost] if cost else [])
    [file] = done.files.all()
    assert "unclear versions" in {found["name"] for found in file.findings}


def test_a_reversal_before_its_original_is_held(member: Member, tmp_path: Path) -> None:
    first = load(member.plan, tmp_path, [DELETED])
    assert (totals(first)["accepted"], Fill.objects.count()) == (1, 0)
    [held] = FillVersion.objects.all()
    assert held.action == FillVersion.Action.DELETION
    second = load(member.plan, tmp_path, [ORIGINAL])
    assert (totals(second)["accepted"], Fill.objects.count()) == (1, 0)


def test_a_version_that_comes_again_is_a_duplicate_also_when_it_was_replaced(member: Member, tmp_path: Path) -> None:
    load(member.plan, tmp_path, [ORIGINAL, ADJUSTED])
    again = load(member.plan, tmp_path, [ADJUSTED, ORIGINAL, ORIGINAL])
    assert (totals(again)["accepted"], totals(again)["duplicate"]) == (0, 3)


RECORDS = st.builds(
    lambda claim, member, version: {"CLM_GRP_ID": claim, "BENE_ID": member} | version,
    # Blanks of every kind around a field are none of it, whatever else its file holds.
    st.sampled_from(["1", "2", "3", "1\t", "\u00a02", "\x1c3", "3\u2003"]),
    st.sampled_from(["M1", "M2", "M9", "M1 ", "\u3000M2"]),
    st.sampled_from(
        [
            *(ORIGINAL, ADJUSTED, DELETED, SENT_AGAIN, NOT_FINAL, ADJUSTED | {"TOT_RX_CST_AMT": "9.99"}),
            *(UPDATED, NO_LONGER_FINAL, ADJUSTED | NO_LONGER_FINAL, DELETED | NO_LONGER_FINAL),
        ]
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), records=st.lists(RECORDS, min_size=1, max_size=12))
def test_split_joined_shuffled_and_repeated_files_leave_the_same_state(
    plan: Plan, tmp_path: Path, data: st.DataObject, records: list[dict[str, str]]
) -> None:
    shuffled, again = data.draw(st.permutations(records)), data.draw(st.permutations(records))
    cut = data.draw(st.integers(0, len(records)))
    with undone():
        make_members(plan)
        load(plan, tmp_path, records)
        expected = counted(plan), kept(plan)
    with undone():
        make_members(plan)
        load(plan, tmp_path, shuffled[:cut], shuffled[cut:])
        load(plan, tmp_path, again)
        assert (counted(plan), kept(plan)) == expected


def make_members(plan: Plan) -> None:
    make_member(plan, "M1")
    make_member(plan, "M2")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, min_size=1, max_size=10))
def test_every_record_and_every_cent_is_accounted_for(
    plan: Plan, tmp_path: Path, records: list[dict[str, str]]
) -> None:
    with undone():
        make_members(plan)
        found = totals(load(plan, tmp_path, records))
        assert found["received"] == found["accepted"] + found["duplicate"] + found["rejected"] == len(records)
        assert found["received_cost"] == found["accepted_cost"] + found["duplicate_cost"] + found["rejected_cost"]
        assert found["received_cost"] == sum(Decimal((PDE | record)["TOT_RX_CST_AMT"]) for record in records)


def test_the_cost_is_the_sum_of_its_parts(member: Member) -> None:
    """Ingredient, dispensing fee, sales tax and vaccine administration, in cents and never in binary fractions."""
    parts = {"ingredient_cost": "1777.10", "dispensing_fee": "1777.10", "sales_tax": "1777.10", "vaccine_fee": ""}
    row = {"source_id": "M1", "claim_id": "1", "filled_on": "20230105", "ndc": "00093005801", "cost": "1.00"} | parts
    others = [row | {"sales_tax": "x"}, row | {"sales_tax": "-1.00"}, row | {"action": "delete", "sales_tax": "-1.00"}]
    rows = frame(Kind.FILLS, [row, *others], [1, 2, 3, 4])
    [good, bad, below, deletion] = judged(rows, KnownMembers(member.plan)).iter_rows(named=True)
    assert good["member_id"] == member.pk
    assert (good["cost"], good["reason"]) == (Decimal("5331.30"), None)
    assert bad["reason"] == below["reason"] == "no valid cost"
    # Of what is deleted nothing is counted.
    assert (deletion["reason"], deletion["cost"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "cost"), [(".50", "0.50"), ("0.50", "0.50"), ("-.50", None), (".", None), ("5.", None), ("", None)]
)
def test_an_amount_may_begin_with_its_point(member: Member, text: str, cost: str | None) -> None:
    row = {"source_id": "M1", "claim_id": "1", "filled_on": "20230105", "ndc": "00093005801", "cost": text}
    [found] = judged(frame(Kind.FILLS, [row], [1]), KnownMembers(member.plan)).iter_rows(named=True)
    assert (found["cost"], found["reason"]) == ((Decimal(cost), None) if cost else (found["cost"], "no valid cost"))


def test_a_deletion_that_waits_among_the_plans_without_a_table_of_their_own_is_not_forgotten(
    member: Member, tmp_path: Path
) -> None:
    deletion = {"claim_id": "1", "action": 2, "processed_on": date(2023, 1, 25), "content": uuid4()}
    FillVersion.objects.create(plan=member.plan, member=member, **deletion)
    load(member.plan, tmp_path, [ORIGINAL, {"CLM_GRP_ID": "2"}])
    assert [claim for _, claim, *_ in counted(member.plan)] == ["2"]


@pytest.mark.parametrize("numbers", [[], ["M1"], ["nobody"], ["M1", "", "nobody", "M1"]])
def test_the_member_of_each_number_is_found(member: Member, numbers: list[str]) -> None:
    found = KnownMembers(member.plan).ids_of(pl.Series("source_id", numbers, pl.String))
    assert found.to_list() == [member.pk if number == "M1" else None for number in numbers]


def test_nobody_is_found_in_a_plan_without_members(other_plan: Plan) -> None:
    assert KnownMembers(other_plan).ids_of(pl.Series(["M1"])).to_list() == [None]


def test_claims_of_two_plans_lie_apart(member: Member, other_plan: Plan, tmp_path: Path) -> None:
    make_member(other_plan, "M1")
    load(member.plan, tmp_path, [ORIGINAL])
    load(other_plan, tmp_path, [ORIGINAL, {"CLM_GRP_ID": "2"}])
    assert (Fill.objects.filter(plan=member.plan).count(), Fill.objects.filter(plan=other_plan).count()) == (1, 2)
    assert Fill.objects.get(plan=member.plan).filled_on == date(2023, 1, 5)
