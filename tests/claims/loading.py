"""Loading files for tests: a folder of small ones by name, or what lies somewhere."""

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from accounts.models import Plan
from claims.ingest.load import carry_out, folder_files, request
from claims.models import LoadFile
from tests.conftest import TODAY

DATA = Path(__file__).parents[3] / "shared" / "data"
real_files = pytest.mark.skipif(not DATA.is_dir(), reason=f"the third-party claim files are not at {DATA}")

# Each example of such a test is several loads.
OF_LOADS = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# What differs between two loads of the same: keys, files, and by whom and when.
CHANGING = "{id,public_id,plan_id,member_id,merged_into_id,file_id,merged_at}"
MEMBER_SIDE = (
    *("identifier", "spanentry", "coveragespan", "memberspan", "atriskspell", "contactpoint", "contactpreference"),
    "representative",
)


def load(plan: Plan, feed: str, *paths: Path, **options: object) -> dict[str, LoadFile]:
    """What became of each file, by its name."""
    asked = request(plan=plan, feed=feed, as_of=TODAY, options=options, by=None)
    carry_out(asked, [file for path in paths for file in folder_files(path)])
    return {file.name: file for file in asked.files.order_by("pk")}


def load_files(plan: Plan, feed: str, *paths: Path, **options: object) -> list[LoadFile]:
    """What became of each file, in the order in which they were taken up."""
    return list(load(plan, feed, *paths, **options).values())


def write(folder: Path, files: dict[str, str]) -> Path:
    """A folder with these files; each text begins with its header line."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text.strip() + "\n")
    return folder


def load_text(plan: Plan, feed: str, folder: Path, files: dict[str, str], **options: object) -> dict[str, LoadFile]:
    return load(plan, feed, write(folder, files), **options)


def known_of_members(plan: Plan) -> dict[str, list[str]]:
    """Everything known of the plan's members, by table, without what differs between two loads of the same."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (to_jsonb(m) - '{CHANGING}'::text[])::text FROM members_member m WHERE plan_id = %s ORDER BY 1",
            [plan.pk],
        )
        found["member"] = [row[0] for row in cursor.fetchall()]
        for table in MEMBER_SIDE:
            cursor.execute(
                f"SELECT m.source_id || (to_jsonb(t) - '{CHANGING}'::text[])::text FROM members_{table} t"
                " JOIN members_member m ON m.id = t.member_id WHERE t.plan_id = %s ORDER BY 1",
                [plan.pk],
            )
            found[table] = [row[0] for row in cursor.fetchall()]
    return found
