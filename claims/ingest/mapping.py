"""Files that others lay out, read as ours: a small YAML says which of their columns is which of ours (docs/feeds.md)."""

import fnmatch
import re
from collections.abc import Callable, Mapping, Set
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from claims.ingest.delimited import Rows, delimited
from claims.ingest.layout import FileLayout, Kind
from claims.ingest.problems import FileProblem, printable
from claims.ingest.source import Source

LONGEST = 64 * 1024
LONGEST_NUMBER = 63  # bits
NAME = re.compile(r"[a-z0-9_-]{1,40}")
LYING = "mapping.yaml"
DELIMITERS = ",;|\t"
ColumnsOf = Callable[[Kind], Mapping[str, str]]


def shipped() -> list[str]:
    """The names of the mappings that come with the program."""
    found = files("claims.ingest").joinpath("mappings").iterdir()
    return sorted(item.name.removesuffix(".yaml") for item in found if item.name.endswith(".yaml"))


def named(asked: str) -> str:
    """The mapping asked for, by the name of one that is shipped or the path of one."""
    if not NAME.fullmatch(asked) and not Path(asked).is_file():
        raise FileProblem(asked, "there is no such file")
    return content(Source(Path(asked), Path(asked).name)) if Path(asked).is_file() else asked


def content(source: Source) -> str:
    with source.open() as file:
        # A letter has at most four bytes: what is longer is refused where it is read.
        found = file.read(4 * LONGEST + 1)
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(source.name, "the mapping is not UTF-8 text") from None
    if "\0" in text:
        raise FileProblem(source.name, "there is a NUL byte in the mapping; the file is damaged")
    return text


def layouts_of(mapping: str, columns_of: ColumnsOf) -> tuple[FileLayout, ...]:
    """The layouts a mapping describes: the name of one that is shipped, or its text.

    Raises FileProblem with the line, or the place in the mapping, that is not right.
    """
    document = Node("", parsed(text_of(mapping))).mapping({"files"})
    return tuple(layout(file, columns_of) for file in document["files"].items())


def text_of(mapping: str) -> str:
    if not NAME.fullmatch(mapping):
        return mapping
    if mapping not in shipped():
        raise problem(f"there is none of the name {mapping}; shipped are: {', '.join(shipped())}")
    return files("claims.ingest").joinpath("mappings", f"{mapping}.yaml").read_text()


def parsed(text: str) -> Any:
    if len(text) > LONGEST:
        raise problem(f"it is longer than {LONGEST:,} characters")
    try:
        return Loader(text).get_single_data()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        raise FileProblem(
            "the mapping",
            f"it is not valid YAML ({wrong.problem})",
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise problem("it is not valid YAML, or nested without end") from None


class Loader(yaml.SafeLoader):
    """Says where a value stands that looks like a day or a number and is none, or that no database holds."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            found = super().construct_object(node, deep)
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
            found = None
            self.refuse(node, "a value that looks like a day or a number and is none; put it into quotation marks")
        if isinstance(found, str) and found != printable(found):
            self.refuse(node, "a character that is none")
        if isinstance(found, int) and found.bit_length() > LONGEST_NUMBER:
            self.refuse(node, "a number that is too long; put it into quotation marks")
        return found

    def refuse(self, node: yaml.Node, text: str) -> None:
        raise yaml.constructor.ConstructorError(None, None, text, node.start_mark) from None


class Node:
    """A value of the mapping with its place, so that what is wrong can be found."""

    def __init__(self, place: str, value: Any) -> None:
        self.place, self.value = place, value

    def wrong(self, text: str) -> FileProblem:
        return problem(f"{self.place}: {text}" if self.place else text)

    def mapping(self, required: set[str], optional: Set[str] = frozenset()) -> "dict[str, Node]":
        if not isinstance(self.value, dict) or not all(isinstance(key, str) for key in self.value):
            raise self.wrong(f"here must stand names with values ({', '.join(sorted(required | optional))})")
        for name in sorted(required - set(self.value)):
            raise self.wrong(f"{name} is missing")
        for name in sorted(set(self.value) - required - optional):
            raise self.wrong(f"there is no {name}; possible are: {', '.join(sorted(required | optional))}")
        return {name: Node(f"{self.place}.{name}".lstrip("."), value) for name, value in self.value.items()}

    def names(self) -> "dict[str, Node]":
        """A mapping whose names are free."""
        return self.mapping(set(self.value) if isinstance(self.value, dict) else set())

    def items(self) -> "list[Node]":
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong("here must stand a list")
        return [Node(f"{self.place}[{place}]", value) for place, value in enumerate(self.value, 1)]

    def text(self) -> str:
        """A text or a number, as text."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int):
            raise self.wrong('here must stand a text; put it into quotation marks, such as "01"')
        return str(self.value)

    def texts(self) -> list[str]:
        return [item.text() for item in self.items()] if isinstance(self.value, list) else [self.text()]


def layout(node: Node, columns_of: ColumnsOf) -> FileLayout:
    file = node.mapping({"file", "rows"}, {"delimiter", "cannot_give"})
    used: set[str] = set()
    rows: dict[Kind, list[Rows]] = {}
    for item in file["rows"].items():
        kind, found = rows_of(item, columns_of, used)
        rows.setdefault(kind, []).append(found)
    sides = {kind in (Kind.FILLS, Kind.DIAGNOSES) for kind in rows}
    if len(sides) > 1:
        raise file["rows"].wrong("one file gives claims (fills, diagnoses) or facts about members, not both")
    return FileLayout(
        tuple(sorted(rows, key=list(Kind).index)),
        fnmatch.translate(file["file"].text()),
        delimited(rows, delimiters=delimiter(file), required=tuple(sorted(used))),
        tuple(file["cannot_give"].texts()) if "cannot_give" in file else (),
    )


def delimiter(file: dict[str, Node]) -> str:
    if "delimiter" not in file:
        return DELIMITERS
    if (found := file["delimiter"].text()) not in DELIMITERS or len(found) != 1:
        raise file["delimiter"].wrong('it must be one of "," ";" "|" "\\t"')
    return found


def rows_of(node: Node, columns_of: ColumnsOf, used: set[str]) -> tuple[Kind, Rows]:
    row = node.mapping({"kind", "columns"}, {"when"})
    if (name := row["kind"].text()) not in list(Kind):
        raise row["kind"].wrong(f"there is no kind {name}; possible are: {', '.join(Kind)}")
    kind = Kind(name)
    ours = {column: staged for staged, column in columns_of(kind).items()}
    given = row["columns"].names()
    for name in given:
        if name not in ours:
            raise row["columns"].wrong(f"{kind} have no column {name}; possible are: {', '.join(ours)}")
    columns = {ours[name]: expression(value, used) for name, value in given.items()}
    return kind, Rows(columns, condition(row["when"], used) if "when" in row else None)


def condition(node: Node, used: set[str]) -> pl.Expr:
    asked = node.mapping({"column", "is"})
    column = asked["column"].text()
    used.add(column)
    return pl.col(column).is_in(asked["is"].texts())


def expression(node: Node, used: set[str]) -> pl.Expr:
    """Their column by name; a text for every row; or a column, or several joined, changed as said."""
    if not isinstance(node.value, dict):
        used.add(node.text())
        return pl.col(node.text())
    if "text" in node.value:
        return pl.lit(node.mapping({"text"})["text"].text())
    told = node.mapping(set(), {"column", "columns", "join", "remove", "values", "otherwise"})
    if ("column" in told) == ("columns" in told):
        raise node.wrong("either column or columns must be named, or text")
    names = told["column" if "column" in told else "columns"].texts()
    used.update(names)
    found = pl.concat_str(names, separator=told["join"].text() if "join" in told else "")
    if "remove" in told:
        found = found.str.replace_all(pattern(told["remove"]), "")
    return translated(found, told) if "values" in told else found


def pattern(node: Node) -> str:
    try:
        pl.Series([""]).str.contains(node.text())
    except pl.exceptions.ComputeError:
        raise node.wrong("it is no regular expression") from None
    return node.text()


def translated(found: pl.Expr, told: dict[str, Node]) -> pl.Expr:
    """Their values by ours; one that is not listed becomes `otherwise`, or stays where that is not said."""
    values = {name: value.text() for name, value in told["values"].names().items()}
    otherwise = pl.lit(told["otherwise"].text()) if "otherwise" in told else found
    return found.replace_strict(list(values), list(values.values()), default=otherwise, return_dtype=pl.String)


def problem(text: str) -> FileProblem:
    return FileProblem("the mapping", text)
