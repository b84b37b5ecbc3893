"""Files that mean harm or are merely odd: a plain answer at once, and nothing of them is kept (T29 to T33)."""

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Plan
from claims import freshness, load_queue
from claims.ingest import delimited
from claims.ingest.load import carry_out, request
from claims.ingest.problems import FileProblem
from claims.masking import neutral
from claims.models import Fill, Load, LoadFile, PlanDrugFlag
from mtm.wsgi import application
from tests.claims.loading import load_text
from tests.claims.test_load import GOOD, HEADER, NAME
from tests.conftest import TODAY, make_member

MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LOAD_FOLDER, settings.LOAD_INBOX = str(tmp_path / "loads"), str(tmp_path / "inbox")
    monkeypatch.setattr(load_queue, "ring", lambda load: None)


def refusal(plan: Plan, path: Path) -> str:
    """What the load says of the file; the seconds it may take are part of the answer."""
    started = time.monotonic()
    with pytest.raises(FileProblem) as refused:
        carry_out(request(plan=plan, feed="desynpuf", as_of=TODAY, by=None), [path])
    assert time.monotonic() - started < 2
    assert not LoadFile.objects.exists()
    assert not Fill.objects.exists()
    return str(refused.value)


def bomb(size: int) -> bytes:
    return HEADER.encode() + b"0" * size


def test_a_gz_bomb_is_refused_while_it_unpacks(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(bomb(500 * MEBIBYTE), compresslevel=1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "it unpacks to more than" in refusal(plan, path)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 200


def test_a_zip_bomb_is_refused_by_its_directory(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(NAME, bomb(100 * MEBIBYTE))
    assert "it would unpack to" in refusal(plan, path)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_it_unpacks(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(NAME, bomb(100 * MEBIBYTE))
    size = (100 * MEBIBYTE + len(HEADER)).to_bytes(4, "little")
    path.write_bytes(content.getvalue().replace(size, (1000).to_bytes(4, "little")))
    assert "damaged" in refusal(plan, path) or "unpacks to more than" in refusal(plan, path)


def test_an_archive_of_too_many_files_is_refused(plan: Plan, tmp_path: Path, settings: Any) -> None:
    settings.LOAD_ARCHIVE_FILES = 3
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", "x")
    assert "more than 3 files" in refusal(plan, path)


@pytest.mark.parametrize("name", [f"{NAME}.gz", "all.zip"])
def test_a_damaged_archive_is_said_to_be_damaged(plan: Plan, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no archive at all")
    assert "damaged" in refusal(plan, tmp_path / name)


def test_a_cut_off_gz_file_is_said_to_be_cut_off(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress((HEADER + GOOD * 1000).encode())[:-9])
    assert "cut off or damaged" in refusal(plan, path)


def test_a_gz_bomb_of_many_parts_is_refused_at_its_start(plan: Plan, tmp_path: Path) -> None:
    """As it lies it is large enough for what it would be: only how fast it grows gives it away."""
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"0" * 100 * MEBIBYTE) * 60)
    assert "unpacks to more than" in refusal(plan, path)


@pytest.mark.parametrize("place", [8, 10])
def test_an_archive_packed_in_an_unknown_way_is_said_to_be_damaged(plan: Plan, tmp_path: Path, place: int) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, HEADER + GOOD)
    strange = bytearray(content.getvalue())
    strange[strange.index(b"PK\x01\x02") + place] = 99 if place == 10 else 0
    strange[strange.index(b"PK\x01\x02") + 6] = 20 if place == 10 else 99
    (tmp_path / "all.zip").write_bytes(bytes(strange))
    assert "damaged" in refusal(plan, tmp_path / "all.zip")


def test_what_a_file_system_keeps_for_itself_is_passed_over(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(NAME, HEADER + GOOD)
        archive.writestr(f"__MACOSX/._{NAME}", b"\0\5\26\7")
    carry_out(request(plan=plan, feed="desynpuf", as_of=TODAY, by=None), [tmp_path / "all.zip"])
    assert Fill.objects.count() == 1


@pytest.mark.parametrize("day", ["0000-05-05", "00000505", "05-MAY-0000"])
def test_the_year_0_is_no_date(plan: Plan, tmp_path: Path, day: str) -> None:
    make_member(plan, "M1")
    (tmp_path / NAME).write_text(HEADER + GOOD.replace("20230105", day))
    done = carry_out(request(plan=plan, feed="desynpuf", as_of=TODAY, by=None), [tmp_path / NAME])
    assert done.files.get().rejected_by_reason == {"no valid fill date": 1}


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ("action=reversal", "no known action"),
        ("compound=yes", "no known mark of a compound"),
        ("final=No", "no known mark of the final action"),
    ],
)
def test_a_mark_that_means_nothing_is_not_taken_for_the_usual(
    plan: Plan, tmp_path: Path, mark: str, reason: str
) -> None:
    make_member(plan, "M1")
    name, value = mark.split("=")
    header, row = f"member_number,claim_id,filled_on,ndc,cost,{name}", f"M1,1,2026-01-05,00093005801,10.00,{value}"
    [file] = load_text(plan, "csv", tmp_path / "f", {"fills.csv": f"{header}\n{row}"}).values()
    assert file.rejected_by_reason == {reason: 1}


def load_fills(plan: Plan, folder: Path, *rows: str) -> LoadFile:
    """Day, NDC and cost of each fill of member M1."""
    lines = ["member_number,claim_id,filled_on,ndc,cost", *(f"M1,{n},{row}" for n, row in enumerate(rows))]
    [file] = load_text(plan, "csv", folder / "f", {"fills.csv": "\n".join(lines)}).values()
    return file


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("77777-102-02", "77777010202"),
        ("7777-1001-01", "07777100101"),
        ("77777-1003-3", "77777100303"),
        ("00093-0058-01", "00093005801"),
        ("93005801", "00093005801"),
        *((wrong, None) for wrong in ("1-2-3-4", "5", "77777-102-0", "000000000000", "77777-1022", "0-0000-0000")),
    ],
)
def test_hyphens_say_where_a_code_of_ten_digits_lacks_its_zero(
    plan: Plan, tmp_path: Path, sent: str, kept: str | None
) -> None:
    make_member(plan, "M1")
    load_fills(plan, tmp_path, f"2026-01-05,{sent},10.00")
    assert list(Fill.objects.values_list("ndc", flat=True)) == ([kept] if kept else [])
    flags = {"drug_flags.csv": f"ndc,maintenance\n{sent},Y"}
    load_text(plan, "csv", tmp_path / "g", flags)
    assert list(PlanDrugFlag.objects.values_list("ndc", flat=True)) == ([kept] if kept else [])


def test_one_amount_beyond_all_reason_is_one_rejected_row(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    costs = ("5.00", "99999999999999.99", "1.00")
    file = load_fills(plan, tmp_path, *(f"2026-01-05,00093005801,{cost}" for cost in costs))
    assert (file.accepted, file.rejected_by_reason) == (2, {"no valid cost": 1})
    assert str(file.received_cost) == "6.00"


def test_a_day_to_come_is_told_of_and_is_not_how_far_the_claims_go(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    days = ("2062-01-05", "2026-01-05", "1890-10-05")
    file = load_fills(plan, tmp_path, *(f"{day},00093005801,1.00" for day in days))
    assert str(file.claims_through) == "2026-01-05"
    assert {"days to come", "days long past"} <= {found["name"] for found in file.findings}
    assert [(held.kind, held.feed, str(held.claims_through)) for held in freshness.of_plan(plan)] == [
        ("fills", "csv", "2026-01-05")
    ]


def test_a_deletion_may_be_written_in_capitals(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "M1")
    rows = "M1,1,2026-01-05,00093005801,10.00,\nM1,1,,,,DELETE"
    text = f"member_number,claim_id,filled_on,ndc,cost,action\n{rows}"
    [file] = load_text(plan, "csv", tmp_path / "f", {"fills.csv": text}).values()
    assert (file.accepted, Fill.objects.count()) == (2, 0)


def test_a_locked_archive_is_refused(plan: Plan, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(NAME, HEADER)
    locked = bytearray(content.getvalue())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "all.zip").write_bytes(bytes(locked))
    assert "password" in refusal(plan, tmp_path / "all.zip")


ODD: dict[str, Callable[[], bytes]] = {
    "UTF-16": lambda: (HEADER + GOOD).encode("utf-16"),
    "UTF-16 without a mark": lambda: (HEADER + GOOD).encode("utf-16-le"),
    "cp1252": lambda: (HEADER + GOOD.replace("M1", "Muñoz")).encode("cp1252"),
    "NUL": lambda: (HEADER + GOOD.replace("M1", "M\x001")).encode(),
    "carriage returns only": lambda: (HEADER + GOOD).replace("\n", "\r").encode(),
    "no header": lambda: GOOD.encode(),
    "empty": lambda: b"",
    "a field of 200 KB": lambda: (HEADER + GOOD.replace("M1", "M" * 200_000)).encode(),
    "random bytes": lambda: bytes(range(256)) * 40,
    "an unclosed quote": lambda: (HEADER + GOOD.replace("M1", '"M1') + GOOD * 3).encode(),
    "a quote that swallows lines": lambda: (HEADER + GOOD.replace("M1", '"M1') + GOOD.replace("M1", 'M1"')).encode(),
    "too many columns": lambda: (",".join(["DESYNPUF_ID"] * 2000) + "\n").encode(),
    "a column twice": lambda: (HEADER.strip() + ",TOT_RX_CST_AMT\n" + GOOD.strip() + ",1.00\n").encode(),
    "a line without end": lambda: HEADER.encode() + b"1," * 5_000_000,
}


@pytest.mark.parametrize("case", ODD)
def test_odd_files_get_a_plain_answer(plan: Plan, tmp_path: Path, case: str) -> None:
    make_member(plan, "M1")
    (tmp_path / NAME).write_bytes(ODD[case]())
    said = refusal(plan, tmp_path / NAME)
    assert said.startswith(f"{NAME}, line ")
    assert "Traceback" not in said


def test_utf8_with_and_without_a_mark_is_read_as_it_is(plan: Plan, tmp_path: Path) -> None:
    make_member(plan, "Muñoz")
    for mark, number in ((b"\xef\xbb\xbf", "1"), (b"", "2")):
        row = GOOD.replace("M1,1", f"Muñoz,{number}")
        (tmp_path / NAME).write_bytes(mark + (HEADER + row).encode())
        carry_out(request(plan=plan, feed="desynpuf", as_of=TODAY, by=None), [tmp_path / NAME])
    assert {fill.member.source_id for fill in Fill.objects.all()} == {"Muñoz"}


def test_a_file_of_too_many_rows_is_refused(
    plan: Plan, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LOAD_ROWS = 10
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 100)
    (tmp_path / NAME).write_text(HEADER + GOOD * 50)
    assert "more than 10 records" in refusal(plan, tmp_path / NAME)


def test_an_upload_that_is_too_large_gets_413_before_it_is_read(administrator: Any, signed_in: Any) -> None:
    """Half a gigabyte that is never sent: the answer must come from what the request says of itself."""
    client = signed_in(administrator)
    answer: dict[str, str] = {}

    class Unread:
        def read(self, *given: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    environment = client._base_environ(PATH_INFO="/H0001/loads/start/", REQUEST_METHOD="POST") | {
        "CONTENT_LENGTH": str(500 * MEBIBYTE),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
        "HTTP_COOKIE": f"mtm={client.cookies['mtm'].value}",
    }
    body = b"".join(application(environment, lambda status, headers: answer.update(status=status)))
    assert answer["status"].startswith("413")
    assert b"use the load command" in body


def test_a_page_that_asks_for_no_file_keeps_none(administrator: Any, signed_in: Any) -> None:
    file = SimpleUploadedFile("x.csv", b"1" * MEBIBYTE)
    answer = signed_in(administrator).post("/H0001/members/", {"q": "maple", "file": file})
    assert (answer.status_code, dict(answer.wsgi_request.FILES)) == (302, {})


def test_an_odd_upload_ends_as_a_refused_load(administrator: Any, signed_in: Any, plan: Plan) -> None:
    client = signed_in(administrator)
    for content in ODD.values():
        sent = {"format": "desynpuf", "encoding": "utf-8", "files": [SimpleUploadedFile(NAME, content())]}
        assert client.post("/H0001/loads/start/", sent).status_code in (302, 422)
    for load in Load.objects.order_by("pk"):
        load_queue.run(load.pk)
    assert set(Load.objects.values_list("status", flat=True)) == {"refused"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_cells_that_spreadsheets_run_are_neutralised(start: str) -> None:
    assert neutral(f"{start}cmd") == f"'{start}cmd"
    assert neutral(f"a{start}") == f"a{start}"
