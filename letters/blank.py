"""The blank Medication List anyone may print or fill in on screen, without signing in."""

import re
from functools import cache
from io import BytesIO

import pikepdf

from letters.documents import MedicationList, PageNames
from letters.documents.parts import STANDARD_NAMES
from letters.render import html_to_pdf, render_html

BLANK_ROWS = 14
# WeasyPrint maps the glyph .notdef of form fonts to U+0000, which PDF/UA-1 (7.21.7) forbids.
NUL_MAPPING = re.compile(rb"<[0-9A-Fa-f]+>\s*<0000>\s*")


@cache
def blank_medication_list(title: str = STANDARD_NAMES.medication_list) -> bytes:
    """A fillable PDF, the same bytes every time."""
    form = MedicationList(
        letterhead=None,
        recipient=None,
        prepared_on=None,
        names=PageNames(medication_list=title),
        blank_rows=BLANK_ROWS,
        fillable=True,
    )
    return _without_nul_mappings(html_to_pdf(render_html(form), pdf_forms=True))


def _without_nul_mappings(content: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and b"beginbfchar" in (data := thing.read_bytes()):
                thing.write(_drop_nul(data))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _drop_nul(cmap: bytes) -> bytes:
    """Each dropped line also leaves the count in front of its block."""

    def block(match: re.Match[bytes]) -> bytes:
        kept, dropped = NUL_MAPPING.subn(b"", match[2])
        return b"%d beginbfchar%s" % (int(match[1]) - dropped, kept)

    return re.sub(rb"(\d+) beginbfchar(.*?)(?=endbfchar)", block, cmap, flags=re.S)
