import page
import pypdfium2

from letters.sample import sample_medication_list


def text_of(content):
    with pypdfium2.PdfDocument(content) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def test_the_sample_passes_every_pdf_ua_rule():
    report = page.validate_pdf_bytes(sample_medication_list("Personal Medication List"), profile="ua1")
    assert report.is_compliant, str(report)


def test_the_sample_says_that_it_is_one_and_is_of_nobody():
    said = text_of(sample_medication_list("Personal Medication List"))
    assert "Sample Personal Medication List" in said
    assert "not a real member" in said
    assert "This is a sample." in said


def test_the_sample_lists_drugs_with_and_without_a_prescription():
    said = text_of(sample_medication_list("Medication List"))
    assert "Metformin 500 mg tablet" in said
    assert "bought without a prescription" in said


def test_the_sample_is_made_once_and_always_the_same():
    first = sample_medication_list("Medication List")
    assert sample_medication_list("Medication List") is first
    sample_medication_list.cache_clear()
    assert sample_medication_list("Medication List") == first
