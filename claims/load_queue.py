"""Loads asked for on the page or the API: their files wait in a folder until a worker carries the load out.

PostgreSQL holds what is to be done; the broker only rings the bell, and a tick rings it again.
"""

import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.models import Plan, User
from claims.ingest.load import alone, carry_out, folder_files, refuse, request
from claims.ingest.problems import FileProblem
from claims.ingest.progress_table import teller
from claims.models import Load

OPEN = (Load.Status.WAITING, Load.Status.RUNNING)
LONGEST_NAME = 200
# What lies in the folder of loads, by the names that we and Django give: a folder a load, and uploads as they come in.
FOLDER, UPLOAD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), re.compile(r"tmp.+\.upload.*")
SWEPT_AFTER = 24 * 60 * 60


def ask(
    *,
    plan: Plan,
    feed: str,
    as_of: date,
    uploads: Sequence[UploadedFile] = (),
    named: Sequence[str] = (),
    options: dict[str, Any] | None = None,
    by: User | None,
) -> Load:
    """Keep the uploaded files, note those named in the plan's inbox, and let a worker load them together."""
    with transaction.atomic():
        load = request(plan=plan, feed=feed, as_of=as_of, options=options, by=by)
        folder = folder_of(load)
        folder.mkdir(parents=True)
        for place, upload in enumerate(uploads):
            keep(upload, folder / f"{place:03}" / safe_name(upload.name))
        for name in named:
            keep_named(inbox_of(plan) / name, folder / "inbox" / name)
        detail = {"feed": feed, "files": len(uploads) + len(named)}
        audit.record(audit.Kind.LOAD_REQUESTED, by=by, plan=plan, subject=load, detail=detail)
        transaction.on_commit(lambda: ring(load))
    return load


def keep(upload: UploadedFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)


def keep_named(path: Path, link: Path) -> None:
    """A file of the inbox may be large and stays where it is."""
    link.parent.mkdir(parents=True, exist_ok=True)
    os.symlink(path, link)


def safe_name(name: str | None) -> str:
    """The last part of the name a browser gave, without what a file name cannot hold."""
    kept = "".join(letter for letter in Path(name or "").name if letter.isprintable() and letter not in "/\\\0")
    return kept.lstrip(".")[-LONGEST_NAME:] or "file"


def inbox_of(plan: Plan) -> Path:
    return Path(settings.LOAD_INBOX) / plan.code


def in_inbox(plan: Plan) -> list[str]:
    """Names of the files that lie ready on the server for this plan."""
    folder = inbox_of(plan)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.name for path in found if path.is_file() and not path.name.startswith(".")]


def folder_of(load: Load) -> Path:
    return Path(settings.LOAD_FOLDER) / str(load.public_id)


def files_of(load: Load) -> list[Path]:
    folder = folder_of(load)
    parts: Iterable[Path] = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for part in parts for path in folder_files(part)]


def ring(load: Load) -> None:
    current_app.send_task("claims.run_load", args=[load.pk])


def advance() -> None:
    """Ring for the oldest load whose files wait; say of one that was carried out by a command which died that it was.

    What ended loads have left is swept first.
    """
    sweep()
    for load in Load.objects.filter(status__in=OPEN).order_by("pk"):
        if folder_of(load).is_dir():
            ring(load)
            return
        refuse_if_dead(load)


def refuse_if_dead(load: Load) -> None:
    with alone(load) as mine:
        if mine and load.started_at:
            refuse(load, "it was stopped before its end, and nothing was kept. Load the files again.")


def run(load_id: int) -> None:
    """Carry out the load if it is the oldest whose files wait; then ring for the next."""
    load = Load.objects.select_related("plan", "requested_by").filter(pk=load_id, status__in=OPEN).first()
    if load is None or waits_for_another(load):
        return
    try:
        # What is wrong with a file is kept with the load, which the page shows.
        with suppress(FileProblem):
            carry_out(load, files_of(load), tell=teller(load))
    finally:
        clear(load)
    if load.status not in OPEN:
        advance()


def clear(load: Load) -> None:
    """Files of members do not stay on this disk once their load has ended, however it did."""
    load.refresh_from_db()
    if load.status not in OPEN:
        shutil.rmtree(folder_of(load), ignore_errors=True)


def sweep() -> None:
    """Remove what loads that ended, or were never asked for in the end, have left here for a day."""
    folder = Path(settings.LOAD_FOLDER)
    found = folder.iterdir() if folder.is_dir() else []
    old = [path for path in found if is_of_a_load(path.name) and is_old(path)]
    waiting = (
        {str(name) for name in Load.objects.filter(status__in=OPEN).values_list("public_id", flat=True)}
        if old
        else set()
    )
    for path in old:
        if path.name not in waiting:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def is_of_a_load(name: str) -> bool:
    """The folder of one, or an upload that was not finished."""
    return UPLOAD.fullmatch(name) is not None or FOLDER.fullmatch(name) is not None


def is_old(path: Path) -> bool:
    try:
        return path.lstat().st_mtime < time.time() - SWEPT_AFTER
    except FileNotFoundError:
        return False


def waits_for_another(load: Load) -> bool:
    older = Load.objects.filter(status__in=OPEN, pk__lt=load.pk)
    return any(folder_of(other).is_dir() for other in older)
