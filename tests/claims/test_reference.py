"""The shipped tables load once, change when their file changes, and keep a source for every row."""

import csv
import gzip
import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.directory.flattened import load_flattened
from claims.directory.keeping import Kept
from claims.ingest.problems import FileProblem
from claims.models import (
    Condition,
    ConditionCode,
    DrugProduct,
    Ingredient,
    IngredientName,
    Interaction,
    ReferenceTable,
    ValueSet,
)
from claims.reference_tables import FOLDER, LOADERS, load_all, load_table

DAY = date(2026, 11, 20)


def test_loading_again_changes_nothing(db: None) -> None:
    before = {table.name: table.loaded_at for table in ReferenceTable.objects.all()}
    assert set(before) == set(LOADERS)
    assert load_all() == {}
    assert {table.name: table.loaded_at for table in ReferenceTable.objects.all()} == before


def test_a_changed_file_is_loaded_and_replaces_what_it_says(db: None, tmp_path: Path) -> None:
    text = (FOLDER / "conditions.csv").read_text().replace("E08;E09;E10;E11;E13", "E10;E11")
    (tmp_path / "conditions.csv").write_text(text)
    assert load_table("conditions", tmp_path / "conditions.csv") == Condition.objects.count()
    codes = ConditionCode.objects.filter(condition__code="DIABETES", system="10")
    assert sorted(codes.values_list("prefix", flat=True)) == ["E10", "E11"]


def test_every_row_has_its_source(db: None) -> None:
    for model in (Ingredient, IngredientName, ValueSet, Interaction, Condition):
        assert not model.objects.filter(source="").exists(), model


def test_every_file_of_the_folder_is_loaded(db: None) -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {*LOADERS}


def records(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / f"{name}.csv").read_text().splitlines()))


@pytest.mark.parametrize("name", ["sets", "classes"])
def test_the_members_of_a_set_are_known_ingredients(db: None, name: str) -> None:
    known = {row["ingredient"].lower() for row in records("drugs")}
    rows = records(name)
    unknown = {m.strip().lower() for row in rows for m in row["members"].split(";") if m.strip()} - known
    assert len(unknown) <= 5, unknown


def directory(path: Path, *rows: str) -> Path:
    header = "ndc11,rxcui,tty,name,in_rxcui,in_name\n"
    with gzip.open(path, "wt") as file:
        file.write(header + "\n".join(rows) + "\n")
    return path


def test_an_ndc_directory_maps_products_to_the_ingredients_we_know(db: None, tmp_path: Path) -> None:
    metformin = Ingredient.objects.get(name="metformin")
    rows = (
        f"00000000001,1,SCD,metformin 500 MG Oral Tablet,{metformin.rxcui},Metformin",
        f"00000000002,2,SBD,Both [Brand],{metformin.rxcui}|999999,Metformin|Newdrug",
    )
    path = directory(tmp_path / "ndc.csv.gz", *rows)
    assert load_flattened(path, DAY) == Kept(products=2, new_ingredients=1, without_ingredients=0, skipped=0)
    both = DrugProduct.objects.get(ndc="00000000002")
    assert both.is_brand
    assert sorted(both.ingredients.values_list("name", flat=True)) == ["metformin", "newdrug"]
    assert load_flattened(path, DAY).new_ingredients == 0


def test_a_directory_with_another_header_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "ndc.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileProblem, match="line 1, column 1: the header has no ndc11"):
        load_flattened(tmp_path / "ndc.csv", DAY)


def test_a_corrected_directory_replaces_the_ingredients_of_the_ndcs_it_names(db: None, tmp_path: Path) -> None:
    metformin, glipizide = (Ingredient.objects.get(name=name) for name in ("metformin", "glipizide"))
    wrong = f"00000000001,1,SCD,Tablet,{metformin.rxcui}|{glipizide.rxcui},Metformin|Glipizide"
    other = f"00000000002,1,SCD,Tablet,{glipizide.rxcui},Glipizide"
    load_flattened(directory(tmp_path / "old.csv.gz", wrong, other), DAY)
    right = directory(tmp_path / "new.csv.gz", f"00000000001,1,SCD,Tablet,{metformin.rxcui},Metformin")
    load_flattened(right, DAY)
    assert list(DrugProduct.objects.get(ndc="00000000001").ingredients.all()) == [metformin]
    assert list(DrugProduct.objects.get(ndc="00000000002").ingredients.all()) == [glipizide]
    table = ReferenceTable.objects.get(name="ndc directory")
    assert (table.version, table.rows) == (hashlib.sha256(right.read_bytes()).hexdigest(), 1)


GOOD = "ndc11,rxcui,tty,name,in_rxcui,in_name\n00000000001,1,SCD,Tablet,6809,Metformin\n"
DAMAGED = {
    "a cut-off gz": ("ndc.csv.gz", gzip.compress(GOOD.encode())[:-12], "cut off or damaged"),
    "a gz that is none": ("ndc.csv.gz", GOOD.encode(), "it cannot be read"),
    "a spoiled gz": ("ndc.csv.gz", gzip.compress(GOOD.encode())[:10] + b"\x07" * 80, "cut off or damaged"),
    "cp1252": ("ndc.csv", GOOD.replace("Tablet", "Tabl\xe9t").encode("cp1252"), "byte 0xE9 is not utf-8"),
    "lists of different length": ("ndc.csv", GOOD.replace("6809", "6809|1").encode(), "line 2, column 5: 2 codes"),
    "a short line": (
        "ndc.csv",
        GOOD.encode() + b"00000000002,1\n",
        "line 3, column 3: there are 2 fields instead of 6",
    ),
    "a long code": (
        "ndc.csv",
        GOOD.replace("6809", "6" * 13).encode(),
        "line 2, column 5: a code in in_rxcui is too long",
    ),
    "a NUL byte": ("ndc.csv", GOOD.replace("Tablet", "Tab\0let").encode(), "NUL"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_directory_gets_one_sentence_and_exit_2(
    db: None, tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, words = DAMAGED[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        call_command("load_reference", drugs=tmp_path / name)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said
    assert said.count("\n") == 1
    assert not ReferenceTable.objects.filter(name="ndc directory").exists()
