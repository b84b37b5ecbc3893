from io import BytesIO

import page
import pikepdf
import pypdfium2

from letters.blank import BLANK_ROWS, blank_medication_list


def fields():
    with pikepdf.open(BytesIO(blank_medication_list())) as pdf:
        return [(str(field.T), str(field.get("/TU", ""))) for field in pdf.Root.AcroForm.Fields]


def test_the_blank_list_passes_every_pdf_ua_rule():
    report = page.validate_pdf_bytes(blank_medication_list(), profile="ua1")
    assert report.is_compliant, str(report)


def test_every_field_has_a_name_of_its_own_and_a_spoken_name():
    names = [name for name, _ in fields()]
    assert len(names) == len(set(names)) == 3 + 4 * BLANK_ROWS + 4
    assert all(spoken for _, spoken in fields())
    assert ("row-1-1", "Medication, row 1") in fields()


def test_the_blank_list_asks_what_the_filled_one_tells_and_names_nobody():
    with pypdfium2.PdfDocument(blank_medication_list()) as pdf:
        assert len(pdf) == 2
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    for words in ("Medication", "How I take it", "Why I use it", "Prescriber", "Allergies", "Side effects I have had"):
        assert words in text
    assert "None that I know of" not in text


def test_the_blank_list_carries_the_name_its_plan_uses():
    with pypdfium2.PdfDocument(blank_medication_list("Personal Medication List")) as pdf:
        assert "Personal Medication List" in pdf[0].get_textpage().get_text_range()


def test_the_blank_list_is_made_once_and_always_the_same():
    first = blank_medication_list()
    assert blank_medication_list() is first
    blank_medication_list.cache_clear()
    assert blank_medication_list() == first
