"""The first letter: you are in the program, here is what it does and how to say no."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from letters.documents.disposal import SafeDisposal
from letters.documents.parts import STANDARD_NAMES, Letterhead, PageNames, Recipient, Section
from letters.documents.revisions import TemplateRevision


@dataclass(frozen=True)
class WelcomeLetter:
    """Reasons are the plan's published criteria in plain words, one per line."""

    template: ClassVar[str] = "letters/documents/letter.html"
    revision: ClassVar[TemplateRevision | None] = None

    letterhead: Letterhead
    recipient: Recipient
    prepared_on: date
    reasons: tuple[str, ...]
    signer: str
    disposal: SafeDisposal | None = None
    names: PageNames = STANDARD_NAMES
    copies_to: tuple[str, ...] = ()
    program: str = "Medication Therapy Management"
    minutes: int = 30
    by_phone: bool = True

    @property
    def title(self) -> str:
        return "A free medicine check-up for you"

    @property
    def greeting(self) -> str:
        return f"Dear {self.recipient.in_care_of or self.recipient.name}:"

    @property
    def opening(self) -> tuple[str, ...]:
        return (
            f"You can now get free help with your medicines. The program is called {self.program}.",
            "You do not have to sign up. It does not change what your plan pays for, and you can say no at any time.",
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        disposal = self.disposal.sections if self.disposal else ()
        return (self._why(), self._get(), self._next(), self._trust(), *disposal)

    @property
    def signature(self) -> tuple[str, ...]:
        return ("Sincerely,", self.signer, self.letterhead.plan_name)

    def _why(self) -> Section:
        return Section("Why you got this letter", bullets=self.reasons)

    def _get(self) -> Section:
        by_phone = ", by phone" if self.by_phone else ""
        return Section(
            "What you get",
            bullets=(
                f"A talk with a pharmacist once a year{by_phone}. It takes about {self.minutes} minutes.",
                f"Two pages in the mail after the talk: a {self.names.action_plan} and a {self.names.medication_list}.",
                "A check of your drugs every three months. We call or write if we find a problem.",
            ),
        )

    def _next(self) -> Section:
        return Section(
            "What to do next",
            paragraphs=(
                f"{self.letterhead.contact} Pick a time that works for you. Have all your bottles near you.",
                "Do not want this help? Call the same number and tell us. Your drug plan stays the same.",
            ),
        )

    def _trust(self) -> Section:
        return Section(
            "Is a call from us real?",
            paragraphs=(
                "We never ask for money, a bank number or a Social Security number. "
                "If you are not sure, hang up and call the number on your plan card.",
            ),
        )
