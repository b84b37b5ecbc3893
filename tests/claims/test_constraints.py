"""Each promise about claims and drugs also holds against raw SQL (T68), in a plan's own partition as in the rest."""

from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.models import Plan
from tests.claims.loading import load_text
from tests.conftest import make_member

GOOD = {
    **{"claim_id": "'C1'", "filled_on": "'2026-01-05'", "ndc": "'00093005801'", "quantity": "30", "days_supply": "30"},
    **{"cost": "11.15", "fill_number": "0"},
}
VERSION = {"action": "0", "content": "gen_random_uuid()"}
# By the check that must refuse it: columns of a fill, and of a version of one.
FILLS: dict[str, list[dict[str, str]]] = {
    "claim_id_check": [{"claim_id": "''"}],
    "ndc_check": [{"ndc": f"'{ndc}'"} for ndc in ("", "0009300580", "-0093005801")],
    "quantity_check": [{"quantity": "-0.001"}],
    # The table of before still had the name when this one was made.
    "days_supply_check1": [{"days_supply": "-1"}],
    "cost_check": [{"cost": "-0.01"}, {"cost": "'NaN'"}],
    "coverage_check": [{"coverage": "'X'"}],
    "dispensing_check": [{"dispensing": "'X'"}],
    "fill_number_check": [{"fill_number": "-1"}],
}
NOT_DIGITS = ("0009300580A", "A0093005801", "00093-05801", "00093 05801", "0093005801.", "1e093005801", "٠٠٠٩٣٠٠٥٨٠١")
ALSO_NO_NDC = (*NOT_DIGITS, " 0093005801", "0093005801 ", "+0093005801", "0x930058011", "0009300_801", "0009300580")
VERSIONS: dict[str, list[dict[str, str]]] = {name.rstrip("1"): columns for name, columns in FILLS.items()} | {
    "ndc_check": [{"ndc": f"'{ndc}'"} for ndc in ALSO_NO_NDC],
    "quantity_check": [{"quantity": "-0.001"}, {"quantity": "'NaN'"}],
    "action_check": [{"action": "-1"}],
}
KEPT = [
    {},
    {"quantity": "NULL", "days_supply": "NULL"},
    {"quantity": "0", "days_supply": "0", "cost": "0"},
    {"quantity": "9999999.999", "cost": "9999999999.99", "ndc": "'99999999999'"},
    {"ndc": "'00000000001'", "claim_id": "' '"},
]
DIAGNOSIS = (
    "INSERT INTO claims_diagnosis (plan_id, member_id, claim_id, diagnosed_on, system, code, inpatient)"
    " VALUES ({plan}, {member}, %s, '2026-01-05', %s, 'I10', false)"
)
PRODUCT = "INSERT INTO claims_drugproduct (ndc, label, source) VALUES (%s, 'x', 'test')"


def insert(table: str, plan: Plan, member: int, columns: dict[str, str]) -> str:
    given = {"plan_id": str(plan.pk), "member_id": str(member), **GOOD, **columns}
    return f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join(given.values())})"


def refused_by(statement: str, *values: Any) -> str:
    """The constraint that refuses it, or what else does."""
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(Error) as refused:
            cursor.execute(statement, values or None)
        transaction.set_rollback(True)
    problem: Any = refused.value.__cause__
    return str(problem.diag.constraint_name or problem.diag.message_primary)


def checks_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'c'", [table])
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture(params=["in the rest", "in its own partition"])
def member(plan: Plan, tmp_path: Path, request: pytest.FixtureRequest) -> int:
    """A member of a plan whose fills lie in the partition of that kind."""
    made = make_member(plan, "M1")
    if request.param == "in its own partition":
        fill = "member_number,claim_id,filled_on,ndc,cost\nM1,X,2026-01-05,00093005801,1.00"
        load_text(plan, "csv", tmp_path, {"fills.csv": fill})
        assert checks_of(f"claims_fill_{plan.pk}") == checks_of("claims_fill")
    return made.pk


@pytest.mark.parametrize("check", FILLS)
def test_a_fill_that_cannot_be_is_refused(plan: Plan, member: int, check: str) -> None:
    for columns in FILLS[check]:
        assert refused_by(insert("claims_fill", plan, member, columns)) == f"claims_fill_{check}", columns


@pytest.mark.parametrize("ndc", NOT_DIGITS)
def test_a_code_that_is_no_number_is_refused_with_its_fill(plan: Plan, member: int, ndc: str) -> None:
    """By its being read as a number, which is an error before the check can be named; a pattern costs several times as much."""
    found = refused_by(insert("claims_fill", plan, member, {"ndc": f"'{ndc}'"}))
    assert found.startswith(("invalid input syntax for type bigint", "claims_fill_ndc_check"))


@pytest.mark.parametrize("columns", KEPT)
def test_a_fill_at_the_edge_of_what_can_be_is_kept(plan: Plan, member: int, columns: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(insert("claims_fill", plan, member, columns))
        cursor.execute(insert("claims_fillversion", plan, member, columns | VERSION))
        assert cursor.rowcount == 1


@pytest.mark.parametrize("check", VERSIONS)
def test_a_version_that_cannot_be_is_refused(plan: Plan, check: str) -> None:
    member = make_member(plan, "M1").pk
    for columns in VERSIONS[check]:
        found = refused_by(insert("claims_fillversion", plan, member, VERSION | columns))
        assert found == f"claims_fillversion_{check}", columns


def test_only_a_deletion_may_be_bare(plan: Plan) -> None:
    bare = {"filled_on": "NULL", "ndc": "NULL", "cost": "NULL"} | VERSION
    member = make_member(plan, "M1").pk
    assert refused_by(insert("claims_fillversion", plan, member, bare)) == "only_a_deletion_may_be_bare"
    with connection.cursor() as cursor:
        cursor.execute(insert("claims_fillversion", plan, member, bare | {"action": "2"}))


@pytest.mark.parametrize("table", ["claims_fill", "claims_fillversion"])
@pytest.mark.parametrize("column", ["cost", "quantity"])
def test_no_amount_is_infinite(plan: Plan, table: str, column: str) -> None:
    columns = (VERSION if table == "claims_fillversion" else {}) | {column: "'Infinity'"}
    assert refused_by(insert(table, plan, make_member(plan, "M1").pk, columns)) == "numeric field overflow"


def test_every_check_is_tried(db: None) -> None:
    assert checks_of("claims_fill") == {f"claims_fill_{check}" for check in FILLS}
    tried = {f"claims_fillversion_{check}" for check in VERSIONS} | {"only_a_deletion_may_be_bare"}
    assert checks_of("claims_fillversion") == tried


def test_a_diagnosis_is_of_a_claim(plan: Plan, member: int) -> None:
    statement = DIAGNOSIS.format(plan=plan.pk, member=member)
    assert refused_by(statement, "", "10") == "claims_diagnosis_claim_id_check"
    assert refused_by(statement, "C1", "11") == "claims_diagnosis_system_check"
    with connection.cursor() as cursor:
        cursor.execute(statement, ["C1", "10"])


@pytest.mark.parametrize("ndc", ["", "0009300580", "0009300580A", "00093-05801"])
def test_a_product_has_an_ndc_of_eleven_digits(db: None, ndc: str) -> None:
    assert refused_by(PRODUCT, ndc) == "product_of_an_11_digit_ndc"


def test_what_a_directory_said_of_an_ndc_is_never_deleted(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRODUCT, ["99998000101"])
        cursor.execute(
            "INSERT INTO claims_druglisting (product_id, source, first_seen_on, last_seen_on)"
            " SELECT id, 'test', '2026-01-01', '2026-01-01' FROM claims_drugproduct WHERE ndc = '99998000101'"
        )
        cursor.execute("UPDATE claims_druglisting SET last_seen_on = '2026-02-01' WHERE source = 'test'")
        assert cursor.rowcount == 1
    for table in ("claims_druglisting", "claims_drugproduct"):
        assert "never changed or removed" in refused_by(f"DELETE FROM {table}")
