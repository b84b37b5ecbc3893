"""Loading files into a plan: all the files of a load land together or not at all, and every record is accounted for."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Plan, User
from claims.ingest import feeds, mapping
from claims.ingest.bare_members import make_members_of_claims
from claims.ingest.claim_files import load_claims
from claims.ingest.feeds import csv
from claims.ingest.findings import finding
from claims.ingest.layout import CLAIM_KINDS, ORDER, Feed, FileLayout
from claims.ingest.member_files import analyze, load_members
from claims.ingest.periods_of_claims import keep_periods
from claims.ingest.problems import FileProblem, printable, readable
from claims.ingest.progress import Progress, Tell
from claims.ingest.source import Source, sources_in
from claims.ingest.tally import Tally, kinds_in_words
from claims.ingest.text import BOM
from claims.models import Load, LoadFile
from mtm.lib import sql

# The end of a long name tells more than its start: there stands what kind of file it is.
NAME_KEPT = 200
# A record refused for one of these may be accepted once other files were loaded, so its file is read again. Some records
# are refused for the second and third whatever is known; the words do not tell which.
MAY_PASS_LATER = {
    "unknown member",
    "died before being born",
    "ends before it starts",
    "already the number of another member",
}


def request(*, plan: Plan, feed: str, as_of: date, options: dict[str, Any] | None = None, by: User | None) -> Load:
    """A load that waits to be carried out. `options`: encoding, unended, mapping, members_from_claims."""
    # What is not chosen is not kept, so that the page and the command mean the same by the same choice.
    chosen = {name: value for name, value in (options or {}).items() if value}
    return Load.objects.create(plan=plan, feed=feed, as_of=as_of, options=chosen, requested_by=by)


def carry_out(load: Load, paths: Sequence[Path], *, tell: Tell = lambda *told: None) -> Load:
    """Land all the files, or refuse the load with what is wrong and raise FileProblem.

    Loads take turns: records are judged against what an earlier load keeps, and giving a plan's first claims their foreign
    keys locks the members of all plans against other loads. Nothing happens where somebody else is at this load.
    """
    with alone(load) as mine:
        if mine:
            land_or_refuse(load, paths, tell)
    return load


def land_or_refuse(load: Load, paths: Sequence[Path], tell: Tell) -> None:
    with refusing(load):
        sources = without_mapping(load, sources_of(load, paths))
        feed = feeds.named(load.feed, load.options.get("mapping", ""))
        files, ignored = files_of(feed, sources)
        start(load)
        with transaction.atomic():
            one_at_a_time()
            land(load, feed, files, tell)
            finish(load, ignored)


def without_mapping(load: Load, sources: list[Source]) -> list[Source]:
    """The files to load; a mapping that lies among them is noted with the load, unless another was asked for."""
    if load.feed != csv.FEED.name:
        return sources
    lying = [source for source in sources if source.name == mapping.LYING]
    if lying and not load.options.get("mapping"):
        found = {mapping.content(source) for source in lying}
        if len(found) > 1:
            raise FileProblem(mapping.LYING, "there are two that differ; load the files of each by themselves")
        load.options = load.options | {"mapping": found.pop()}
    return [source for source in sources if source not in lying]


@contextmanager
def alone(load: Load) -> Iterator[bool]:
    """Whether this connection is the only one at the load; a process that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('run load'), %s::integer)", [load.pk])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('run load'), %s::integer)", [load.pk])


@contextmanager
def refusing(load: Load) -> Iterator[None]:
    """What is wrong is kept with the load; nothing else of it is."""
    try:
        yield
    except FileProblem as problem:
        refuse(load, str(problem))
        raise
    except Exception:
        refuse(load, "the program met something it did not expect; nothing was kept. Try again, then ask for help.")
        raise


def refuse(load: Load, problem: str) -> None:
    load.status, load.problem, load.finished_at = Load.Status.REFUSED, problem, timezone.now()
    load.save(update_fields=["status", "problem", "finished_at"])
    audit.record(audit.Kind.LOAD_REFUSED, by=load.requested_by, plan=load.plan, subject=load, detail={})


def sources_of(load: Load, paths: Sequence[Path]) -> list[Source]:
    encoding, unended = load.options.get("encoding", "utf-8"), bool(load.options.get("unended"))
    return [source for path in paths for source in sources_in(path, encoding, unended)]


def files_of(feed: Feed, sources: list[Source]) -> tuple[list[tuple[Source, FileLayout]], list[str]]:
    """The files that the feed knows, in the order of loading, and the names of the others."""
    found = [(source, feed.layout_of(source.name)) for source in sources]
    known = [(source, layout) for source, layout in found if layout is not None]
    if not known:
        raise FileProblem(
            ", ".join(source.name for source in sources[:3]) or "the folder",
            f"no file here has a name of the {feed.name} format",
        )
    for source, _ in known:
        if source.name != printable(source.name):
            raise FileProblem(source.name, "the name of this file is not UTF-8; rename it")
    known.sort(key=lambda pair: (ORDER.index(pair[1].kinds[0]), pair[0].name))
    return known, sorted(printable(source.name) for source, layout in found if layout is None)


def folder_files(folder: Path) -> list[Path]:
    """The files of a folder (or the one file), in order of their names."""
    with readable(folder):
        if folder.is_file():
            return [folder]
        if not folder.is_dir():
            raise FileProblem(str(folder), "there is no such directory")
        return sorted(path for path in folder.iterdir() if path.is_file())


def one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load'))")


def start(load: Load) -> None:
    """Before the transaction, so that others see it."""
    load.status, load.started_at = Load.Status.RUNNING, timezone.now()
    load.save(update_fields=["status", "started_at", "options"])


def land(load: Load, feed: Feed, files: list[tuple[Source, FileLayout]], tell: Tell) -> None:
    progress = Progress([source for source, _ in files], tell)
    progress.step("reading")
    tallies = []
    for source, layout in files:
        file = new_file(load, source, layout)
        if not same_as_before(load, file, layout):
            tallies.append(Tally(file, source, layout))
    if with_members := [tally for tally in tallies if not tally.layout.has_claims_only]:
        load_members(with_members, load, progress)
        analyze("members_member", "members_coveragespan")
    if load.options.get("members_from_claims"):
        make_members_of_claims([tally for tally in tallies if tally.layout.has_claims], load)
    keep_periods(tallies, load)
    sql.run("claims", "stage_claims")
    for kind in CLAIM_KINDS:
        load_claims(kind, tallies, load, progress)
    progress.step("counting")
    describe(tallies, load.plan)


def new_file(load: Load, source: Source, layout: FileLayout) -> LoadFile:
    return LoadFile.objects.create(
        load=load,
        plan=load.plan,
        feed=load.feed,
        kind=kinds_in_words(layout),
        name=source.name[-NAME_KEPT:],
        sha256=digest(source),
        notes=layout.notes,
    )


def digest(source: Source) -> str:
    found = hashlib.sha256()
    with source.open() as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def same_as_before(load: Load, file: LoadFile, layout: FileLayout) -> bool:
    """Whether the very same content was loaded before, in the same way; then nothing of it can be new."""
    earlier = LoadFile.objects.filter(
        plan=load.plan, sha256=file.sha256, feed=file.feed, kind=file.kind, load__options=load.options
    )
    earlier = earlier.filter(name=file.name) if layout.reads_name else earlier
    # What is known of members is as of a day: told again on a later one it may stand before what came between.
    earlier = earlier if layout.has_claims_only else earlier.filter(load__as_of=load.as_of)
    known = earlier.filter(load__status=Load.Status.DONE).order_by("-pk").first()
    if known is None or MAY_PASS_LATER & known.rejected_by_reason.keys():
        return False
    repeat(file, known)
    return True


def repeat(file: LoadFile, known: LoadFile) -> None:
    file.received, file.duplicate = known.received, known.accepted + known.duplicate
    file.received_cost, file.duplicate_cost = known.received_cost, known.accepted_cost + known.duplicate_cost
    file.rejected, file.rejected_cost = known.rejected, known.rejected_cost
    file.rejected_by_reason, file.claims_through = known.rejected_by_reason, known.claims_through
    if known.fills is not None:
        file.fills = file.unmapped_ndc = 0
    file.findings = [finding("same file", 1, f"Its content was loaded before, as {known.name}."), *known.findings]
    file.save()
    sql.run("claims", "repeat_rejected", file=file.pk, known=known.pk)


def describe(tallies: list[Tally], plan: Plan) -> None:
    """What each file says beside the members and drugs that are known; then its counts are final."""
    files = [tally.file.pk for tally in tallies if "fills" in tally.layout.kinds]
    seen = sql.rows("claims", "look_at_files", plan=plan.pk, files=files) if files else []
    by_file = {row["file_id"]: row for row in seen}
    for tally in tallies:
        with tally.source.open() as opened:
            if opened.read(3) == BOM:
                tally.file.findings.insert(
                    0, finding("byte order mark", 1, "The file starts with one; it was read without it.")
                )
        if tally.file.pk in files:
            describe_fills(tally.file, by_file.get(tally.file.pk, {}))
        tally.save()


def describe_fills(file: LoadFile, seen: dict[str, Any]) -> None:
    file.fills, file.unmapped_ndc = seen.get("fills", 0), seen.get("unmapped", 0)
    file.findings += [finding(name, seen[column], text) for column, name, text in BESIDE if seen.get(column)]


BESIDE = (
    (
        "unmapped",
        "unknown NDC",
        "No directory names what they hold: each counts as a drug of its own, rules cannot judge it.",
    ),
    ("odd_supply", "odd days' supply", "Outside 1 to 100 days for a medicine that is swallowed."),
    ("after_death", "fills after death", "Dispensed after the day the member died."),
    (
        "outside_coverage",
        "fills outside coverage",
        "On those days the enrollment files give the member no coverage.",
    ),
)


def finish(load: Load, ignored: list[str]) -> None:
    load.status, load.ignored, load.finished_at = Load.Status.DONE, ignored, timezone.now()
    load.save(update_fields=["status", "ignored", "finished_at"])
    files = load.files.all()
    detail = {"received": sum(file.received for file in files), "accepted": sum(file.accepted for file in files)}
    audit.record(audit.Kind.FILES_LOADED, by=load.requested_by, plan=load.plan, subject=load, detail=detail)


def totals(load: Load) -> dict[str, int | Decimal]:
    """Rows and cost of all the files of the load."""
    names = [part + of for part in ("received", "accepted", "duplicate", "rejected") for of in ("", "_cost")]
    files = list(load.files.all())
    return {name: sum((getattr(file, name) for file in files), type(getattr(LoadFile(), name))(0)) for name in names}
