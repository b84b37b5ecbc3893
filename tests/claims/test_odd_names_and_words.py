"""Words and names that no database holds, and values that are none: one sentence, exit code 2, nothing kept."""

import gzip
import json
import os
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Plan
from claims.ingest.load import carry_out, request
from claims.ingest.problems import FileProblem
from claims.models import Fill, Load, LoadFile
from members.models import CoverageSpan, Member
from tests.claims.loading import load, load_text, write
from tests.claims.test_feed_fhir import cms
from tests.conftest import TODAY, make_member

FILLS = "member_number,claim_id,filled_on,ndc,cost\nM1,C1,2026-01-05,00093005801,10.00\n"
MEMBERS = "member_number,last_name\nM1,Maple\n"


def told_by_the_command(capsys: pytest.CaptureFixture[str], *paths: Path | str, **options: Any) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("load", *paths, **{"plan": "H0001", "format": "csv", "stdout": StringIO()} | options)
    assert ended.value.code == 2
    assert not LoadFile.objects.exists()
    assert not Load.objects.exclude(status="refused").exists()
    return capsys.readouterr().err


def odd_file(folder: Path, name: bytes, text: str) -> None:
    with open(os.fsencode(folder) + b"/" + name, "w") as file:
        file.write(text)


def test_a_file_whose_name_is_not_utf8_is_refused_by_it(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd_file(tmp_path, b"\xff_members.csv", MEMBERS)
    assert "\ufffd_members.csv: the name of this file is not UTF-8; rename it" in told_by_the_command(capsys, tmp_path)
    assert "not UTF-8; rename it" in Load.objects.get().problem


def test_a_file_that_is_not_loaded_may_be_called_anything(plan: Plan, tmp_path: Path) -> None:
    odd_file(tmp_path, b"\xff_notes.doc", "x")
    load_text(plan, "csv", tmp_path, {"members.csv": MEMBERS})
    assert (Member.objects.count(), Load.objects.get().ignored) == (1, ["\ufffd_notes.doc"])


def test_a_folder_of_none_but_odd_names_is_refused(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd_file(tmp_path, b"\xff_notes.doc", "x")
    assert "\ufffd_notes.doc: no file here has a name of the csv format" in told_by_the_command(capsys, tmp_path)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("a\0b", "a resource that is not used (ab)"), ("\ud800x", "a resource that is not used (?x)")],
)
def test_a_resource_of_a_name_that_no_database_holds_is_rejected(
    plan: Plan, tmp_path: Path, kind: str, reason: str
) -> None:
    (tmp_path / "r.ndjson").write_text(json.dumps({"resourceType": kind}) + "\n")
    [file] = load(plan, "fhir", tmp_path).values()
    assert (file.received, file.rejected_by_reason, file.rejected_rows.get().reason) == (1, {reason: 1}, reason)


@pytest.mark.parametrize("year", ["²²²²", "٢٠٢٦", "0000", "20", "x"])
def test_a_year_of_coverage_that_is_none_is_rejected(plan: Plan, tmp_path: Path, year: str) -> None:
    make_member(plan, "M1")
    told = [cms("rfrnc_yr", valueDate=f"{year}-01-01"), cms("ptdcntrct01", valueCoding={"code": "H0001"})]
    coverage = {"resourceType": "Coverage", "beneficiary": {"reference": "Patient/M1"}, "extension": told}
    (tmp_path / "r.ndjson").write_text(json.dumps(coverage) + "\n")
    [file] = load(plan, "fhir", tmp_path).values()
    assert (file.received, file.rejected, CoverageSpan.objects.count()) == (1, 1, 0)


MAPPING = """
files:
  - file: "members*.csv"
    rows:
      - kind: members
        columns: {member_number: member_number, as_of: %s}
"""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{text: 2026-02-30}", "line 6, column 63: it is not valid YAML (a value that looks like a day or a number"),
        ('{text: !!timestamp "x"}', "looks like a day or a number"),
        ('{text: !!int "x"}', "looks like a day or a number"),
        (f"{{text: 0x{'f' * 9000}}}", "a number that is too long"),
        ('{text: "a\\0b"}', "a character that is none"),
        ('{text: "\\uD800"}', "line 6, column 63: it is not valid YAML (a character that is none"),
    ],
)
def test_a_value_of_a_mapping_that_is_none_is_told_with_its_place(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str, words: str
) -> None:
    write(tmp_path, {"members.csv": MEMBERS})
    (tmp_path / "mapping.yaml").write_text(MAPPING % value)
    told = told_by_the_command(capsys, tmp_path)
    assert words in told
    assert told.startswith("the mapping, line 6")


def test_a_mapping_with_a_nul_byte_or_without_a_file_is_refused(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"members.csv": MEMBERS})
    (tmp_path / "mapping.yaml").write_text("files: \0")
    assert "mapping.yaml: there is a NUL byte in the mapping" in told_by_the_command(capsys, tmp_path)
    for named in ("no/where.yaml", os.fsdecode(b"\xff")):
        assert "there is no such file" in told_by_the_command(capsys, tmp_path, mapping=named)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_two_files_of_one_name_is_refused(plan: Plan, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for claim in ("C1", "C2"):
            archive.writestr("a/fills.csv", FILLS.replace("C1", claim))
    with pytest.raises(FileProblem, match=r"all.zip: the archive holds 2 files of the name a/fills.csv; pack it again"):
        carry_out(request(plan=plan, feed="csv", as_of=TODAY, by=None), [tmp_path / "all.zip"])


def test_files_of_one_name_in_two_folders_of_an_archive_are_both_read(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for claim in ("C1", "C2"):
            archive.writestr(f"{claim}/fills.csv", FILLS.replace("C1", claim))
    carry_out(request(plan=plan, feed="csv", as_of=TODAY, by=None), [tmp_path / "all.zip"])
    assert Fill.objects.count() == 2


def test_an_archive_whose_names_are_damaged_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é_fills.csv", FILLS)
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))
    with pytest.raises(FileProblem, match="the archive holds a file whose name is not UTF-8"):
        carry_out(request(plan=plan, feed="csv", as_of=TODAY, by=None), [path])


def test_a_gz_file_in_an_archive_is_read_as_what_it_is(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("fills.csv.gz", gzip.compress(FILLS.encode()))
    done = carry_out(request(plan=plan, feed="csv", as_of=TODAY, by=None), [tmp_path / "all.zip"])
    assert (Fill.objects.count(), done.files.get().name) == (1, "fills.csv.gz")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FILLS.encode(), "the compressed file is cut off or damaged"),
        (gzip.compress(FILLS.encode() * 99)[:-9], "the compressed file is cut off or damaged"),
        (gzip.compress(b"0" * 100 * 1024 * 1024), "it unpacks to more than"),
    ],
)
def test_a_gz_file_in_an_archive_is_refused_as_any(plan: Plan, tmp_path: Path, content: bytes, words: str) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fills.csv.gz", content)
    with pytest.raises(FileProblem, match=f"fills.csv.gz: {words}"):
        carry_out(request(plan=plan, feed="csv", as_of=TODAY, by=None), [tmp_path / "all.zip"])
