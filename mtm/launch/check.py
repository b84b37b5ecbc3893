"""`demo --check`: sign in as everyone, open the main pages, run a sweep, print a letter; a table of what was seen."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from mtm.launch.visitor import SIGN_IN, Answer, Visitor

ANYONE = "anyone"
ROW = 'data-testid="{}-row"'
# Who opens which page, and what must be in it: words, or the mark of a row, for an empty list is no list seen.
# The one place to add a page.
PAGES = [
    (ANYONE, "/", ""),
    (ANYONE, "/healthz", ""),
    (ANYONE, "/blank-medication-list.pdf", "%PDF"),
    ("pharmacist", "/H0001/", "Today"),
    ("pharmacist", "/H0001/queue/", ROW.format("alert")),
    ("pharmacist", "/H0001/members/", ROW.format("member")),
    ("pharmacist", "/H0001/letters/", "Letters"),
    ("intern", "/H0001/queue/", ROW.format("alert")),
    ("intern", "/H0001/members/", ROW.format("member")),
    ("scheduler", "/H0001/calls/", ROW.format("call")),
    ("scheduler", "/H0001/calendar/", "Calendar"),
    ("administrator", "/H0001/criteria/", ROW.format("criteria")),
    ("administrator", "/H0001/sweeps/", "Sweeps"),
    ("administrator", "/H0001/loads/", ROW.format("load")),
    ("administrator", "/H0001/drugs/unmapped/", ROW.format("unmapped")),
    ("auditor", "/H0001/audit/", ROW.format("audit")),
]
# A list, and the address of the first thing on it, which is opened as well.
FIRST_OF = [
    ("the first alert", "/H0001/queue/", re.compile(r"/H0001/alerts/[0-9a-f-]{36}/(?=\")")),
    ("the first member’s chart", "/H0001/members/", re.compile(r"/H0001/members/[0-9a-f-]{36}/(?=\")")),
]
SWEEPS_PAGE, START_SWEEP = "/H0001/sweeps/", "/H0001/sweeps/start/"
SWEEPS_API = "/api/v1/plans/H0001/sweeps/"
SWEEP_SECONDS = 120
LETTER_SECONDS = 90
LETTERS_PAGE = "/H0001/letters/"
SWEEP_ROW = re.compile(r'data-testid="sweep-row".*?</tr>', re.DOTALL)
SWEPT = re.compile(r'data-label="Members"[^>]*>\s*([\d,]+)')
LETTER = re.compile(r"/H0001/letters/[0-9a-f-]{36}/pdf/")


@dataclass(frozen=True)
class Seen:
    who: str
    what: str
    result: str
    held: bool
    seconds: float


Visitors = dict[str, Visitor]


def run(site: str, accounts: dict[str, tuple[str, str]], first_page_seconds: float) -> bool:
    """Walk through all of it; true only if all held."""
    visitors: Visitors = {ANYONE: Visitor(site)}
    seen = [Seen(ANYONE, "first page after the start", f"{first_page_seconds:.1f} s", True, first_page_seconds)]
    for role, (email, password) in accounts.items():
        visitors[role] = Visitor(site)
        seen.append(_timed(role, "signs in", _sign_in, visitors[role], email, password))
    for role, path, words in PAGES:
        seen.append(_timed(role, path, _open, visitors, role, path, words))
    for what, path, link in FIRST_OF:
        seen.append(_timed("pharmacist", what, _first, visitors, path, link))
    seen.append(_timed("administrator", "a sweep, by the real worker", _sweep, visitors))
    seen.append(_timed("pharmacist", "a letter, as a PDF", _letter, visitors))
    letters = (LETTERS_PAGE, ROW.format("letter"))
    seen.append(_timed("pharmacist", "the list of letters", _open, visitors, "pharmacist", *letters))
    print(table(seen), flush=True)
    return all(row.held for row in seen)


def table(seen: list[Seen]) -> str:
    held = sum(row.held for row in seen)
    return "\n".join(["", *map(_line, seen), "", f"{held} of {len(seen)} held", ""])


def _line(row: Seen) -> str:
    return f"{'ok' if row.held else 'FAILED':<8}{row.who:<15}{row.what:<32}{row.seconds:6.1f} s  {row.result}"


def _sign_in(visitor: Visitor, email: str, password: str) -> tuple[bool, str]:
    answer = visitor.sign_in(email, password)
    return answer.status == 200 and answer.path != SIGN_IN, f"{email}, {answer.status} at {answer.path}"


def _open(visitors: Visitors, role: str, path: str, words: str) -> tuple[bool, str]:
    answer = visitors[role].get(path)
    if answer.status == 200 and answer.path != path:
        return False, f"was sent to {answer.url}"
    if words.lower() not in answer.text.lower():
        return False, f"{answer.status}, without {words}"
    return answer.status == 200, _size(answer)


def _first(visitors: Visitors, path: str, link: re.Pattern[str]) -> tuple[bool, str]:
    visitor = visitors["pharmacist"]
    found = link.search(visitor.get(path).text)
    if not found:
        return False, f"{path} leads to none"
    answer = visitor.get(found.group())
    return answer.status == 200 and answer.path == found.group(), _size(answer)


def _sweep(visitors: Visitors) -> tuple[bool, str]:
    """Start one with the button's own form, and wait until the newest says it is done."""
    administrator = visitors["administrator"]
    before = {sweep.get("id") for sweep in _sweeps(administrator)}
    answer = administrator.post(START_SWEEP, form_on=SWEEPS_PAGE, as_of=date.today().isoformat())
    if answer.status != 200:
        return False, f"starting it: {_size(answer)}"
    deadline, status = time.monotonic() + SWEEP_SECONDS, "never appeared"
    while status != "done" and time.monotonic() < deadline:
        time.sleep(0.25)
        status = next((sweep["status"] for sweep in _sweeps(administrator) if sweep.get("id") not in before), status)
    members = _members_of_newest(administrator.get(SWEEPS_PAGE).text)
    return status == "done" and members > 0, f"{status}, {members:,} members"


def _members_of_newest(page: str) -> int:
    """A sweep that looked at nobody is done, too; the page lists the newest first."""
    row = SWEEP_ROW.search(page)
    found = SWEPT.search(row.group()) if row else None
    return int(found.group(1).replace(",", "")) if found else 0


def _sweeps(administrator: Visitor) -> list[dict[str, Any]]:
    answer = administrator.get(SWEEPS_API)
    if answer.status != 200:
        raise LookupError(f"{SWEEPS_API}: {_size(answer)}")
    rows: list[dict[str, Any]] = json.loads(answer.body)["results"]
    return rows


def _letter(visitors: Visitors) -> tuple[bool, str]:
    """Letters are made by the worker after the start; the first ready one is taken."""
    deadline, found = time.monotonic() + LETTER_SECONDS, None
    while not found and time.monotonic() < deadline:
        time.sleep(0.25)
        found = LETTER.search(visitors["pharmacist"].get(LETTERS_PAGE).text)
    if not found:
        return False, "no letter on the page"
    answer = visitors["pharmacist"].get(found.group())
    return answer.body.startswith(b"%PDF"), _size(answer)


def _size(answer: Answer) -> str:
    return f"{answer.status}, {len(answer.body):,} bytes"


def _timed(who: str, what: str, act: Callable[..., tuple[bool, str]], *given: object) -> Seen:
    """One line of the table; whatever goes wrong is what was seen, and the walk goes on."""
    started = time.monotonic()
    try:
        held, result = act(*given)
    except Exception as error:
        held, result = False, f"{type(error).__name__}: {error}"
    return Seen(who, what, result, held, time.monotonic() - started)
