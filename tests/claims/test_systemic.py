"""A product that acts where it is put is told from one that the whole body takes, by the dose form of its name."""

from pathlib import Path

import pytest

from claims.directory.flattened import load_flattened
from claims.models import DrugProduct
from tests.claims.test_reference import DAY, directory

NDC = "00000000001"
LOCAL = [
    "diclofenac sodium 1 % Topical Gel",
    "diclofenac sodium 0.01 MG/MG Topical Gel [Voltaren]",
    "diclofenac epolamine 0.013 MG/MG Medicated Patch",
    "lidocaine 0.05 MG/MG Medicated Patch [Lidoderm]",
    "ketorolac tromethamine 5 MG/ML Ophthalmic Solution",
    "ciprofloxacin 3 MG/ML / dexamethasone 1 MG/ML Otic Suspension",
    "estradiol 0.1 MG/GM Vaginal Cream",
    "fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray",
    "hydrocortisone 10 MG/ML RECTAL FOAM",
    "ketoconazole 20 MG/ML Medicated Shampoo",
    "chlorhexidine gluconate 1.2 MG/ML Mouthwash",
]
SYSTEMIC = [
    "diclofenac sodium 75 MG Delayed Release Oral Tablet",
    "1 ML ketorolac tromethamine 30 MG/ML Injection",
    "72 HR fentanyl 0.025 MG/HR Transdermal System",
    "168 HR clonidine 0.1 MG/DAY Transdermal Patch",
    "ketorolac tromethamine 15.75 MG/ACTUAT Metered Dose Nasal Spray [Sprix]",
    "testosterone 0.01 MG/MG Topical Gel",
    "nitroglycerin 0.02 MG/MG Topical Ointment",
    "{1 (clotrimazole 10 MG/ML Vaginal Cream) / 1 (fluconazole 150 MG Oral Tablet) } Pack",
    "Nasalin 5 MG Tablet",
]


def load(tmp_path: Path, label: str) -> bool:
    load_flattened(directory(tmp_path / "ndc.csv.gz", f"{NDC},1,SCD,{label},3355,Diclofenac"), DAY)
    return DrugProduct.objects.get(ndc=NDC).systemic


@pytest.mark.parametrize("label", LOCAL)
def test_what_acts_where_it_is_put_is_not_systemic(label: str, db: None, tmp_path: Path) -> None:
    assert not load(tmp_path, label)


@pytest.mark.parametrize("label", SYSTEMIC)
def test_what_reaches_the_whole_body_is_systemic(label: str, db: None, tmp_path: Path) -> None:
    assert load(tmp_path, label)


def test_loading_a_corrected_name_corrects_the_product(db: None, tmp_path: Path) -> None:
    assert load(tmp_path, SYSTEMIC[0])
    assert not load(tmp_path, LOCAL[0])
    assert load(tmp_path, SYSTEMIC[0])
