"""A browser without a screen: cookies, redirects, Django's form token. Enough to walk through the pages."""

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

TOKEN = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')
SIGN_IN = "/account/login/"


@dataclass(frozen=True)
class Answer:
    status: int
    url: str
    body: bytes

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    @property
    def text(self) -> str:
        """What a person would read, entities resolved."""
        return html.unescape(self.body.decode("utf-8", "replace"))


class Visitor:
    def __init__(self, site: str):
        self.site = site
        # Not through a proxy of the environment: the site is on this machine.
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self._url(path)))

    def post(self, path: str, *, form_on: str, **fields: str) -> Answer:
        """Send a form as the page that shows it would, token and all."""
        token = TOKEN.search(self.get(form_on).text)
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token.group(1) if token else ""})
        request = urllib.request.Request(self._url(path), data.encode(), {"Referer": self._url(form_on)})
        return self._open(request)

    def sign_in(self, email: str, password: str) -> Answer:
        """The page this leads to; the sign-in page again, if it was refused."""
        return self.post(SIGN_IN, form_on=SIGN_IN, login=email, password=password)

    def _url(self, path: str) -> str:
        return urllib.parse.urljoin(self.site, path)

    def _open(self, request: urllib.request.Request) -> Answer:
        """An error page is an answer like any other."""
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.read())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, answer.url, answer.read())
