"""What becomes of each record of a file, and files that cannot be loaded at all."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Plan
from claims.ingest.layout import Kind
from claims.ingest.problems import FileProblem
from claims.models import Fill, Load, LoadFile, RejectedRow
from members.models import Member
from tests import races
from tests.claims.loading import load_files
from tests.conftest import make_member

HEADER = "DESYNPUF_ID,PDE_ID,SRVC_DT,PROD_SRVC_ID,QTY_DSPNSD_NUM,DAYS_SUPLY_NUM,PTNT_PAY_AMT,TOT_RX_CST_AMT\n"
GOOD = "M1,1,20230105,00093005801,30,30,0.00,12.34\n"
NAME = "DE1_0_2008_to_2010_Prescription_Drug_Events_Sample.csv"


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def make(content: bytes | str) -> Path:
        (tmp_path / NAME).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("X9,2,20230105,00093005801,30,30,0.00,12.34", "unknown member"),
        ("M1,2,20230231,00093005801,30,30,0.00,12.34", "no valid fill date"),
        ("M1,2,,00093005801,30,30,0.00,12.34", "no valid fill date"),
        ("M1,2,now,00093005801,30,30,0.00,12.34", "no valid fill date"),
        ("M1,2,20230105,ABC,30,30,0.00,12.34", "no valid NDC"),
        ("M1,2,20230105,000930058012,30,30,0.00,12.34", "no valid NDC"),
        ("M1,2,20230105,00093005801,x,30,0.00,12.34", "no valid quantity"),
        ("M1,2,20230105,00093005801,30,-1,0.00,12.34", "no valid days' supply"),
        ("M1,2,20230105,00093005801,30,30,0.00,-0.01", "no valid cost"),
        ("M1,2,20230105,00093005801,30,30,0.00,1e5", "no valid cost"),
        ("M1,,20230105,00093005801,30,30,0.00,12.34", "no claim number"),
        ("M1," + "2" * 41 + ",20230105,00093005801,30,30,0.00,12.34", "the claim number is too long"),
        ("M1,2,20230105,00093005801,9999999.9999,30,0.00,12.34", "no valid quantity"),
        ("M1,2,20230105,00093005801,30,30.5,0.00,12.34", "no valid days' supply"),
        ("M1,2,20230105,00093005801,30,30,0.00,9999999999.995", "no valid cost"),
    ],
)
def test_a_bad_record_is_rejected_with_its_line_and_reason(
    member: Member, file_of: Callable[..., Path], line: str, reason: str
) -> None:
    [loaded] = load_files(member.plan, "desynpuf", file_of(HEADER + GOOD + line + "\n"))
    assert (loaded.received, loaded.accepted, loaded.duplicate, loaded.rejected) == (2, 1, 0, 1)
    assert loaded.rejected_by_reason == {reason: 1}
    assert RejectedRow.objects.get().line == 3


NAMES = {Kind.MEMBERS: "beneficiary_2023.csv", Kind.DIAGNOSES: "carrier.csv", Kind.FILLS: "pde.csv"}


def records(plan: Plan, kind: Kind, tmp_path: Path, *changed: dict[str, str]) -> LoadFile:
    """A RIF file of the kind: one record a change, all else as the defaults say."""
    lines = ["|".join(RIF), *("|".join((RIF | change).values()) for change in changed)]
    (tmp_path / NAMES[kind]).write_text("\n".join(lines) + "\n")
    [loaded] = load_files(plan, "rif", tmp_path)
    return loaded


RIF = {
    **{"DML_IND": "INSERT", "BENE_ID": "M1", "CLM_ID": "1", "CLM_FROM_DT": "05-Jan-2023", "PRNCPAL_DGNS_CD": "I10"},
    **{"PDE_ID": "1", "SRVC_DT": "05-Jan-2023", "PROD_SRVC_ID": "00093005801", "QTY_DSPNSD_NUM": "30"},
    **{"DAYS_SUPLY_NUM": "30", "TOT_RX_CST_AMT": "12.34", "DRUG_CVRG_STUS_CD": "C", "PRSCRBR_ID": "1999999001"},
    **{"BENE_BIRTH_DT": "05-Jan-1950", "MBI_NUM": "1S00ZZ00100", "STATE_CD": "MA", "RFRNC_YR": "2023"},
    **{"BENE_SEX_IDENT_CD": "1", "ICD_DGNS_VRSN_CD1": "0", "ADJSTMT_DLTN_CD": "", "SRVC_PRVDR_ID": ""},
    **{
        "DEATH_DT": "",
        "BENE_ESRD_IND": "0",
        "BENE_SRNM_NAME": "Maple",
        "BENE_GVN_NAME": "Pearl",
        "BENE_ZIP_CD": "01101",
    },
    **{"PTD_CNTRCT_JAN_ID": "H0001", "FINAL_ACTION": "F"},
}


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        (Kind.MEMBERS, {"DML_IND": "DELETE", "BENE_ID": "M2"}, "deletion of a member"),
        (Kind.MEMBERS, {"BENE_ID": "M2", "BENE_BIRTH_DT": "31-Feb-1950"}, "no valid birth date"),
        (Kind.DIAGNOSES, {"DML_IND": "DELETE"}, "deletion of a claim"),
        (Kind.DIAGNOSES, {"FINAL_ACTION": "N"}, "not the final action of the claim"),
        (Kind.DIAGNOSES, {"CLM_ID": "1" * 41}, "the claim number is too long"),
        (Kind.FILLS, {"PDE_ID": "2", "PRSCRBR_ID": "1" * 21}, "the prescriber number is too long"),
        (Kind.FILLS, {"PDE_ID": "2", "SRVC_PRVDR_ID": "1" * 21}, "the pharmacy number is too long"),
        (Kind.FILLS, {"PDE_ID": "2", "DRUG_CVRG_STUS_CD": "X"}, "no valid coverage status"),
    ],
)
def test_what_a_rif_record_cannot_say_is_rejected_with_its_reason(
    plan: Plan, tmp_path: Path, kind: Kind, change: dict[str, str], reason: str
) -> None:
    """The bad record stands before the good one, which it must not take along."""
    if kind != Kind.MEMBERS:
        make_member(plan, "M1")
    loaded = records(plan, kind, tmp_path, change, {})
    assert (loaded.accepted, loaded.rejected_by_reason) == (1, {reason: 1})


def test_a_cost_in_tenths_of_a_cent_is_the_same_claim_when_it_comes_again(
    member: Member, file_of: Callable[..., Path]
) -> None:
    folder = file_of(HEADER + GOOD.replace("12.34", "12.345"))
    load_files(member.plan, "desynpuf", folder)
    [again] = load_files(member.plan, "desynpuf", folder)
    assert (again.duplicate, again.rejected) == (1, 0)


def test_of_a_very_long_file_name_the_end_is_kept(member: Member, tmp_path: Path) -> None:
    name = NAME.replace("Sample", "S" * 190)
    (tmp_path / name).write_text(HEADER + GOOD)
    [loaded] = load_files(member.plan, "desynpuf", tmp_path)
    assert loaded.name == name[-200:]


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_the_system_refuses_to_open_is_said(
    member: Member, file_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Root may open everything, so the refusal is acted."""

    def refuse(*given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder = file_of(HEADER + GOOD)
    monkeypatch.setattr(Path, "iterdir" if what == "folder" else "open", refuse)
    with pytest.raises(FileProblem, match=r"it cannot be read \(Permission denied\)"):
        load_files(member.plan, "desynpuf", folder)


def test_a_file_without_an_accepted_fill_says_so(member: Member, file_of: Callable[..., Path]) -> None:
    out = StringIO()
    call_command("load", file_of(HEADER + GOOD.replace("M1", "X9")), plan="H0001", format="desynpuf", stdout=out)
    assert "none of its fills is new" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"year": 1999}, "There is no plan year 1999"),
        ({"year": 20260}, "There is no plan year 20260"),
        ({"year": 2027, "as_of": date(2026, 11, 21)}, "2026-11-21 is not a day of 2027"),
    ],
)
def test_a_day_that_cannot_be_determined_is_refused(plan: Plan, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("determine", plan=plan.code, **arguments)
    assert refused.value.returncode == 2


def test_the_same_claim_twice_in_a_file_is_a_duplicate(member: Member, file_of: Callable[..., Path]) -> None:
    [loaded] = load_files(member.plan, "desynpuf", file_of(HEADER + GOOD + GOOD))
    assert (loaded.accepted, loaded.duplicate) == (1, 1)


def test_two_loads_of_one_file_at_once_accept_its_records_once(
    committed: None, plan: Plan, file_of: Callable[..., Path]
) -> None:
    """Slow enough that without a lock both would judge before either keeps."""
    make_member(plan, "M1")
    lines = "".join(f"M1,{number},20230105,00093005801,30,30,0.00,12.34\n" for number in range(3_000))
    folder = file_of(HEADER + lines)

    def accepts(_: int) -> bool:
        [loaded] = load_files(plan, "desynpuf", folder)
        return loaded.accepted == 3_000 and loaded.duplicate == 0

    assert races.run([1], [accepts, accepts]) == [1]
    assert sorted(LoadFile.objects.values_list("accepted", flat=True)) == [0, 3_000]
    assert Fill.objects.count() == 3_000


def test_leading_zeros_of_an_ndc_survive(member: Member, file_of: Callable[..., Path]) -> None:
    load_files(member.plan, "desynpuf", file_of(HEADER + "M1,1,20230105,93005801,30,30,0.00,12.34\n"))
    assert Fill.objects.get().ndc == "00093005801"


UNREADABLE = {
    "an empty file": (b"", "line 1: the file is empty"),
    "a wrong header": (b"A,B\n1,2\n", "line 1, column 1: the header has no DESYNPUF_ID"),
    "a cut-off last line": (HEADER.encode() + GOOD.encode()[:-4], "line 2, column 40: the last line has no line break"),
    "an unclosed quote": ((HEADER + '"M1,1,20230105\n' + GOOD).encode(), "line 2, column 1: a quotation mark"),
    "a NUL byte": (HEADER.encode() + b"M1,\x001,20230105,1,1,1,1,1\n", "line 2, column 4: there is a NUL byte"),
    "UTF-16": ((HEADER + GOOD).encode("utf-16"), "line 1, column 1: the file is UTF-16"),
    "cp1252 names": (
        HEADER.encode() + "Mu\xf1oz".encode("cp1252") + GOOD.encode(),
        "line 2, column 3: byte 0xF1 is not utf-8",
    ),
    "a ragged row": ((HEADER + "M1,1\n").encode(), "line 2, column 3: 2 fields where the header has 8"),
    "a very long field": (HEADER.encode() + b"M" * 200_000 + b"\n", "line 2, column 1: the line is longer"),
    "UTF-16 without a mark": ((HEADER + GOOD).encode("utf-16-le"), "line 1, column 1: the file is UTF-16"),
    "UTF-32": ((HEADER + GOOD).encode("utf-32"), "line 1, column 1: the file is UTF-32"),
    "UTF-32 without a mark": ((HEADER + GOOD).encode("utf-32-be"), "line 1, column 1: the file is UTF-32"),
    "carriage returns only": (
        (HEADER + GOOD).replace("\n", "\r").encode(),
        f"line 1, column {len(HEADER)}: the lines end with a carriage return alone",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_gets_one_sentence_with_its_place_and_leaves_nothing(
    member: Member, file_of: Callable[..., Path], case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = UNREADABLE[case]
    with pytest.raises(SystemExit) as ended:
        call_command("load", file_of(content), plan="H0001", format="desynpuf", stdout=StringIO())
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"{NAME}, {words}" in said
    assert said.count("\n") == 1
    assert not LoadFile.objects.exists()
    assert not Fill.objects.exists()


def test_a_bad_file_keeps_the_good_ones_of_its_load_out(member: Member, file_of: Callable[..., Path]) -> None:
    folder = file_of(HEADER + GOOD)
    (folder / NAME.replace("Sample", "Sample_2")).write_text("broken\n")
    with pytest.raises(SystemExit):
        call_command("load", folder, plan="H0001", format="desynpuf", stdout=StringIO(), stderr=StringIO())
    assert not Fill.objects.exists()
    refused = Load.objects.get()
    assert (refused.status, "Sample_2" in refused.problem) == ("refused", True)


def test_a_byte_order_mark_is_read_over_and_told_of(member: Member, file_of: Callable[..., Path]) -> None:
    [loaded] = load_files(member.plan, "desynpuf", file_of(b"\xef\xbb\xbf" + (HEADER + GOOD).encode()))
    assert loaded.accepted == 1
    assert "byte order mark" in [found["name"] for found in loaded.findings]


def test_a_last_line_without_a_break_loads_when_it_is_meant(member: Member, file_of: Callable[..., Path]) -> None:
    [loaded] = load_files(member.plan, "desynpuf", file_of((HEADER + GOOD).rstrip("\n")), unended=True)
    assert loaded.accepted == 1


@pytest.mark.parametrize("change", ["renamed", "gz", "zip"])
def test_the_same_content_is_known_whatever_it_comes_in(
    member: Member, file_of: Callable[..., Path], tmp_path: Path, change: str
) -> None:
    folder = file_of(HEADER + GOOD + GOOD.replace("M1,1", "X9,2"))
    load_files(member.plan, "desynpuf", folder)
    other = tmp_path / "other"
    other.mkdir()
    name = NAME.replace("Sample", "Renamed")
    if change == "zip":
        with zipfile.ZipFile(other / "all.zip", "w") as archive:
            archive.write(folder / NAME, f"folder/{name}")
    else:
        content = (folder / NAME).read_bytes()
        (other / (name + ".gz" * (change == "gz"))).write_bytes(gzip.compress(content) if change == "gz" else content)
    [again] = load_files(member.plan, "desynpuf", other)
    assert (again.accepted, again.duplicate, again.rejected, again.name.removesuffix(".gz")) == (0, 1, 1, name)


def test_a_member_who_comes_later_lets_rejected_fills_in(plan: Plan, file_of: Callable[..., Path]) -> None:
    folder = file_of(HEADER + GOOD)
    [first] = load_files(plan, "desynpuf", folder)
    make_member(plan, "M1")
    [second] = load_files(plan, "desynpuf", folder)
    assert (first.rejected_by_reason, second.accepted) == ({"unknown member": 1}, 1)


def test_windows_names_and_byte_order_marks_load_when_they_are_meant(
    member: Member, file_of: Callable[..., Path]
) -> None:
    marked = file_of(b"\xef\xbb\xbf" + (HEADER + GOOD).encode())
    call_command("load", marked, plan="H0001", format="desynpuf", encoding="utf-8-sig", stdout=StringIO())
    assert Fill.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"format": "hl7"}, "There is no format 'hl7'; use one of: "),
        ({"plan": "nonsense"}, "a contract number is a letter and four digits"),
    ],
)
def test_wrong_arguments_say_what_is_possible(db: None, tmp_path: Path, arguments: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load", tmp_path, **{"plan": "H0001", "format": "desynpuf"} | arguments)
    assert words in str(refused.value)
    assert refused.value.returncode == 2


def test_a_missing_directory_is_said(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("load", tmp_path / "nowhere", plan="H0001", format="desynpuf")
    assert ended.value.code == 2
    assert "there is no such directory" in capsys.readouterr().err


def test_a_folder_without_files_of_the_format_is_said(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command("load", tmp_path, plan="H0001", format="rif")
    assert "no file here has a name of the rif format" in capsys.readouterr().err
