"""Loading a folder of files: each file whole or not at all, once, with every record accounted for."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.models import Plan, User
from claims.ingest.layout import STAGED, Feed, FileLayout, Kind
from claims.ingest.problems import FileProblem, readable
from claims.ingest.staging import copy_rows
from claims.ingest.text import read_records
from claims.models import LoadFile, RejectedRow
from mtm.lib import sql

ORDER = [Kind.MEMBERS, Kind.DIAGNOSES, Kind.FILLS]
# The end of a long name tells more than its start: there stands what kind of file it is.
NAME_KEPT = 200


def load_folder(
    *, plan: Plan, feed: Feed, folder: Path, encoding: str = "utf-8", by: User | None
) -> Iterator[LoadFile]:
    """Load each file of the folder that the feed knows, members first; yields each as it is done.

    Raises FileProblem at the first file that cannot be read; of that file nothing is kept.
    """
    for path, layout in files_of(feed, folder):
        yield load_file(plan=plan, feed=feed, layout=layout, path=path, encoding=encoding, by=by)
    analyze()


def files_of(feed: Feed, folder: Path) -> list[tuple[Path, FileLayout]]:
    with readable(folder):
        if not folder.is_dir():
            raise FileProblem(str(folder), "there is no such directory")
        found = [(path, feed.layout_of(path.name)) for path in sorted(folder.iterdir()) if path.is_file()]
    known = [(path, layout) for path, layout in found if layout is not None]
    if not known:
        raise FileProblem(str(folder), f"no file here has a name of the {feed.name} format")
    return sorted(known, key=lambda pair: (ORDER.index(pair[1].kind), pair[0].name))


def files_ignored(feed: Feed, folder: Path) -> list[str]:
    return [path.name for path in sorted(folder.iterdir()) if path.is_file() and feed.layout_of(path.name) is None]


@transaction.atomic
def load_file(*, plan: Plan, feed: Feed, layout: FileLayout, path: Path, encoding: str, by: User | None) -> LoadFile:
    one_at_a_time(plan)
    sql.run("claims", "stage")
    with readable(path):
        stage(path, feed, layout, encoding)
        sha256 = digest(path)
    sql.run("claims", f"judge_{layout.kind}", plan=plan.pk)
    file = LoadFile.objects.create(
        plan=plan, feed=feed.name, kind=layout.kind, name=path.name[-NAME_KEPT:], sha256=sha256, **counts(layout.kind)
    )
    keep(file)
    keep_rejected(file)
    describe(file, layout)
    detail = {"received": file.received, "accepted": file.accepted}
    audit.record(audit.Kind.FILES_LOADED, by=by, plan=plan, subject=file, detail=detail)
    return file


def one_at_a_time(plan: Plan) -> None:
    """Wait for another load into this plan to commit: a record is judged against what that one keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load'), %s::integer)", [plan.pk])


def stage(path: Path, feed: Feed, layout: FileLayout, encoding: str) -> None:
    records = read_records(path, delimiter=feed.delimiter, required=layout.required, encoding=encoding)
    rows = ((line, *layout.row(record, path.name)) for line, record in records)
    copy_rows(f"stage_{layout.kind}", ("line", *STAGED[layout.kind]), rows)


def counts(kind: Kind) -> dict[str, Any]:
    """Received, accepted, duplicate and rejected records, and the rejected ones by reason."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT reason, count(*) FROM judged_{kind.value} GROUP BY reason")  # noqa: S608
        by_reason = dict(cursor.fetchall())
    accepted, duplicate = by_reason.pop(None, 0), by_reason.pop("duplicate", 0)
    rejected = sum(by_reason.values())
    return {
        "received": accepted + duplicate + rejected,
        "accepted": accepted,
        "duplicate": duplicate,
        "rejected": rejected,
        "rejected_by_reason": by_reason,
    }


def keep(file: LoadFile) -> None:
    kept = sql.run("claims", f"keep_{file.kind}", plan=file.plan_id, file=file.pk)
    # A record of diagnoses becomes several rows; of the others each becomes one.
    if file.kind != Kind.DIAGNOSES and kept != file.accepted:
        raise RuntimeError(f"{file.accepted} records of {file.kind} were accepted, {kept} kept")
    if file.kind == Kind.MEMBERS:
        sql.run("claims", "keep_coverage", plan=file.plan_id)


def keep_rejected(file: LoadFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, reason FROM judged_{Kind(file.kind).value}"  # noqa: S608
            " WHERE reason <> 'duplicate' ORDER BY line LIMIT %s",
            [settings.REJECTED_ROWS_KEPT],
        )
        rows = [RejectedRow(plan=file.plan, file=file, line=line, reason=why) for line, why in cursor.fetchall()]
    RejectedRow.objects.bulk_create(rows, batch_size=1_000)


def describe(file: LoadFile, layout: FileLayout) -> None:
    """What the file cannot give, and for fills how many drugs are not known and how far the claims go."""
    file.notes = layout.notes
    if layout.kind == Kind.FILLS:
        known = sql.rows("claims", "describe_fills", file=file.pk)[0]
        file.unmapped_ndc, file.claims_through = known["unmapped"], known["claims_through"]
    file.save(update_fields=["notes", "unmapped_ndc", "claims_through"])


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE members_member, members_coveragespan, claims_fill, claims_diagnosis")
