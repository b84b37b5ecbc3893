"""SQL statements kept as files beside the app that uses them."""

from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection


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
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def text(app: str, name: str, inner: str) -> str:
    return composed(app, name, inner) if inner else statement(app, name)
