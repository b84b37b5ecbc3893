"""Rejected rows over the API: page after page every one, also where a record has several."""

from typing import Any

import pytest

from claims.models import RejectedRow
from tests.claims.test_pages import API, load_file


@pytest.mark.parametrize(("records", "items"), [(400, 3), (2, 1_500), (334, 3), (500, 2), (1, 1_000)])
def test_no_row_is_lost_where_a_page_ends(
    administrator: Any, signed_in: Any, plan: Any, records: int, items: int
) -> None:
    file = load_file(plan)
    rows = [
        RejectedRow(plan=plan, file=file, line=line, reason=f"{n}")
        for line in range(1, records + 1)
        for n in range(items)
    ]
    RejectedRow.objects.bulk_create(rows)
    client, found, after = signed_in(administrator), [], 0
    while page := client.get(f"{API}files/{file.public_id}/rejected/", {"after": after}).json():
        found += [(row["line"], row["reason"]) for row in page]
        after = page[-1]["line"]
    assert found == [(row.line, row.reason) for row in rows]
