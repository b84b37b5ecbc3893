"""Where the pages of criteria are, and what their form sends."""

from typing import Any

from django.test import Client

from eligibility.models import Criteria

LIST = "/H0001/criteria/"


def at(criteria: Criteria, step: str = "") -> str:
    return f"{LIST}{criteria.public_id}/{step}"


def posted(client: Client, draft: Criteria, **changed: Any) -> dict[str, Any]:
    """What the editor's form would send, with some fields changed."""
    context = client.get(at(draft)).context
    form, rows = context["form"], context["rows"]
    fields = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in fields.items() if value is not False and value is not None}
    sent |= {"conditions-TOTAL_FORMS": len(rows.forms), "conditions-INITIAL_FORMS": len(rows.forms)}
    for number, row in enumerate(rows.forms):
        sent |= {f"conditions-{number}-{name}": row[name].value() for name in ("label", "coded_as", "visits")}
    return sent | changed
