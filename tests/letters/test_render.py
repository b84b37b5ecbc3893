import re
import time
from dataclasses import replace
from datetime import date
from io import BytesIO

import page
import pikepdf
import pypdfium2
import pytest

from letters import render
from letters.documents import CURRENT, Topic
from tests.letters import samples

DOCUMENTS = {
    "cover": (samples.cover, 1),
    "action plan": (samples.action_plan, 1),
    "medication list": (samples.medication_list, 2),
    "welcome": (samples.welcome, 2),
    "packet": (samples.packet, 4),
}
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} {% now 'Y' %} \u202egnp.exe \U0001f48a </table>"


def text_of(content):
    with pypdfium2.PdfDocument(content) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def elements(node, kind):
    """Structure elements of a tagged PDF, in reading order."""
    for child in node.get("/K", []) if isinstance(node.get("/K"), pikepdf.Array) else [node.get("/K")]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            if kind == child.S:
                yield child
            yield from elements(child, kind)


@pytest.fixture(scope="module")
def pdfs():
    return {name: render.render_pdf(make()) for name, (make, _) in DOCUMENTS.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_letters_pass_every_pdf_ua_rule(pdfs, name):
    report = page.validate_pdf_bytes(pdfs[name], profile="ua1")
    assert report.is_compliant, str(report)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_letters_keep_to_their_number_of_pages(pdfs, name):
    with pypdfium2.PdfDocument(pdfs[name]) as pdf:
        assert len(pdf) == DOCUMENTS[name][1]


@pytest.mark.parametrize(("name", "tables"), [("action plan", 1), ("medication list", 1), ("packet", 2)])
def test_every_data_table_has_header_cells(pdfs, name, tables):
    with pikepdf.open(BytesIO(pdfs[name])) as pdf:
        found = list(elements(pdf.Root.StructTreeRoot, "/Table"))
        assert len(found) >= tables  # a table that runs over a page is tagged once on each page
        for table in found:
            assert list(elements(table, "/TH"))
        assert str(pdf.Root.Lang) == "en"


def test_the_packet_holds_every_word_in_reading_order(pdfs):
    text = text_of(pdfs["packet"])
    wanted = ["Dear Rosa Delgado-Whitfield:", "What we talked about", "What I should do", "Try acetaminophen first."]
    wanted += [
        "Medication List",
        *samples.DRUGS,
        "Penicillin: hives",
        "Side effects I have had",
        "My notes and questions",
    ]
    places = [text.find(words) for words in wanted]
    assert -1 not in places
    assert places[:4] == sorted(places[:4])
    assert places[5:17] == sorted(places[5:17])


def test_the_footer_prints_the_form_and_the_page(pdfs):
    text = text_of(pdfs["packet"])
    assert "Form CMS-10396" in text
    assert "OMB No. 0938-1154 (expires 07/2027)" in text
    assert "Page 4 of 4" in text
    assert "CMS-10396" not in text_of(pdfs["welcome"])


def test_staff_see_that_the_revision_is_unverified_and_members_do_not(pdfs):
    assert "unverified" in render.render_html(samples.cover(), preview=True)
    assert "unverified" not in render.render_html(samples.cover())
    assert "unverified" not in text_of(pdfs["packet"])


def test_the_same_letter_is_the_same_bytes(pdfs):
    again = render.render_pdf(samples.packet())
    assert render.document_hash(again) == render.document_hash(pdfs["packet"])


def test_an_expired_form_is_printed_only_on_purpose():
    old = samples.cover(revision=replace(CURRENT, expires_on=date(2026, 1, 31)))
    with pytest.raises(render.ExpiredRevision, match="2024"):
        render.render_pdf(old)
    assert render.render_pdf(old, allow_expired=True)


def test_a_language_without_wording_is_refused():
    with pytest.raises(ValueError, match="'es'"):
        render.render_pdf(samples.cover(), language="es")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.css",
        "https://example.org/x.woff2",
        "file:///etc/passwd",
        "file:///etc/x.css",
        "file://host/static/css/letter.css",
        "data:text/css,a{}",
        "ftp://example.org/x.css",
    ],
)
def test_nothing_outside_our_own_styles_and_fonts_is_fetched(url):
    with pytest.raises(render.RefusedUrl):
        render.PackagedOnly().fetch(url)


def test_a_path_that_climbs_out_of_the_static_folder_is_refused():
    inside = render.static_folder().as_uri()
    assert render.PackagedOnly().fetch(f"{inside}/css/letter.css").read()
    for climb in (f"{inside}/../mtm/settings.py", f"{inside}/%2e%2e/x.css", f"{inside}/img/favicon.svg"):
        with pytest.raises(render.RefusedUrl):
            render.PackagedOnly().fetch(climb)


def test_text_that_people_type_stays_text():
    document = samples.action_plan(topics=(Topic(HOSTILE, (HOSTILE,)),))
    html, content = render.render_html(document), render.render_pdf(document)
    assert "<img" not in html
    assert html.count("</table>") == 1
    text = text_of(content)
    assert "<img src=x onerror=alert(1)>" in text
    assert "{{7*7}}" in text
    assert "gnp.exe ?" in text
    assert page.validate_pdf_bytes(content, profile="ua1").is_compliant


def test_one_very_long_word_stays_on_the_paper():
    document = samples.medication_list(drugs=("x" * 300,))
    assert len(re.findall("x", text_of(render.render_pdf(document)))) >= 300


def test_a_packet_takes_less_than_two_seconds(pdfs):
    start = time.process_time()
    render.render_pdf(samples.packet())
    spent = time.process_time() - start
    print(f"packet of 4 pages: {spent:.3f} s CPU, {len(pdfs['packet'])} bytes")
    assert spent < 2


def test_a_fragment_shows_the_letter_without_a_page_around_it():
    html = render.render_fragment(samples.packet())
    assert "<html" not in html
    assert html.count('class="document"') == 3
