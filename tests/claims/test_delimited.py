"""Two ways of reading a block, one fast and one that can say what is wrong where: they never differ."""

import io
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.ingest import delimited
from claims.ingest.problems import FileProblem
from claims.ingest.source import Source

HEADER = "a|b|c"
# What trips readers: quotes, delimiters, line ends, marks of our own, other alphabets.
CHARACTERS = st.sampled_from("x1 |\"'\r\n\x00\x01é漢,\t\x1c\u00a0\u2003")
BODIES = st.lists(st.text(CHARACTERS, max_size=9), max_size=8).map("\n".join)


OUTER = [f"{blank}x y{blank}" for blank in delimited.BLANKS]


def read(path: Path, text: str, *, fast: bool) -> list[tuple[object, ...]] | str:
    """The rows, or what is wrong with the file."""
    path.write_bytes(text.encode())
    plain = delimited.as_plain if fast else lambda *given: None
    try:
        with patch.object(delimited, "as_plain", plain), patch.object(delimited, "BLOCK_BYTES", 12):
            found = list(delimited.tables(Source(path, "t.csv"), delimiters="|", required=("a", "c"), optional=("z",)))
            return [row for table, _ in found for row in table.select("a", "c", "z", "line").iter_rows()]
    except FileProblem as problem:
        return str(problem)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_fast_and_strict_reading_agree_on_any_text(tmp_path: Path, body: str) -> None:
    text = f"{HEADER}\n{body}\n"
    assert read(tmp_path / "t", text, fast=True) == read(tmp_path / "t", text, fast=False)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.sampled_from(["", "x", "é", " 1 ", *OUTER]), min_size=3, max_size=3), max_size=12))
def test_what_is_well_formed_is_read_as_it_stands(tmp_path: Path, rows: list[list[str]]) -> None:
    text = "\n".join([HEADER, *("|".join(row) for row in rows)]) + "\n"
    expected = [(row[0].strip(), row[2].strip(), "", line) for line, row in enumerate(rows, 2)]
    assert read(tmp_path / "t", text, fast=True) == expected


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("blank", delimited.BLANKS)
def test_each_blank_around_a_field_is_none_of_it_and_a_field_of_blanks_is_empty(
    tmp_path: Path, blank: str, fast: bool, codec: str
) -> None:
    if not blank.encode(codec, "ignore"):
        return
    row = f"{blank}1|2|x{blank}y{blank}\n{blank}|2|3\n"
    path = tmp_path / "t"
    path.write_text(f"{HEADER}\n{row}", encoding=codec)
    with patch.object(delimited, "as_plain", delimited.as_plain if fast else lambda *given: None):
        [(table, empty)] = delimited.tables(Source(path, "t", codec), delimiters="|", required=("a", "c"))
    assert (table.select("a", "c").rows(), empty) == ([("1", f"x{blank}y"), ("", "3")], 1)


def test_blanks_of_python_are_those_that_are_stripped() -> None:
    assert all(letter.strip() != letter for letter in delimited.BLANKS)
    assert {chr(n) for n in range(0x110000) if chr(n).isspace()} - set(delimited.BLANKS) == {"\r", "\n"}


def test_a_tab_within_quotes_is_stripped_though_tabs_part_the_fields(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text('a\tb\n"1\t"\t2\n')
    [(table, _)] = delimited.tables(Source(path, "t"), delimiters="\t", required=("a", "b"))
    assert table.rows() == [("1", "2", 2)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1|2\n", "line 2, column 3: 2 fields where the header has 3"),
        ("1|2|3\n1|2|3|4\n", "line 3, column 4: 4 fields where the header has 3"),
        ("1|2|3|4\n1|2\n", "line 2, column 4: 4 fields where the header has 3"),
        ("1|2|3\n\n", "line 3, column 1: 0 fields where the header has 3"),
    ],
)
def test_ragged_lines_are_refused_with_their_place(tmp_path: Path, body: str, words: str) -> None:
    assert words in str(read(tmp_path / "t", f"{HEADER}\n{body}", fast=True))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_may_end_as_on_windows(tmp_path: Path, end: str) -> None:
    assert read(tmp_path / "t", end.join([HEADER, "1|2|3", ""]), fast=True) == [("1", "3", "", 2)]


def test_a_line_may_end_with_its_delimiter_where_the_feed_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("a|b\n1|2\n3|4|\n")
    [(table, _)] = delimited.tables(Source(path, "t"), delimiters="|", required=("a", "b"), may_trail=True)
    assert table.rows() == [("1", "2", 2), ("3", "4", 3)]
    path.write_text("a|b\n3|4|5\n")
    with pytest.raises(FileProblem, match="3 fields where the header has 2"):
        list(delimited.tables(Source(path, "t"), delimiters="|", required=("a", "b"), may_trail=True))


def test_blanks_around_the_names_of_columns_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("a | b\n1|2\n")
    [(table, _)] = delimited.tables(Source(path, "t"), delimiters="|", required=("a",), optional=("b",))
    assert table.rows() == [("1", "2", 2)]


def test_a_header_of_one_letter_keeps_the_first_record(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("m\nA1\nA2\n")
    [(table, _)] = delimited.tables(Source(path, "t"), delimiters=",", required=("m",))
    assert table.rows() == [("A1", 2), ("A2", 3)]


def test_a_file_is_read_in_blocks_of_whole_lines() -> None:
    with patch.object(delimited, "BLOCK_BYTES", 5):
        assert list(delimited.blocks(io.BytesIO(b"1234\n56\n7\n"))) == [b"1234\n", b"56\n7\n"]


def test_the_most_frequent_delimiter_of_the_header_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("a,b|x,c\n1,2,3\n")
    [(table, _)] = delimited.tables(Source(path, "t"), delimiters="|,", required=("a", "c"))
    assert table.equals(pl.DataFrame({"a": ["1"], "c": ["3"], "line": [2]}, schema_overrides={"line": pl.Int64}))
