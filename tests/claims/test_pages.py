"""Data loads on the page and over the API: ask for one, every received record accounted for, what was rejected and why."""

from datetime import date
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEvent, Plan
from claims import load_queue
from claims.models import Fill, Load, LoadFile, LoadProgress, RejectedRow
from members.models import Member
from tests.claims.test_load import GOOD, HEADER, NAME
from tests.conftest import TODAY, make_member

PAGE = "/H0001/loads/"
API = "/api/v1/plans/H0001/loads/"


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where uploads wait; the bell is not rung, the tests do what the worker does."""
    settings.LOAD_FOLDER, settings.LOAD_INBOX = str(tmp_path / "loads"), str(tmp_path / "inbox")
    monkeypatch.setattr(load_queue, "ring", lambda load: None)


def load_file(plan: Any, **fields: Any) -> LoadFile:
    known = {"feed": "rif", "kind": "fills", "name": "pde.csv", "sha256": "ab" * 32}
    counts = {"received": 1300, "accepted": 1200, "duplicate": 98, "rejected": 2}
    load = Load.objects.create(plan=plan, feed="rif", as_of=TODAY, status="done")
    return LoadFile.objects.create(load=load, plan=plan, **known | counts | fields)


@pytest.fixture
def file(plan: Any) -> LoadFile:
    made = load_file(
        plan,
        rejected_by_reason={"no fill date": 2},
        fills=1200,
        unmapped_ndc=6,
        claims_through=date(2026, 11, 1),
        notes=["does not give prescribers"],
        findings=[{"name": "zero cost", "count": 7, "text": "Their cost is 0."}],
        received_cost="12.50",
        accepted_cost="12.00",
        rejected_cost="0.50",
    )
    for line in (7, 3):
        RejectedRow.objects.create(plan=plan, file=made, line=line, reason="no fill date", raw="=Pearl|1950-05-17")
    return made


def upload(content: str = HEADER + GOOD, name: str = NAME) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def carry_out(load: Load) -> Load:
    load_queue.run(load.pk)
    load.refresh_from_db()
    return load


def test_a_load_shows_what_became_of_its_records(administrator: Any, signed_in: Any, file: LoadFile) -> None:
    client = signed_in(administrator)
    listed = client.get(PAGE).content.decode()
    shown = client.get(f"{PAGE}{file.load.public_id}/").content.decode()
    for words in ("1,300", "1,200", "98"):
        assert words in listed
        assert words in shown
    for words in ("pde.csv", "0.5%", "Nov 1, 2026", "$12.50", "$12.00", "$0.50", "Zero cost", "Their cost is 0."):
        assert words in shown


def test_the_page_says_how_far_the_claims_go(administrator: Any, signed_in: Any, file: LoadFile) -> None:
    load_file(file.plan, claims_through=date(2026, 11, 9))
    shown = signed_in(administrator).get(PAGE)
    [held] = shown.context["held"]
    assert (held.kind, held.files, held.accepted, held.claims_through) == ("fills", 2, 2400, date(2026, 11, 9))


def test_rejected_rows_are_told_by_reason_in_order_and_masked(
    administrator: Any, signed_in: Any, file: LoadFile
) -> None:
    shown = signed_in(administrator).get(f"{PAGE}files/{file.public_id}/").content.decode()
    assert shown.index("Line 3") < shown.index("Line 7")
    for words in ("no fill date", "does not give prescribers", "2 of 2", "=xxxxx|9999-99-99"):
        assert words in shown
    assert "Pearl" not in shown


def test_rejected_rows_are_downloaded_as_sent_and_no_spreadsheet_runs_them(
    administrator: Any, signed_in: Any, file: LoadFile
) -> None:
    answer = signed_in(administrator).get(f"{PAGE}files/{file.public_id}/rejected/")
    assert b"".join(answer.streaming_content).decode().splitlines() == [
        "line,reason,raw",
        "3,no fill date,'=Pearl|1950-05-17",
        "7,no fill date,'=Pearl|1950-05-17",
    ]
    assert AuditEvent.objects.filter(kind="rejected rows read").count() == 1


def test_only_who_may_load_may_read_rejected_rows(auditor: Any, signed_in: Any, file: LoadFile) -> None:
    client = signed_in(auditor)
    assert client.get(f"{PAGE}files/{file.public_id}/rejected/").status_code == 403
    assert "download-rejected" not in client.get(f"{PAGE}files/{file.public_id}/").content.decode()


def test_uploaded_files_are_loaded_together(administrator: Any, signed_in: Any, plan: Plan) -> None:
    make_member(plan, "M1")
    files = [upload(), upload(HEADER + GOOD.replace("M1,1", "M1,2"), NAME.replace("Sample", "Sample_2"))]
    answer = signed_in(administrator).post(f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8", "files": files})
    load = Load.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{PAGE}{load.public_id}/")
    assert (load.status, load.requested_by) == ("waiting", administrator)
    assert (carry_out(load).status, load.files.count(), Fill.objects.count()) == ("done", 2, 2)
    assert not load_queue.folder_of(load).exists()


def test_a_refused_load_says_what_is_wrong_and_where(administrator: Any, signed_in: Any, plan: Plan) -> None:
    client = signed_in(administrator)
    client.post(f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8", "files": [upload("A,B\n1,2\n")]})
    load = carry_out(Load.objects.get())
    shown = client.get(f"{PAGE}{load.public_id}/").content.decode()
    assert load.status == "refused"
    assert "line 1, column 1: the header has no DESYNPUF_ID" in shown
    assert "Nothing of this load was kept." in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((HEADER + GOOD).encode() + b"\xf1\n", '"Letters are encoded as" set to "Windows (cp1252)"'),
        ((HEADER + GOOD).encode().rstrip(), '(tick "The last line is whole even without a line break")'),
    ],
)
def test_the_page_names_its_own_fields_where_the_command_has_options(
    administrator: Any, signed_in: Any, plan: Plan, content: bytes, words: str
) -> None:
    client = signed_in(administrator)
    files = [SimpleUploadedFile(NAME, content)]
    client.post(f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8", "files": files})
    load = carry_out(Load.objects.get())
    shown = unescape(client.get(f"{PAGE}{load.public_id}/").content.decode())
    assert words in shown
    assert "--" in load.problem
    assert load.problem not in shown


def test_files_in_the_inbox_are_loaded_by_name_and_stay(administrator: Any, signed_in: Any, plan: Plan) -> None:
    make_member(plan, "M1")
    inbox = load_queue.inbox_of(plan)
    inbox.mkdir(parents=True)
    (inbox / NAME).write_text(HEADER + GOOD)
    client = signed_in(administrator)
    assert NAME in client.get(PAGE).content.decode()
    client.post(f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8", "named": [NAME]})
    assert carry_out(Load.objects.get()).status == "done"
    assert Fill.objects.count() == 1
    assert (inbox / NAME).exists()


@pytest.mark.parametrize("named", ["../../etc/passwd", "other.csv"])
def test_only_files_of_the_plans_inbox_can_be_named(administrator: Any, signed_in: Any, plan: Plan, named: str) -> None:
    inbox = load_queue.inbox_of(plan)
    inbox.mkdir(parents=True)
    (inbox / NAME).write_text("x")
    answer = signed_in(administrator).post(
        f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8", "named": [named]}
    )
    assert (answer.status_code, Load.objects.count()) == (422, 0)


MAPPED = """files:
  - file: "people.csv"
    rows:
      - kind: members
        columns: {member_number: person, birth_date: born}
"""


def test_a_mapping_among_the_uploads_is_read_by(administrator: Any, signed_in: Any, plan: Plan) -> None:
    files = [upload("person,born\nP1,1950-05-17\n", "people.csv"), upload(MAPPED, "mapping.yaml")]
    signed_in(administrator).post(f"{PAGE}start/", {"format": "csv", "files": files})
    load = carry_out(Load.objects.get())
    assert (load.problem, load.status, load.options["mapping"]) == ("", "done", MAPPED)
    assert Member.objects.get(plan=plan).source_id == "P1"


def test_a_mapping_in_an_archive_is_read_by(administrator: Any, signed_in: Any, plan: Plan) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("all/people.csv", "person,born\nP1,1950-05-17\n")
        archive.writestr("all/mapping.yaml", MAPPED)
    file = SimpleUploadedFile("all.zip", packed.getvalue())
    signed_in(administrator).post(f"{PAGE}start/", {"format": "csv", "files": [file]})
    load = carry_out(Load.objects.get())
    assert (load.problem, load.status, load.options["mapping"]) == ("", "done", MAPPED)


def test_a_mapping_that_is_not_right_refuses_the_load(administrator: Any, signed_in: Any, plan: Plan) -> None:
    files = [upload("person\nP1\n", "people.csv"), upload("files: [1", "mapping.yaml")]
    signed_in(administrator).post(f"{PAGE}start/", {"format": "csv", "files": files})
    assert carry_out(Load.objects.get()).status == "refused"


def test_members_are_made_of_claims_where_the_page_asks_for_it(administrator: Any, signed_in: Any, plan: Plan) -> None:
    sent = {"format": "desynpuf", "files": [upload()], "members_from_claims": "on"}
    signed_in(administrator).post(f"{PAGE}start/", sent)
    assert carry_out(Load.objects.get()).status == "done"
    assert (Member.objects.get(plan=plan).source_id, Fill.objects.count()) == ("M1", 1)


def test_the_page_and_the_command_mean_the_same_file_by_the_same_choice(
    administrator: Any, signed_in: Any, plan: Plan, tmp_path: Path
) -> None:
    make_member(plan, "M1")
    (tmp_path / NAME).write_text(HEADER + GOOD)
    call_command("load", tmp_path / NAME, plan="H0001", format="desynpuf", stdout=StringIO())
    signed_in(administrator).post(f"{PAGE}start/", {"format": "desynpuf", "files": [upload()]})
    [file] = carry_out(Load.objects.latest("pk")).files.all()
    assert "same file" in [found["name"] for found in file.findings]


def test_a_form_without_files_says_so(administrator: Any, signed_in: Any) -> None:
    answer = signed_in(administrator).post(f"{PAGE}start/", {"format": "desynpuf", "encoding": "utf-8"})
    assert (answer.status_code, b"Choose at least one file." in answer.content) == (422, True)


@pytest.mark.parametrize("address", [f"{PAGE}start/", API])
def test_more_files_than_may_be_sent_at_once_get_one_sentence(administrator: Any, signed_in: Any, address: str) -> None:
    files = [upload("A\n") for _ in range(201)]
    answer = signed_in(administrator).post(address, {"format": "csv", "files": files})
    assert (answer.status_code, "more than 200 files; put them into one zip" in answer.content.decode()) == (422, True)
    assert not Load.objects.exists()


def test_two_hundred_files_may_be_sent_at_once(administrator: Any, signed_in: Any, plan: Plan) -> None:
    files = [upload("member_number\nM1\n", f"{place}_members.csv") for place in range(200)]
    assert signed_in(administrator).post(API, {"format": "csv", "files": files}).status_code == 202


def test_a_file_name_cannot_leave_the_folder(plan: Plan) -> None:
    asked = load_queue.ask(plan=plan, feed="rif", as_of=TODAY, uploads=[upload(name="../../x\0.csv")], by=None)
    [path] = load_queue.files_of(asked)
    assert path.resolve().is_relative_to(load_queue.folder_of(asked).resolve())


def test_a_load_waits_for_an_older_one_of_its_plan(plan: Plan) -> None:
    make_member(plan, "M1")
    first, second = (
        load_queue.ask(plan=plan, feed="desynpuf", as_of=TODAY, uploads=[upload()], by=None) for _ in range(2)
    )
    assert carry_out(second).status == "waiting"
    assert (carry_out(first).status, carry_out(second).status) == ("done", "done")
    assert [file.accepted for file in LoadFile.objects.order_by("pk")] == [1, 0]


def test_a_load_that_was_done_is_not_done_again(plan: Plan) -> None:
    make_member(plan, "M1")
    load = load_queue.ask(plan=plan, feed="desynpuf", as_of=TODAY, uploads=[upload()], by=None)
    carry_out(load)
    carry_out(load)
    assert LoadFile.objects.count() == 1


def test_progress_is_shown_while_a_load_runs(administrator: Any, signed_in: Any, plan: Plan) -> None:
    load = Load.objects.create(plan=plan, feed="rif", as_of=TODAY, status="running")
    LoadProgress.objects.create(
        load=load, plan=plan, step="reading pde.csv", done_bytes=62, total_bytes=100, at=timezone.now()
    )
    shown = signed_in(administrator).get(f"{PAGE}{load.public_id}/").content.decode()
    for words in ("reading pde.csv", 'value="62"', 'hx-trigger="every 2s"'):
        assert words in shown


def test_loads_come_newest_first_in_pages(administrator: Any, signed_in: Any, plan: Any) -> None:
    made = [Load.objects.create(plan=plan, feed="rif", as_of=TODAY, status="done") for _ in range(51)]
    client = signed_in(administrator)
    first = client.get(PAGE).context["page"]
    second = client.get(PAGE, {"before": first.after})
    assert (first.rows[0], second.context["page"].rows) == (made[-1], [made[0]])
    assert b"Newer" in second.content


def test_a_plan_without_loads_is_told_the_command(administrator: Any, signed_in: Any) -> None:
    assert b"manage.py load FOLDER --plan H0001" in signed_in(administrator).get(PAGE).content


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("auditor", 200), ("pharmacist", 403), ("scheduler", 403)]
)
def test_loads_are_read_by_administrators_and_auditors(
    role: str, status: int, person: Any, signed_in: Any, file: LoadFile
) -> None:
    client = signed_in(person(role))
    pages = (PAGE, f"{PAGE}{file.load.public_id}/", f"{PAGE}files/{file.public_id}/")
    assert {client.get(page).status_code for page in pages} == {status}


def test_a_load_of_another_plan_is_not_found(
    administrator: Any, signed_in: Any, file: LoadFile, other_plan: Any
) -> None:
    elsewhere = load_file(other_plan, name="foreign.csv")
    client = signed_in(administrator)
    assert client.get(f"{PAGE}{elsewhere.load.public_id}/").status_code == 404
    assert client.get(f"{PAGE}files/{elsewhere.public_id}/").status_code == 404
    assert client.get(f"{PAGE}files/{elsewhere.public_id}/rejected/").status_code == 404


def test_the_api_loads_what_the_page_loads(administrator: Any, signed_in: Any, plan: Plan) -> None:
    make_member(plan, "M1")
    client = signed_in(administrator)
    asked = client.post(API, {"format": "desynpuf", "files": [upload(HEADER + GOOD + "M1\n")]})
    assert asked.status_code == 202
    load = carry_out(Load.objects.get())
    told = client.get(f"{API}{load.public_id}/").json()
    assert (told["status"], "line 3" in told["problem"], told["files"]) == ("refused", True, [])
    client.post(API, {"format": "desynpuf", "files": [upload(HEADER + GOOD + GOOD.replace("M1,1", "X9,2"))]})
    load = carry_out(Load.objects.latest("pk"))
    [file] = client.get(f"{API}{load.public_id}/").json()["files"]
    assert (file["received"], file["accepted"], file["rejected_cost"]) == (2, 1, "12.34")
    [row] = client.get(f"{API}files/{file['id']}/rejected/").json()
    assert (row["line"], row["reason"], row["raw"].startswith("X9")) == (3, "unknown member", True)
    assert client.get(f"{API}freshness/").json()[0]["claims_through"] == "2023-01-05"


def test_the_api_names_files_of_the_inbox(administrator: Any, signed_in: Any, plan: Plan) -> None:
    inbox = load_queue.inbox_of(plan)
    inbox.mkdir(parents=True)
    (inbox / NAME).write_text(HEADER + GOOD)
    sent = {"format": "desynpuf", "named": [NAME]}
    assert signed_in(administrator).post(API, sent, content_type="application/json").status_code == 202
    sent["named"] = ["else.csv"]
    assert signed_in(administrator).post(API, sent, content_type="application/json").status_code == 422
