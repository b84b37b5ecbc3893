"""The page on top of the packet that follows a comprehensive medication review."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from letters.documents.parts import STANDARD_NAMES, Letterhead, PageNames, Recipient, Section
from letters.documents.revisions import CURRENT, TemplateRevision
from mtm.lib.ui import long_date


@dataclass(frozen=True)
class CoverLetter:
    template: ClassVar[str] = "letters/documents/letter.html"

    letterhead: Letterhead
    recipient: Recipient
    prepared_on: date
    reviewed_on: date
    pharmacist: str
    credential: str = "PharmD"
    names: PageNames = STANDARD_NAMES
    copies_to: tuple[str, ...] = ()
    revision: TemplateRevision = CURRENT

    @property
    def title(self) -> str:
        return "Your medicine review"

    @property
    def greeting(self) -> str:
        return f"Dear {self.recipient.in_care_of or self.recipient.name}:"

    @property
    def opening(self) -> tuple[str, ...]:
        return (
            f"Thank you for talking with me on {long_date(self.reviewed_on)} about your health and your medicines. "
            "The talk was free. It does not change what your plan pays for.",
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        return (self._inside(), self._use(), self._questions())

    @property
    def signature(self) -> tuple[str, ...]:
        return ("Sincerely,", ", ".join(filter(None, (self.pharmacist, self.credential))), self.letterhead.plan_name)

    def _inside(self) -> Section:
        return Section(
            "What is in this packet",
            bullets=(
                f"{self.names.action_plan}: what we talked about and what you can do next.",
                f"{self.names.medication_list}: what you take, how you take it and why.",
            ),
        )

    def _use(self) -> Section:
        return Section(
            "How to use these pages",
            bullets=(
                "Bring them to your doctor, your drug store and the hospital.",
                "Share them with the people who help care for you.",
                "Write on them. Cross out what you stop and add what you start.",
                "Do not stop or change a medicine on your own. Ask your doctor first.",
            ),
        )

    def _questions(self) -> Section:
        return Section(
            "Questions, or something is wrong?",
            paragraphs=(f"{self.letterhead.contact} We will fix it and mail you new pages.",),
        )
