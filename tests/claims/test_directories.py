"""Drug directories in the layouts of RxNorm and the FDA: what they say of an NDC, whose word counts, and what is kept."""

import shutil
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from claims.directory.codes import eleven_digits
from claims.directory.fda import load_fda
from claims.directory.flattened import load_flattened
from claims.directory.names import load_names
from claims.directory.packages import form_in, units_in
from claims.directory.rxnorm import attributes, load_rxnorm
from claims.directory.substances import Substances
from claims.ingest.problems import FileProblem
from claims.models import DrugListing, DrugProduct, Ingredient, IngredientName, ReferenceTable

EXAMPLES = Path(__file__).parent / "examples"
RXNORM, FDA = EXAMPLES / "rxnorm", EXAMPLES / "fda"
DAY, LATER, EARLIER = date(2026, 11, 20), date(2026, 12, 20), date(2018, 4, 1)


def held(ndc: str) -> list[str]:
    return sorted(DrugProduct.objects.get(ndc=ndc).ingredients.values_list("name", flat=True))


def said(ndc: str, *fields: str) -> tuple[Any, ...]:
    return DrugProduct.objects.values_list(*fields).get(ndc=ndc)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Path, str, Callable[[str], str]], Path]:
    """A copy of a directory in which one file reads otherwise."""

    def make(folder: Path, name: str, change: Callable[[str], str]) -> Path:
        shutil.copytree(folder, tmp_path / folder.name, dirs_exist_ok=True)
        path = tmp_path / folder.name / name
        path.write_bytes(change(path.read_text(encoding="latin-1")).encode("latin-1"))
        return tmp_path / folder.name

    return make


@pytest.mark.parametrize(
    ("printed", "digits"),
    [
        ("0002-3229-30", "00002322930"),
        ("50242-041-21", "50242004121"),
        ("60575-4112-1", "60575411201"),
        ("60575-4112-01", "60575411201"),
        ("00002322930", "00002322930"),
        ("0002322930", ""),  # three codes could be meant
        ("0002-3229", ""),
        ("0002-3229-3O", ""),
        ("٠٠٠٢-٣٢٢٩-٣٠", ""),
        ("", ""),
    ],
)
def test_a_code_of_ten_digits_becomes_eleven_by_its_hyphens(printed: str, digits: str) -> None:
    assert eleven_digits(printed) == digits


@pytest.mark.parametrize(
    ("package", "units", "form"),
    [
        ("100 TABLET in 1 BOTTLE (0037-2250-10)", "100", "tablet"),
        ("3 BLISTER PACK in 1 CARTON (1-2-3)  > 10 TABLET, FILM COATED in 1 BLISTER PACK", "30", "tablet, film coated"),
        ("1 BOTTLE in 1 CARTON (1-2-3)  / 90 TABLET in 1 BOTTLE", "90", "tablet"),
        ("10 SYRINGE in 1 CARTON > .5 mL in 1 SYRINGE", "5.0", ""),
        ("1 KIT in 1 KIT *  59 mL in 1 BOTTLE", None, "kit"),
        ("a bottle", None, ""),
    ],
)
def test_a_package_says_how_much_it_holds(package: str, units: str | None, form: str) -> None:
    assert (units_in(package), form_in(package)) == (units, form)


def test_rxnorm_leads_from_the_code_to_the_ingredients(db: None) -> None:
    kept = load_rxnorm(RXNORM, DAY)
    assert (kept.products, kept.new_ingredients, kept.without_ingredients, kept.skipped) == (8, 3, 0, 1)
    assert held("99998000101") == held("99998001001") == ["examplin"]
    assert held("99998000201") == held("99998000401") == held("99998000501") == ["examplin", "sampletan"]
    assert said("99998000101", "strength", "form", "oral", "systemic") == ("500 MG", "Oral Tablet", True, True)
    assert said("99998000301", "form", "oral", "systemic") == ("Ophthalmic Solution", False, False)
    assert said("99998000601", "label") == ("sampletan 5 MG Oral Tablet",)  # obsolete, and in old claims
    assert Ingredient.objects.get(name="examplin").rxcui == "9000001"
    assert IngredientName.objects.get(name="examplin hydrochloride").ingredient.name == "examplin"


@pytest.mark.parametrize("printed", ["9998-0001-01", "99998-001-01", "99998-0001-1"])
def test_a_code_of_rxnorm_may_have_its_hyphens(
    db: None, changed: Callable[[Path, str, Callable[[str], str]], Path], printed: str
) -> None:
    folder = changed(RXNORM, "RXNSAT.RRF", lambda text: text.replace("|99998000101|", f"|{printed}|"))
    kept = load_rxnorm(folder, DAY)
    assert (kept.products, kept.skipped) == (8, 1)
    assert DrugProduct.objects.filter(ndc=eleven_digits(printed)).exists()


@pytest.mark.parametrize("name", ["RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"])
def test_an_empty_file_of_rxnorm_is_refused_by_its_name(
    db: None, changed: Callable[[Path, str, Callable[[str], str]], Path], name: str
) -> None:
    with pytest.raises(FileProblem, match=f"^{name}: the file is empty"):
        load_rxnorm(changed(RXNORM, name, lambda text: ""), DAY)


def test_an_end_of_marketing_that_is_no_day_is_counted(
    db: None, changed: Callable[[Path, str, Callable[[str], str]], Path]
) -> None:
    assert load_fda(FDA, DAY).bad_ends == 0
    kept = load_fda(
        changed(FDA, "package.txt", lambda text: text.replace("20200101\t\t", "20200101\t2023-13-45\t")), DAY
    )
    assert kept.bad_ends == 1
    assert str(kept).endswith(", 1 with an end of marketing that is no day")
    assert said(eleven_digits("9998-0001-01"), "marketed_until") == (None,)


def test_a_code_at_a_drug_and_at_its_brand_is_the_brand(db: None) -> None:
    load_rxnorm(RXNORM, DAY)
    assert said("99998001001", "label", "is_brand") == ("examplin hydrochloride 500 MG Oral Tablet [Exampla]", True)
    assert set(DrugProduct.objects.filter(is_brand=True).values_list("ndc", flat=True)) == {
        "99998001001",
        "99998000501",
    }


def test_the_rrf_folder_of_an_unpacked_release_is_found(db: None, tmp_path: Path) -> None:
    shutil.copytree(RXNORM, tmp_path / "rrf")
    assert load_rxnorm(tmp_path, DAY).products == 8


def test_the_fda_gives_strength_form_route_package_class_and_end(db: None) -> None:
    kept = load_fda(FDA, DAY)
    assert (kept.products, kept.new_ingredients, kept.without_ingredients, kept.skipped) == (6, 4, 1, 1)
    assert said("99998001101", "label", "is_brand", "strength", "form", "route", "oral") == (
        "novelstat sodium and sampletan 20 mg / 10 mg tablet [Trialto]", True, "20 mg / 10 mg", "tablet", "oral", True,
    )  # fmt: skip
    assert said("99998001101", "package_size", "marketed_until") == (Decimal(30), date(2027, 12, 31))
    assert said("99998001102", "package_size", "marketed_until") == (Decimal(90), date(2026, 11, 30))
    assert said("99998001101", "epc") == ("Novel Inhibitor; Sample Blocker",)
    assert said("99998001201", "label", "systemic", "is_brand") == (
        'potassium examplate 1 g/100g cream [Trial "Soft" Cream]', False, False,
    )  # fmt: skip
    assert said("99998001305", "label", "systemic", "is_brand") == ("Sampletan 5 mg/mL solution/ drops", False, False)
    assert held("99998001101") == ["novelstat", "sampletan"]  # of what nobody knew the name without its salt
    assert held("99998001201") == ["potassium examplate"]  # where the salt is the substance
    assert held("99998001401") == []


@pytest.mark.parametrize("first", ["rxnorm", "fda"])
def test_rxnorm_says_what_a_code_holds_whichever_comes_first(
    db: None, first: str, changed: Callable[..., Path]
) -> None:
    """The FDA's product of the same code adds route and package; its other codes come in beside."""
    same_code = changed(FDA, "package.txt", lambda text: text.replace("99998-011-02", "99998-0001-01"))
    steps = [lambda: load_rxnorm(RXNORM, DAY), lambda: load_fda(same_code, DAY)]
    for step in steps if first == "rxnorm" else reversed(steps):
        step()
    assert held("99998000101") == ["examplin"]
    assert said("99998000101", "label", "form", "strength")[1:] == ("Oral Tablet", "500 MG")
    assert said("99998000101", "route", "package_size") == ("oral", Decimal(90))
    assert held("99998001101") == ["novelstat", "sampletan"]
    assert DrugListing.objects.filter(product__ndc="99998000101").count() == 2


@pytest.mark.parametrize("first", ["flattened", "fda"])
def test_what_the_better_directory_does_not_give_is_taken_from_the_other(db: None, tmp_path: Path, first: str) -> None:
    path = tmp_path / "ndc.csv"
    path.write_text(
        "ndc11,rxcui,tty,name,in_rxcui,in_name\n99998001305,1,SCD,sampletan 5 MG/ML Ophthalmic Solution,9,sampletan\n"
    )
    steps = [lambda: load_flattened(path, DAY), lambda: load_fda(FDA, DAY)]
    for step in steps if first == "flattened" else reversed(steps):
        step()
    assert said("99998001305", "label", "strength", "form", "route") == (
        "sampletan 5 MG/ML Ophthalmic Solution", "5 mg/mL", "solution/ drops", "ophthalmic",
    )  # fmt: skip


def test_a_salt_that_rxnorm_knows_is_its_ingredient_to_the_fda(db: None) -> None:
    load_rxnorm(RXNORM, DAY)
    assert load_fda(FDA, DAY).new_ingredients == 2
    assert held("09998000101") == ["examplin"]


def test_a_code_that_is_dropped_stays_with_the_day_it_was_last_named(db: None, changed: Callable[..., Path]) -> None:
    load_rxnorm(RXNORM, DAY)
    fewer = changed(RXNORM, "RXNSAT.RRF", lambda text: text.replace("99998000201", "99998000209"))
    load_rxnorm(fewer, LATER)
    seen = dict(DrugListing.objects.values_list("product__ndc", "last_seen_on"))
    assert (seen["99998000201"], seen["99998000101"], seen["99998000209"]) == (DAY, LATER, LATER)
    assert held("99998000201") == ["examplin", "sampletan"]
    assert said("99998000101", "listings__first_seen_on") == (DAY,)


def test_an_older_release_adds_what_was_known_then_and_overrules_nothing(
    db: None, changed: Callable[..., Path]
) -> None:
    load_rxnorm(RXNORM, DAY)
    older = changed(RXNORM, "RXNREL.RRF", lambda text: text.replace("consists_of", "once_was"))
    sat = older / "RXNSAT.RRF"
    sat.write_text(sat.read_text().replace("99998000301", "99998000309"))
    load_rxnorm(older, EARLIER)
    assert held("99998000101") == ["examplin"]
    assert said("99998000101", "listings__first_seen_on", "listings__last_seen_on") == (EARLIER, DAY)
    assert said("99998000309", "listings__last_seen_on") == (EARLIER,)


def test_names_give_ingredients_only_where_all_of_them_are_known(db: None, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "NDC_CODE\tNDC_NAME\n"
        "NDC:99998002101\tSomebrand (Metformin Hydrochloride and Glipizide) 60 TABLET in 1 BOTTLE (99998-021-01)\n"
        'NDC:99998002201\t"SERUM X (SERUM OF X (HUMAN)) 1 VIAL in 1 CARTON (99998-022-01)  > 2 mL in 1 VIAL"\n'
        "NDC:99998002301\tno brackets at all\n"
    )
    kept = load_names(path, DAY)
    assert (kept.products, kept.new_ingredients, kept.without_ingredients) == (3, 0, 2)
    assert held("99998002101") == ["glipizide", "metformin"]
    assert said("99998002101", "label", "oral") == ("Metformin Hydrochloride and Glipizide tablet [Somebrand]", True)
    assert said("99998002201", "label", "package_size") == ("SERUM OF X (HUMAN)  [SERUM X]", Decimal(2))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Metformin Hydrochloride", ["metformin"]),
        ("hydrocodone bitartrate and acetaminophen", ["hydrocodone", "acetaminophen"]),
        ("timolol maleate", ["timolol"]),  # known to us as timolol ophthalmic
        ("potassium chloride", ["potassium chloride"]),
        ("insulin, regular, human", ["insulin regular"]),
        ("metformin and unheardofstat", []),
        ("potassium unheardofate", []),
        ("", []),
    ],
)
def test_a_label_s_words_lead_to_the_ingredients_we_know(db: None, text: str, names: list[str]) -> None:
    assert Substances().listed(text) == names


@pytest.mark.parametrize(
    ("label", "ingredient"),
    [
        ("timolol 5 MG/ML Ophthalmic Solution", "timolol ophthalmic"),
        ("timolol maleate 10 MG Oral Tablet", "timolol"),
        ("fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray", "fluticasone nasal"),
        ("120 ACTUAT fluticasone propionate 0.11 MG/ACTUAT Metered Dose Inhaler", "fluticasone inhaled"),
        ("fluticasone propionate 0.5 MG/ML Topical Cream", "fluticasone"),
        ("budesonide 9 MG Extended Release Oral Tablet", "budesonide systemic"),
        ("budesonide 0.25 MG/ML Inhalation Suspension", "budesonide inhaled"),
        ("lidocaine 0.05 MG/MG Medicated Patch", "lidocaine topical"),
        ("lidocaine hydrochloride 10 MG/ML Injectable Solution", "lidocaine"),
        ("hydrocortisone 10 MG/ML Topical Lotion", "hydrocortisone topical"),
        ("hydrocortisone 10 MG Oral Tablet", "hydrocortisone"),
        ("pilocarpine hydrochloride 5 MG Oral Tablet", "pilocarpine oral"),
    ],
)
def test_one_substance_is_told_apart_by_where_the_product_acts(
    db: None, changed: Callable[..., Path], label: str, ingredient: str
) -> None:
    name = ingredient.split()[0]
    code = Ingredient.objects.filter(name__startswith=name).exclude(rxcui="").values_list("rxcui", flat=True)[0]
    folder = changed(
        RXNORM,
        "RXNCONSO.RRF",
        lambda text: text.replace("examplin hydrochloride 500 MG Oral Tablet|", f"{label}|").replace(
            "|examplin|", f"|{name}|"
        ),
    )
    for path in folder.iterdir():
        path.write_text(path.read_text().replace("9000001|", f"{code}|"))
    load_rxnorm(folder, DAY)
    assert held("99998000101") == [ingredient]


DAMAGED = {
    "no such folder": ("rxnorm", "", str, "there is no such file"),
    "a concept cut off": ("rxnorm", "RXNCONSO.RRF", lambda t: t[:-40], "RXNCONSO.RRF, line 21, column 16: there are 15"),
    "a relation with a field too many": (
        "rxnorm", "RXNREL.RRF", lambda t: t.replace("|RO|", "|RO||", 1), "RXNREL.RRF, line 1, column 18: there are 18",
    ),
    "an attribute in another code page": (
        "rxnorm", "RXNSAT.RRF", lambda t: t.replace("500 MG", "500 \xb5g", 1), "RXNSAT.RRF, line 11, column 68: byte 0xB5",
    ),
    "a NUL byte": ("rxnorm", "RXNSAT.RRF", lambda t: "\0" + t, "RXNSAT.RRF, line 1, column 1: there is a NUL byte"),
    "a very long line": ("rxnorm", "RXNSAT.RRF", lambda t: "x" * 200_000 + t, "RXNSAT.RRF, line 1, column 1: the line"),
    "another header": (
        "fda", "product.txt", lambda t: t.replace("ROUTENAME", "ROUTE"), "product.txt, line 1, column 1: the header has no R",
    ),
    "a short package": (
        "fda", "package.txt", lambda t: t + "x\ty\r\n", "package.txt, line 9, column 3: there are 2 fields instead of 8",
    ),
    "a byte of no code page": (
        "fda", "product.txt", lambda t: t.replace("Trialto", "Tri\x81lto"), "product.txt, line 3, column 50: byte 0x81",
    ),
    "an empty file": ("fda", "product.txt", lambda t: "", "product.txt: the file is empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_directory_is_refused_with_its_place_and_leaves_nothing(
    db: None, tmp_path: Path, changed: Callable[..., Path], case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also what another directory gave in the same run."""
    option, name, change, words = DAMAGED[case]
    folder = changed({"rxnorm": RXNORM, "fda": FDA}[option], name, change) if name else tmp_path / "nowhere"
    good = {"fda": FDA} if option == "rxnorm" else {"rxnorm": RXNORM}
    with pytest.raises(SystemExit) as ended:
        call_command("load_reference", **good | {option: folder}, stdout=StringIO())
    printed = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in printed
    assert printed.count("\n") == 1
    assert not DrugProduct.objects.exists()
    assert not ReferenceTable.objects.filter(name__in=["rxnorm", "fda directory"]).exists()


def test_the_command_loads_several_directories_as_of_a_day(db: None) -> None:
    out = StringIO()
    call_command("load_reference", "--rxnorm", str(RXNORM), "--fda", str(FDA), "--as-of", "2026-11-20", stdout=out)
    assert "rxnorm: 8 products, 3 new ingredients" in out.getvalue()
    assert "fda: 6 products, 2 new ingredients" in out.getvalue()
    assert set(DrugListing.objects.values_list("last_seen_on", flat=True)) == {DAY}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "RXNSAT.RRF"
    path.write_text((RXNORM / "RXNSAT.RRF").read_text() * 4_000)
    tracemalloc.start()
    rows = sum(1 for _ in attributes(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (rows, path.stat().st_size > 3_000_000) == (13 * 4_000, True)
    assert peak < 500_000
