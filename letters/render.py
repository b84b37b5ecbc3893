"""Letters as HTML for the screen and as tagged PDF (PDF/UA-1) for paper; nothing is fetched from anywhere."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from letters.documents.text import printable

# A language is offered when all fixed text of the letters exists in it.
LANGUAGES = ("en",)
PACKAGED = {".css", ".woff2"}


class RefusedUrl(ValueError):
    pass


class ExpiredRevision(ValueError):
    pass


def render_html(document: Any, *, language: str = "en", preview: bool = False) -> str:
    """A whole page; a preview links our style sheet and tells staff about the template's revision."""
    return _page(document, language, preview=preview, stylesheet=static("css/letter.css") if preview else "")


def render_fragment(document: Any) -> str:
    """The letter's body alone, to show inside an element of class "letter" on a staff page."""
    return render_to_string("letters/documents/parts.html", {"parts": _parts(printable(document))})


def render_pdf(document: Any, *, language: str = "en", allow_expired: bool = False) -> bytes:
    if not allow_expired:
        refuse_expired(document)
    return html_to_pdf(_page(document, language))


def html_to_pdf(html: str, **options: Any) -> bytes:
    fonts, styles = _shared()
    page = HTML(string=html, url_fetcher=PackagedOnly(), base_url=static_folder().as_uri())
    pdf: bytes = page.write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1", **options)
    return pdf


def document_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def refuse_expired(document: Any) -> None:
    """A form past its OMB date is not printed unless a person decides so."""
    revision = document.revision
    if revision and document.prepared_on and revision.expired(document.prepared_on):
        raise ExpiredRevision(f"Revision {revision.code} expired on {revision.expires_on}; add the new revision first.")


class PackagedOnly(URLFetcher):
    """Fetches our own style sheets and fonts from the static folder; every other address is refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        path = _packaged_path(url)
        return URLFetcherResponse(url, path.read_bytes())


def static_folder() -> Path:
    return Path(settings.BASE_DIR) / "static"


def _packaged_path(url: str) -> Path:
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    inside = path.is_relative_to(static_folder().resolve())
    if parts.scheme != "file" or parts.netloc or not inside or path.suffix not in PACKAGED:
        raise RefusedUrl(f"A letter may not load {url!r}.")
    return path


def _page(document: Any, language: str, *, preview: bool = False, stylesheet: str = "") -> str:
    if language not in LANGUAGES:
        raise ValueError(f"Letters are not written in {language!r} yet.")
    document = printable(document)
    context = {
        "parts": _parts(document),
        "title": document.title,
        "revision": document.revision,
        "language": language,
        "preview": preview,
        "stylesheet": stylesheet,
    }
    return render_to_string("letters/documents/page.html", context)


def _parts(document: Any) -> tuple[Any, ...]:
    return getattr(document, "parts", (document,))


@cache
def _shared() -> tuple[FontConfiguration, CSS]:
    """Reading fonts and styles costs more than a letter does, so each process reads them once."""
    fonts = FontConfiguration()
    return fonts, CSS(static_folder() / "css" / "letter.css", font_config=fonts, url_fetcher=PackagedOnly())
