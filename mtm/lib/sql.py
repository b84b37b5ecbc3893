"""SQL statements kept as files beside the app that uses them."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection

JSONB = 3802  # the type number of jsonb, fixed in PostgreSQL


@cache
def statement(app: str, name: str) -> str:
    """The text of <app>/sql/<name>.sql."""
    return files(app).joinpath("sql", f"{name}.sql").read_text()


@cache
def composed(app: str, name: str, inner: str) -> str:
    """The statement `name` with the statement `inner` in the place of {inner}."""
    return statement(app, name).replace("{inner}", statement(app, inner))


def run(app: str, name: str, *, inner: str = "", **values: Any) -> int:
    """Run a statement with bound values; give the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text(app, name, inner), values)
        return int(cursor.rowcount)


def rows(app: str, name: str, *, inner: str = "", **values: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(text(app, name, inner), values)
        columns = [(column.name, column.type_code == JSONB) for column in cursor.description]
        return [decoded(columns, row) for row in cursor.fetchall()]


def decoded(columns: list[tuple[str, bool]], row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by column name; Django leaves jsonb as text in raw cursors."""
    cells = zip(columns, row, strict=True)
    return {name: json.loads(value) if is_json and value is not None else value for (name, is_json), value in cells}


def text(app: str, name: str, inner: str) -> str:
    return composed(app, name, inner) if inner else statement(app, name)
