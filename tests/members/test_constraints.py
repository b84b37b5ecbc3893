"""Each promise about members also holds against raw SQL (T68); every constraint of the tables is tried."""

from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from accounts.models import Plan
from members.models import Member
from tests.conftest import make_member

MEMBER = (
    "INSERT INTO members_member (plan_id, source_id, mbi, first_name, last_name, sex, address, city, state, postal_code, phone,"
    " time_zone, format) VALUES ({plan}, '{number}', '', '', '', '{sex}', '', '', '', '', '', '', '{format}')"
)
FINE = {"number": "M9", "sex": "", "format": ""}
IDENTIFIER = "INSERT INTO members_identifier (plan_id, member_id, kind, value) VALUES ({plan}, {member}, '%s', '%s')"
ENTRY = (
    "INSERT INTO members_spanentry (plan_id, member_id, kind, value, starts_on, ends_on, action, as_of)"
    " VALUES ({plan}, {member}, '%s', '', '2026-01-01', %s, '%s', '2026-01-01')"
)
COVERAGE = "INSERT INTO members_coveragespan (plan_id, member_id, period) VALUES ({plan}, {member}, '%s')"
SPAN = "INSERT INTO members_memberspan (plan_id, member_id, kind, level, period) VALUES ({plan}, {member}, '%s', '%s', '%s')"
SPELL = (
    "INSERT INTO members_atriskspell (plan_id, member_id, status, limitation, period)"
    " VALUES ({plan}, {member}, '%s', '%s', '%s')"
)
CONTACT = (
    "INSERT INTO members_contactpoint (plan_id, member_id, kind, value, city, state, postal_code, source, as_of)"
    " VALUES ({plan}, {member}, '%s', '%s', '', '', '', 'x', '2026-01-01')"
)
DATED = "UPDATE members_identifier SET starts_on = '%s', ends_on = '%s' WHERE member_id = {member}"
PACKAGE = (
    "INSERT INTO members_coveragespan (plan_id, member_id, contract, pbp, period)"
    " VALUES ({plan}, {member}, '%s', '%s', '[2026-01-01,)')"
)
BOUND_SPELL = (
    "INSERT INTO members_atriskspell (plan_id, member_id, status, period, planned_end_on, extended_to, ended_on)"
    " VALUES ({plan}, {member}, 'at_risk', '[2026-02-01,2026-03-01)', %s, %s, %s)"
)
WISH = (
    "INSERT INTO members_contactpreference (plan_id, member_id, channel, wish, starts_on, ends_on, source, as_of)"
    " VALUES ({plan}, {member}, '%s', '%s', '2026-01-01', %s, 'x', '2026-01-01')"
)
PERSON = (
    "INSERT INTO members_representative (plan_id, member_id, name, relationship, may_be_told, may_be_sent, may_decide, phone,"
    " address, city, state, postal_code, starts_on, ends_on, as_of)"
    " VALUES ({plan}, {member}, '%s', '', %s, false, false, '', '', '', '', '', '2026-01-01', %s, '2026-01-01')"
)
MERGE = (
    "INSERT INTO members_membermerge (plan_id, member_id, number, identifiers, merged_at)"
    " VALUES ({plan}, {member}, '%s', '[]', now())"
)
PROVIDER = "INSERT INTO members_%s (npi, name, phone%s) VALUES ('%s', '', ''%s)"

# By constraint: statements, the last of which must be refused.
REFUSED: dict[str, list[str]] = {
    "member_once_per_plan": [MEMBER.format(plan="{plan}", **FINE | {"number": "M1"})],
    "member_has_a_number": [MEMBER.format(plan="{plan}", **FINE | {"number": ""})],
    "member_sex_is_known_or_not_given": [MEMBER.format(plan="{plan}", **FINE | {"sex": "X"})],
    "member_format_is_one_of_ours": [MEMBER.format(plan="{plan}", **FINE | {"format": "morse"})],
    "member_is_born_before_they_die": [
        "UPDATE members_member SET birth_date = '1950-05-17', death_date = '1950-05-16' WHERE id = {member}"
    ],
    "member_is_not_merged_into_itself": ["UPDATE members_member SET merged_into_id = id WHERE id = {member}"],
    "identifier_leads_to_one_member": [IDENTIFIER % ("other", "M2")],
    "identifier_once_per_member": [IDENTIFIER % ("other", "M1")],
    "identifier_is_not_empty": [IDENTIFIER % ("other", "")],
    "identifier_kind_is_one_of_ours": [IDENTIFIER % ("passport", "X")],
    "medicare_number_is_in_capitals": [IDENTIFIER % ("mbi", "1s00zz00100")],
    "identifier_starts_before_it_ends": [DATED % ("2026-01-02", "2026-01-01")],
    "number_is_merged_once": [MERGE % "X", MERGE % "X"],
    "span_entry_once_per_start": [
        ENTRY % ("esrd", "NULL", ""),
        ENTRY % ("esrd", "'2026-01-31'", "gap"),
        ENTRY % ("esrd", "NULL", "delete"),
    ],
    "span_entry_kind_is_one_of_ours": [ENTRY % ("dialysis", "NULL", "")],
    "span_entry_action_is_one_of_ours": [ENTRY % ("esrd", "NULL", "stop")],
    "span_entry_starts_before_it_ends": [ENTRY % ("esrd", "'2025-12-31'", "")],
    "coveragespans_of_a_member_do_not_overlap": [COVERAGE % "[2026-01-01,)", COVERAGE % "[2027-01-01,2027-02-01)"],
    "coveragespan_has_days": [COVERAGE % "empty"],
    "coveragespan_of_a_package_has_a_contract": [PACKAGE % ("", "001")],
    "spans_of_a_kind_of_a_member_do_not_overlap": [
        SPAN % ("hospice", "", "[2026-01-01,)"),
        SPAN % ("esrd", "", "[2026-01-01,)"),
        SPAN % ("hospice", "", "[2027-01-01,)"),
    ],
    "memberspan_has_days": [SPAN % ("hospice", "", "empty")],
    "memberspan_kind_is_one_of_ours": [SPAN % ("dialysis", "", "[2026-01-01,)")],
    "only_a_low_income_span_has_a_level": [SPAN % ("hospice", "1", "[2026-01-01,)")],
    "atriskspells_of_a_limitation_do_not_overlap": [
        SPELL % ("at_risk", "pharmacy", "[2026-01-01,2027-01-01)"),
        SPELL % ("at_risk", "prescriber", "[2026-02-01,2027-01-01)"),
        SPELL % ("potential", "pharmacy", "[2026-02-01,2027-01-01)"),
    ],
    "atriskspell_once_per_start": [
        "SET CONSTRAINTS atriskspells_of_a_limitation_do_not_overlap DEFERRED",
        SPELL % ("at_risk", "pharmacy", "[2026-01-01,2027-01-01)"),
        SPELL % ("at_risk", "pharmacy", "[2026-01-01,2026-02-01)"),
    ],
    "atriskspell_has_an_effective_date": [SPELL % ("at_risk", "pharmacy", "(,2027-01-01)")],
    "atriskspell_ends_after_it_starts": [BOUND_SPELL % ("'2026-01-31'", "NULL", "NULL")],
    "atriskspell_is_planned_for_a_year_at_most": [BOUND_SPELL % ("'2027-02-02'", "NULL", "NULL")],
    "atriskspell_is_extended_to_two_years_at_most": [BOUND_SPELL % ("NULL", "'2028-02-02'", "NULL")],
    "atriskspell_status_is_one_of_ours": [SPELL % ("maybe", "pharmacy", "[2026-01-01,)")],
    "atriskspell_limitation_is_one_of_ours": [SPELL % ("at_risk", "doctor", "[2026-01-01,)")],
    "contact_point_once_per_member": [CONTACT % ("phone", "1"), CONTACT % ("phone", "1")],
    "contact_point_kind_is_one_of_ours": [CONTACT % ("pager", "1")],
    "contact_point_is_not_empty": [CONTACT % ("phone", "")],
    "contact_preference_once_per_channel_and_start": [
        WISH % ("phone", "never", "NULL"),
        WISH % ("phone", "allowed", "NULL"),
    ],
    "contact_preference_channel_is_one_of_ours": [WISH % ("pigeon", "never", "NULL")],
    "contact_preference_wish_is_one_of_ours": [WISH % ("phone", "maybe", "NULL")],
    "contact_preference_starts_before_it_ends": [WISH % ("phone", "never", "'2025-12-31'")],
    "representative_once_per_start": [PERSON % ("Fern", "true", "NULL"), PERSON % ("Fern", "true", "NULL")],
    "representative_has_a_name": [PERSON % ("", "true", "NULL")],
    "representative_may_something": [PERSON % ("Fern", "false", "NULL")],
    "representative_starts_before_it_ends": [PERSON % ("Fern", "true", "'2025-12-31'")],
    "prescriber_npi_has_ten_digits": [PROVIDER % ("prescriber", ", fax", "123", ", ''")],
    "pharmacy_npi_has_ten_digits": [PROVIDER % ("pharmacy", "", "123", "")],
}
# What is just inside of a bound is kept.
KEPT = {
    "one day": "UPDATE members_member SET birth_date = '1950-05-17', death_date = '1950-05-17' WHERE id = {member}",
    "born": "UPDATE members_member SET birth_date = '1950-05-17' WHERE id = {member}",
    "a number of one day": DATED % ("2026-01-01", "2026-01-01"),
    "a package": PACKAGE % ("H0001", "001"),
    "a contract": PACKAGE % ("H0001", ""),
    "neither": PACKAGE % ("", ""),
    "as long as there may be": BOUND_SPELL % ("'2027-02-01'", "'2028-02-01'", "'2026-02-01'"),
}
# Rows of one plan for a member of another.
ELSEWHERE = {
    "identifier": IDENTIFIER % ("other", "X"),
    "merge": MERGE % "X",
    "span_entry": ENTRY % ("esrd", "NULL", ""),
    "coverage": COVERAGE % "[2026-01-01,)",
    "span": SPAN % ("hospice", "", "[2026-01-01,)"),
    "at_risk_spell": SPELL % ("at_risk", "", "[2026-01-01,2027-01-01)"),
    "contact_point": CONTACT % ("phone", "1"),
    "contact_preference": WISH % ("phone", "never", "NULL"),
    "representative": PERSON % ("Fern", "true", "NULL"),
}


def refused_by(statements: list[str], **values: Any) -> str:
    """The constraint that refuses the last of the statements."""
    *before, last = (statement.format(**values) for statement in statements)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        with pytest.raises(Error) as refused:
            cursor.execute(f"{last}; SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg2.Error)
    return str(cause.diag.constraint_name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_promised_is_refused_to_raw_sql(plan: Plan, name: str) -> None:
    one, _ = make_member(plan, "M1"), make_member(plan, "M2")
    assert refused_by(REFUSED[name], plan=plan.pk, member=one.pk) == name


@pytest.mark.parametrize("spell", ["'2026-01-31', NULL, NULL", "NULL, '2026-01-31', NULL", "NULL, NULL, '2026-01-31'"])
def test_no_last_day_of_a_spell_is_before_its_first(plan: Plan, spell: str) -> None:
    statement = BOUND_SPELL.replace("%s, %s, %s", spell)
    member = make_member(plan, "M1")
    assert refused_by([statement], plan=plan.pk, member=member.pk) == "atriskspell_ends_after_it_starts"


@pytest.mark.parametrize("name", KEPT)
def test_what_is_just_inside_of_a_bound_is_kept_from_raw_sql(plan: Plan, name: str) -> None:
    member = make_member(plan, "M1")
    with connection.cursor() as cursor:
        cursor.execute(KEPT[name].format(plan=plan.pk, member=member.pk))
        assert cursor.rowcount == 1


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_row_of_one_plan_is_never_of_a_member_of_another(plan: Plan, other_plan: Plan, name: str) -> None:
    member = make_member(plan, "M1")
    assert refused_by([ELSEWHERE[name]], plan=other_plan.pk, member=member.pk) == f"{name}_is_of_a_member_of_the_plan"


def test_every_constraint_is_tried() -> None:
    models = apps.get_app_config("members").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    # It cannot be broken by itself: the primary key holds it.
    assert declared - {"member_of_plan"} == set(REFUSED)


def test_every_member_is_known_by_their_own_number_however_the_row_came(plan: Plan) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MEMBER.format(plan=plan.pk, **FINE))
    assert list(Member.objects.get().identifiers.values_list("kind", "value")) == [("number", "M9")]


def test_a_member_cannot_take_a_number_that_leads_to_another(plan: Plan) -> None:
    member = make_member(plan, "M1")
    with connection.cursor() as cursor:
        cursor.execute((IDENTIFIER % ("former", "M9")).format(plan=plan.pk, member=member.pk))
    taken = MEMBER.format(plan="{plan}", **FINE)
    assert refused_by([taken], plan=plan.pk, member=member.pk) == "identifier_leads_to_one_member"
